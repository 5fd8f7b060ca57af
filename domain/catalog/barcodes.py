"""The numbers under bar codes."""


def is_gtin(code: str) -> bool:
    """Say whether a code is an EAN, UPC or another GTIN: 8, 12, 13 or 14 digits of which the last checks the others."""
    if len(code) not in (8, 12, 13, 14) or not (code.isascii() and code.isdigit()):
        return False
    digits = [int(digit) for digit in reversed(code)]
    return (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0
