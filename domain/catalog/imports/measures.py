"""Reading how much is in a thing and for how much of that its price is told, in the units that other systems write."""

import re
from decimal import Decimal

from domain.catalog.imports.notes import BadValue
from domain.catalog.measure import UNITS

Measure = tuple[Decimal, str, Decimal]
_SPELLINGS = {
    "g": ("g", "1"), "gram": ("g", "1"), "grams": ("g", "1"), "mg": ("g", "0.001"), "kg": ("g", "1000"),
    "ml": ("ml", "1"), "cl": ("ml", "10"), "l": ("ml", "1000"), "liter": ("ml", "1000"), "litre": ("ml", "1000"),
    "cbm": ("ml", "1000000"), "m3": ("ml", "1000000"),
    "mm": ("cm", "0.1"), "cm": ("cm", "1"), "m": ("cm", "100"),
    "m²": ("m²", "1"), "m2": ("m²", "1"), "sqm": ("m²", "1"),
    "ct": ("piece", "1"), "item": ("piece", "1"), "piece": ("piece", "1"), "pieces": ("piece", "1"),
}  # fmt: skip
_USUAL = {"g": Decimal(1000), "ml": Decimal(1000), "cm": Decimal(100), "m²": Decimal(1), "piece": Decimal(1)}
"""What a price is told for where the file does not say: a kilogram, a litre, a metre, one."""
_WRITTEN = re.compile(r"\s*(\d+(?:[.,]\d+)?|[.,]\d+)\s*(\D.*?)\s*")
_MOST = 1_000_000_000
_STEP = Decimal("0.001")


def measure(content: str, base: str) -> Measure | None:
    """Read `400 g` and `1 kg` as 400, g, 1000; an empty base is the usual one. Raises BadValue."""
    if not content.strip():
        return None
    amount, unit = _amount(content)
    told_for, base_unit = _amount(base) if base.strip() else (_USUAL[unit], unit)
    if unit != base_unit:
        raise BadValue(f"“{content}” and “{base}” cannot be compared.", "Give both in units of the same kind.")
    return amount, unit, told_for


def _amount(text: str) -> tuple[Decimal, str]:
    found = _WRITTEN.fullmatch(text)
    unit, factor = _SPELLINGS.get(found.group(2).casefold(), ("", "0")) if found else ("", "0")
    if not found or not unit:
        raise BadValue(f"“{text}” is not a measure this shop knows.",
                       f"Write a number and one of: {', '.join(UNITS)}.")  # fmt: skip
    amount = (Decimal(found.group(1).replace(",", ".")) * Decimal(factor)).quantize(_STEP)
    if not 0 < amount < _MOST:
        raise BadValue(f"“{text}” is too little or too much.", "Check the measure and its unit.")
    return amount, unit
