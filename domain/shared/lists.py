"""Lists page by page: what narrows one, the orders it can have, and how it goes on behind a row."""

from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

Statement = TypeVar("Statement", bound=Select[*tuple[Any, ...]])

MOST_AT_ONCE = 100
"""How many rows of a list can be ticked and dealt with at once."""


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What narrows a list, and its order; each field has the value that asks for nothing in particular."""

    def as_words(self) -> dict[str, str]:
        """Return what differs from the whole list, as an address or a record holds it."""
        own = {field.name: (getattr(self, field.name), field.default) for field in fields(self)}
        return {name: str(value) for name, (value, usual) in own.items() if value != usual}


@dataclass(frozen=True)
class Sorting:
    """An order of a list in words: its columns, of which the last gives each row a place of its own.

    An index must begin with what narrows the list and go on with these, so that each page is as quick as the first.
    """

    label: str
    columns: tuple[InstrumentedAttribute[Any], ...]
    falls: bool = False


def page_of(statement: Statement, order: Sorting, *, after: Any, limit: int) -> Statement:
    """Put a list in an order and take so many rows behind the one whose last column is `after`; None begins it.

    One row more than asked for is taken: it tells that there is a next page. Rows that are equal in all but the last
    column stand in its order, so none is left out or shown twice.
    """
    ways = (column.desc() if order.falls else column.asc() for column in order.columns)
    statement = statement.order_by(None).order_by(*ways).limit(limit + 1)
    if after is None:
        return statement
    key = order.columns[-1]
    if len(order.columns) == 1:
        return statement.where(key < after if order.falls else key > after)
    last = select(*order.columns).where(key == after).correlate(None).subquery()
    here, there = tuple_(*order.columns), select(*last.c).scalar_subquery()
    return statement.where(here < there if order.falls else here > there)


def known(word: str | None, words: Any, usual: str = "") -> str:
    """Return a word of an address if it is one of those that are known, or else the usual one."""
    return word if word is not None and word in words else usual


def id_of(word: str | None) -> UUID | None:
    """Read an id out of an address; None for what is none."""
    try:
        return UUID(word) if word else None
    except ValueError:
        return None


def day_of(word: str | None, *, years: range = range(2000, 2200)) -> date | None:
    """Read a day of some years out of an address; None for what is none."""
    try:
        found = date.fromisoformat(word or "")
    except ValueError:
        return None
    return found if found.year in years else None


def midnight(day: date | None, timezone: str, *, days: int = 0) -> datetime | None:
    """Return when a day, or the one so many days later, begins in a time zone; None for no day."""
    try:
        return datetime.combine(day + timedelta(days=days), time.min, ZoneInfo(timezone)) if day else None
    except OverflowError:
        return None  # nothing is later than the last of all days
