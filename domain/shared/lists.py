"""Lists page by page: what narrows one, the orders it can have, and how it goes on behind a row."""

import json
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any, Self, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Integer,
    Select,
    String,
    Text,
    cast,
    func,
    literal,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.types import TypeEngine

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


@dataclass(frozen=True)
class Place:
    """Where a row stood in an order, by what its columns said then: a list goes on there even if the row is gone."""

    said: tuple[str, ...]

    def __str__(self) -> str:
        return json.dumps(self.said)

    @classmethod
    def read(cls, word: str | None) -> Self | None:
        """Read what `str` wrote; None for anything else."""
        return cls(tuple(json.loads(word))) if word and word.startswith("[") else None


def place_of(session: Session, order: Sorting, key: Any) -> Place | None:
    """Return where the row with this last column stands in an order; None for no row.

    One statement. Raises NoResultFound for a row that is gone already.
    """
    if key is None:
        return None
    columns = order.columns
    return Place(tuple(session.execute(select(*(cast(one, Text) for one in columns)).where(columns[-1] == key)).one()))


def page_of(statement: Statement, order: Sorting, *, after: Any, limit: int) -> Statement:
    """Put a list in an order and take so many rows behind a place, or the row whose last column is `after`.

    None begins it, and so does a row that is gone where nobody wrote its place down.

    One row more than asked for is taken: it tells that there is a next page. Rows that are equal in all but the last
    column stand in its order, so none is left out or shown twice.
    """
    ways = (column.desc() if order.falls else column.asc() for column in order.columns)
    statement = statement.order_by(None).order_by(*ways).limit(limit + 1)
    if after is None:
        return statement
    key, here = order.columns[-1], tuple_(*order.columns)
    there: ColumnElement[Any]
    if isinstance(after, Place):
        said = zip(after.said, order.columns, strict=True)
        there = tuple_(*(cast(literal(word, Text), column.type) for word, column in said))
        return statement.where(here < there if order.falls else here > there)
    if len(order.columns) == 1:
        return statement.where(key < after if order.falls else key > after)
    last = select(*order.columns).where(key == after).correlate(None).subquery()
    first, *others = last.c
    always = select(literal(1)).subquery().outerjoin(last, true())
    beginning = func.coalesce(first, _before_all(first.type, falls=order.falls))
    there = select(beginning, *others).select_from(always).scalar_subquery()
    return statement.where(here < there if order.falls else here > there)


def _before_all(kind: TypeEngine[Any], *, falls: bool) -> ColumnElement[Any]:
    """Return what stands before every value of a kind in an order."""
    if isinstance(kind, DateTime):
        return cast(literal("infinity" if falls else "-infinity", Text), kind)
    if isinstance(kind, Integer):
        return cast(literal(2**63 - 1 if falls else -(2**63), BigInteger), BigInteger)
    if isinstance(kind, String) and not falls:
        return literal("", Text)
    raise TypeError(f"Nothing is known to stand before all of {kind}.")


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
