"""Cells for CSV files that people open in a spreadsheet, which would run what looks like a formula."""

RISKY = (
    "=", "+", "-", "@", "\t", "\r", "\n",
    "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}", "\N{FULLWIDTH HYPHEN-MINUS}",
    "\N{FULLWIDTH COMMERCIAL AT}",
)  # fmt: skip
"""What a formula begins with, the wide signs of East Asian keyboards among them."""


def safe_cell(value: object) -> object:
    """Put a mark before a text that a spreadsheet would take for a formula; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value


def unguarded(cell: str) -> str:
    """Take off the mark that exports put before what a spreadsheet would take for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(RISKY) else cell
