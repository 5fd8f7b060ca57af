"""Reading what cells say: amounts exactly, weights, numbers, yes and no, days; what is unclear is refused."""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from babel.numbers import list_currencies

from domain.catalog.imports.notes import BadValue
from domain.shared.money import divide_half_up, exponent

SIGNS = {"€": {"EUR"}, "£": {"GBP"}, "$": {"USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN"}, "¥": {"JPY", "CNY"},
         "zł": {"PLN"}, "kr": {"SEK", "NOK", "DKK", "ISK"}, "fr.": {"CHF"}}  # fmt: skip
GRAMS = {"g": "1", "gram": "1", "grams": "1", "kg": "1000", "kgs": "1000", "mg": "0.001", "lb": "453.59237",
         "lbs": "453.59237", "oz": "28.349523125"}  # fmt: skip
YES = frozenset({"1", "true", "yes", "y", "active", "continue", "notify", "ja", "oui", "t"})
NO = frozenset({"0", "-1", "false", "no", "n", "deny", "nein", "non", "f"})
HEAVIEST = 100_000_000
MOST = 1_000_000_000
_GROUPED = re.compile(r"\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?![\d])")
_PLAIN = re.compile(r"[0-9]{1,7}[.,][0-9]{2}")
_WORD = re.compile(r"[^\W\d_]{3,}")
_AMOUNT = re.compile(r"\d+(?:[.,]\d*)*|[.,]\d+")


def amount(text: str, currency: str) -> int:
    """Read an amount of money into minor units, exactly; raises BadValue for what can be read in two ways.

    `12.50`, `12,50`, `€12.50`, `12.50 EUR`, `1,234.56`, `1.234,56` and `1 234,56` are understood. `1.234`
    is not, as it may be a thousand or one and a bit.
    """
    bare, digits = text.strip(), exponent(currency)
    if _PLAIN.fullmatch(bare) and digits == 2:  # as nearly all are
        return int(bare[:-3] + bare[-2:])
    for word in _WORD.findall(bare):
        code = word.upper()
        if code != currency and code in list_currencies():
            raise BadValue(f"“{text}” is in {code}, and this shop sells in {currency}.",
                           f"Give the price in {currency}.")  # fmt: skip
        if code != currency:
            raise BadValue(f"“{text}” is not an amount.", "Write it like 12.50.")
        bare = bare.replace(word, "")
    for sign, currencies in SIGNS.items():
        if sign in bare.lower() and currency not in currencies:
            raise BadValue(
                f"“{text}” is not in {currency}, in which this shop sells.", f"Give the price in {currency}."
            )
        bare = re.sub(re.escape(sign), "", bare, flags=re.IGNORECASE)
    bare = re.sub(r"[.,][-–—]+$", "", bare.strip())
    if bare.startswith(("-", "−", "(")):
        raise BadValue(f"“{text}” is below zero.", "Give a price of zero or more.")
    bare = _GROUPED.sub(lambda found: re.sub(r"\D", "", found.group()), bare)
    if not _AMOUNT.fullmatch(bare):
        raise BadValue(f"“{text}” is not an amount.", "Write it like 12.50.")
    exact = _decimal(bare, text, digits).scaleb(digits)
    if exact != exact.to_integral_value():
        raise BadValue(f"“{text}” has more decimals than {currency} has.", f"Write it with at most {digits} decimals.")
    if exact > MOST:
        raise BadValue(f"“{text}” is more than the shop can count.", "Check the price.")
    return int(exact)


