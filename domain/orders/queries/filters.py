"""Which orders a list shows, and in which order; every choice has an index that gives the next page at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Boolean, ColumnElement, literal_column, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from domain.orders.models import Order
from domain.orders.queries.find import matching
from domain.orders.queries.parts import STATE_LABELS

SORTS = {"newest": "Newest first", "oldest": "Oldest first", "largest": "Largest first"}
PAYMENTS = {"yes": "Paid", "no": "Not paid"}


@dataclass(frozen=True, kw_only=True)
class OrderFilter:
    """What somebody looks for; days are whole ones, in the shop's own time zone."""

    q: str = ""
    state: str = ""
    paid: str = ""
    since: date | None = None
    until: date | None = None
    country: str = ""
    tag: str = ""
    sort: str = "newest"

    @property
    def narrow(self) -> bool:
        """Whether anything but the state and the words narrows the list."""
        return bool(self.paid or self.since or self.until or self.country or self.tag)

    def as_words(self) -> dict[str, str]:
        """Return what differs from the whole list, as an address or a record holds it."""
        said = {name: str(value) for name, value in vars(self).items() if value}
        return {name: value for name, value in said.items() if (name, value) != ("sort", "newest")}


EVERYTHING = OrderFilter()

# As the indexes have them, so without parameters in them.
country_of: ColumnElement[str] = Order.shipping_address.op("->>")(literal_column("'country'"))
has_tags: ColumnElement[bool] = literal_column("orders.orders.tags <> '{}'", Boolean)


def read_filter(words: Mapping[str, str]) -> OrderFilter:
    """Read a filter out of an address or a record; what makes no sense is left out."""

    def one_of(name: str, known: Mapping[str, str], default: str = "") -> str:
        return words[name] if words.get(name) in known else default

    country = words.get("country", "").strip().upper()
    return OrderFilter(
        q=words.get("q", "").strip()[:200],
        state=one_of("state", STATE_LABELS),
        paid=one_of("paid", PAYMENTS),
        since=_day(words.get("since")),
        until=_day(words.get("until")),
        country=country if len(country) == 2 and country.isascii() and country.isalpha() else "",
        tag=clean_tag(words.get("tag", "")),
        sort=one_of("sort", SORTS, "newest"),
    )


def clean_tag(typed: str) -> str:
    """Return a tag as it is kept: lower case, one blank between words, at most 40 letters."""
    return " ".join(typed.replace(",", " ").lower().split())[:40]


def conditions(wanted: OrderFilter, timezone: str) -> list[ColumnElement[bool]]:
    """Return what an order must be to be on the list."""
    found: list[ColumnElement[bool]] = []
    if wanted.state:
        found.append(Order.state == wanted.state)
    if wanted.paid:
        found.append(Order.paid_at.is_not(None) if wanted.paid == "yes" else Order.paid_at.is_(None))
    if wanted.since:
        found.append(Order.created_at >= _midnight(wanted.since, timezone))
    if wanted.until:
        found.append(Order.created_at < _midnight(wanted.until + timedelta(days=1), timezone))
    if wanted.country:
        found.append(country_of == wanted.country)
    if wanted.tag:
        # The index holds orders with tags alone.
        found += [Order.tags.contains([wanted.tag]), has_tags]
    if wanted.q:
        found.append(matching(wanted.q))
    return found


def ordering(sort: str) -> tuple[ColumnElement[Any], ...]:
    """Return the columns that a list is sorted by; the last makes every place in it unique."""
    if sort == "oldest":
        return Order.created_at.asc(), Order.id.asc()
    return _column(sort).desc(), Order.id.desc()


def beyond(sort: str, after: UUID) -> ColumnElement[bool]:
    """Say what stands behind an order on the list, by the order's id."""
    column = _column(sort)
    last = select(column, Order.id).where(Order.id == after).correlate(None).subquery()
    here, there = tuple_(column, Order.id), select(last.c[0], last.c[1]).scalar_subquery()
    return here > there if sort == "oldest" else here < there


def _column(sort: str) -> InstrumentedAttribute[datetime] | InstrumentedAttribute[int]:
    return Order.total if sort == "largest" else Order.created_at


def _day(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 2000 <= found.year < 2200 else None


def _midnight(day: date, timezone: str) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(timezone))
