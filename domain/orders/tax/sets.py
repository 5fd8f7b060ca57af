"""Sets of tax rates that come with the shop, as data files with their source and date."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, kw_only=True)
class SetRate:
    """What a class of goods bears at a place from a day on."""

    country: str
    region: str
    tax_class: str
    valid_from: date
    basis_points: Decimal


@dataclass(frozen=True, kw_only=True)
class TaxSet:
    """The rates of some countries, what the tax is called there, and where and when all this was read."""

    name: str
    title: str
    tax: str
    source: str
    date: date
    notes: tuple[str, ...]
    rates: tuple[SetRate, ...]


def set_names() -> tuple[str, ...]:
    """The names of the sets there are: eu, none, uk, us."""
    return tuple(sorted(path.stem for path in _DATA.glob("*.json")))


@cache
def tax_set(name: str) -> TaxSet:
    """A set by its name; raises KeyError for one that there is not."""
    if name not in set_names():
        raise KeyError(name)
    found = json.loads((_DATA / f"{name}.json").read_text())
    return TaxSet(
        name=name,
        title=found["title"],
        tax=found["tax"],
        source=found["source"],
        date=date.fromisoformat(found["date"]),
        notes=tuple(found["notes"]),
        rates=tuple(
            SetRate(
                country=place[:2],
                region=place[3:],
                tax_class=tax_class,
                valid_from=date.fromisoformat(since),
                basis_points=Decimal(percent) * 100,
            )
            for place, classes in found["rates"].items()
            for tax_class, changes in classes.items()
            for since, percent in changes.items()
        ),
    )
