"""Tax rates, and the class of goods that each is for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

STANDARD = "standard"
DELIVERY = "delivery"
"""The tax class of delivery, where a place has a rate of its own for it; else delivery is taxed as the goods are."""

CLASSES: dict[str, str] = {
    STANDARD: "Standard",
    "reduced": "Reduced",
    "second_reduced": "Second reduced",
    "super_reduced": "Super-reduced",
    "zero": "Zero",
    "books": "Books",
    "food": "Food",
    "children_clothing": "Children's clothing",
    DELIVERY: "Delivery",
}
"""The classes that a rate can be for, in words."""

GOODS_CLASSES: dict[str, str] = {name: words for name, words in CLASSES.items() if name != DELIVERY}
"""The classes that a product can be in."""

SCALE = 1_000
"""A rate has up to three decimals of a basis point: 6.625 % is 662.5."""


@dataclass(frozen=True, kw_only=True)
class Rate:
    """What a tax is called, and how high it is in basis points: 2300 is 23 %."""

    name: str
    basis_points: Decimal


NO_TAX = Rate(name="", basis_points=Decimal(0))
"""What is borne where the shop knows no rate: the tax there is not the shop's to collect."""


def rate_of(rates: Mapping[str, Rate], tax_class: str) -> Rate:
    """The rate of a class; a class without one of its own bears the standard rate, and without that there is no tax."""
    return rates.get(tax_class) or rates.get(STANDARD) or NO_TAX


def rates_from(rows: Iterable[Sequence[str]]) -> dict[str, Rate]:
    """The rates by class that hold at a place, out of rows of region, class, name and basis points.

    A region that has rates of its own has these alone: those of its country are not for it.
    """
    found = [tuple(row) for row in rows]
    regional = [row for row in found if row[0]]
    return {
        tax_class: Rate(name=name, basis_points=Decimal(points)) for _, tax_class, name, points in regional or found
    }
