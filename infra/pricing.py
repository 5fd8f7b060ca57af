"""The price table, and a line of the bill."""

import json
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

TABLE = json.loads((Path(__file__).resolve().parent / "prices.json").read_text())

FREE: dict[str, Decimal] = {name: Decimal(amount) for name, (amount, _source) in TABLE["free"].items()}
"""What AWS gives every account, month by month."""


@dataclass(frozen=True)
class Line:
    """One line of the bill: so much of something, at so much each."""

    group: str
    about: str
    quantity: Decimal
    unit: str
    each: Decimal

    @property
    def amount(self) -> Decimal:
        return (self.quantity * self.each).quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def formula(self) -> str:
        return f"{plain(self.quantity, 3)} {self.unit} × {plain(self.each, 6)}"


def price(name: str) -> Decimal:
    """Return a price in USD by its name, or by the class of a machine; also the hours of a month."""
    if name == "hours":
        return Decimal(TABLE["hours"])
    for part in ("prices", "database_hour", "cache_hour"):
        if name in TABLE[part]:
            return Decimal(TABLE[part][name][0])
    raise KeyError(name)


def plain(number: Decimal, places: int) -> str:
    """Return a number as people write it, with at most so many places."""
    text = f"{number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def over(amount: Decimal, free: Decimal) -> Decimal:
    """Return what is left to pay for after the free part."""
    return max(amount - free, Decimal(0))