def _decimal(bare: str, text: str, digits: int) -> Decimal:
    """Find out which sign parts the decimals off; raises BadValue where both readings are possible."""
    unclear = BadValue(f"“{text}” can be read in two ways.", "Write thousands without a sign, as in 1234.56.")
    points, commas = bare.count("."), bare.count(",")
    if points and commas:
        mark = "." if bare.rfind(".") > bare.rfind(",") else ","
        other = "," if mark == "." else "."
        whole, _, part = bare.rpartition(mark)
        if bare.count(mark) > 1 or any(len(group) != 3 for group in whole.split(other)[1:]):
            raise unclear
        return Decimal(f"{whole.replace(other, '')}.{part or 0}")
    mark = "." if points else ","
    if points + commas > 1:
        groups = bare.split(mark)
        if not 1 <= len(groups[0]) <= 3 or any(len(group) != 3 for group in groups[1:]):
            raise unclear
        return Decimal("".join(groups))
    whole, _, part = bare.partition(mark)
    if len(part) == 3 and digits != 3 and whole not in ("", "0") and len(whole) <= 3:
        raise unclear
    return Decimal(f"{whole or 0}.{part or 0}")


def number(text: str) -> int:
    """Read a whole number, which a spreadsheet may have given decimals: `12`, `12.0`; raises BadValue."""
    try:
        exact = Decimal(text.strip().replace("\u00a0", "").replace(",", "."))
    except InvalidOperation:
        raise BadValue(f"“{text}” is not a number.", "Write a whole number such as 12.") from None
    if not exact.is_finite() or exact != exact.to_integral_value() or abs(exact) > MOST:
        raise BadValue(f"“{text}” is not a whole number that can be counted.", "Write a whole number such as 12.")
    return int(exact)


def grams(text: str, unit: str = "g") -> int:
    """Read a weight into grams, with its own unit or the given one; raises BadValue."""
    found = re.fullmatch(r"\s*(\d+(?:[.,]\d+)?|[.,]\d+)\s*([A-Za-z]*)\s*", text)
    factor = GRAMS.get((found.group(2) or unit).casefold()) if found else None
    if not found or not factor:
        raise BadValue(f"“{text}” is not a weight.", "Write a number, with g, kg, lb or oz behind it if need be.")
    exact = Decimal(found.group(1).replace(",", ".")) * Decimal(factor)
    if exact > HEAVIEST:
        raise BadValue(f"“{text}” is too heavy to be sent.", "Check the weight and its unit.")
    numerator, denominator = exact.as_integer_ratio()
    return divide_half_up(numerator, denominator)


def yes(text: str) -> bool | None:
    """Read yes or no; None for nothing; raises BadValue for anything else."""
    word = text.strip().casefold()
    if not word:
        return None
    if word in YES or word in NO:
        return word in YES
    raise BadValue(f"“{text}” is neither yes nor no.", "Write TRUE or FALSE, or 1 or 0.")


def moment(text: str, zone: ZoneInfo, *, ends: bool = False) -> datetime | None:
    """Read a day or a moment; a day that something ends on is over at the next midnight. Raises BadValue."""
    bare = text.strip()
    if not bare:
        return None
    found = None
    for read in _READINGS:
        try:
            found = read(bare)
        except ValueError:
            continue
        break
    if found is None:
        raise BadValue(f"“{text}” is not a date.", "Write it like 2026-01-31, or 2026-01-31T12:00+01:00.")
    whole_day = found.time() == time() and len(bare) <= 10
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    return found + timedelta(days=1) if ends and whole_day else found


_READINGS: tuple[Callable[[str], datetime], ...] = (
    datetime.fromisoformat,
    lambda text: datetime.strptime(text, "%Y-%m-%dT%H:%M%z"),
    lambda text: datetime.strptime(text, "%Y/%m/%d").replace(tzinfo=None),
    lambda text: datetime.strptime(text, "%d.%m.%Y").replace(tzinfo=None),
)


def words(text: str, separator: str = ",") -> list[str]:
    r"""Split a list at its separator, but not at `\,`; blanks and repeats are left out."""
    parts = re.split(rf"(?<!\\){re.escape(separator)}", text)
    kept = (part.replace(f"\\{separator}", separator).strip() for part in parts)
    return list(dict.fromkeys(part for part in kept if part))


def path_of(text: str) -> tuple[str, ...]:
    """Read `A > B > C` (or `A / B / C` with blanks around) as the way down to a category."""
    return tuple(step for step in (part.strip() for part in re.split(r">|\s/\s|›|»", text)) if step)
