"""Which orders a list shows, and in which order; every choice has an index that gives the next page at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Boolean, ColumnElement, literal_column

from domain.orders.models import Order
from domain.orders.queries.find import matching
from domain.orders.queries.parts import STATE_LABELS
from domain.shared.lists import Filter, Sorting, day_of, known, midnight

NEWEST = "newest"
SORTINGS = {
    NEWEST: Sorting("Newest first", (Order.created_at, Order.id), falls=True),
    "oldest": Sorting("Oldest first", (Order.created_at, Order.id)),
    "largest": Sorting("Largest first", (Order.total, Order.id), falls=True),
}
SORTS = {name: order.label for name, order in SORTINGS.items()}
PAYMENTS = {"yes": "Paid", "no": "Not paid"}


@dataclass(frozen=True, kw_only=True)
class OrderFilter(Filter):
    """What somebody looks for; days are whole ones, in the shop's own time zone."""

    q: str = ""
    state: str = ""
    paid: str = ""
    since: date | None = None
    until: date | None = None
    country: str = ""
    tag: str = ""
    sort: str = NEWEST

    @property
    def narrow(self) -> bool:
        """Whether anything but the state and the words narrows the list."""
        return bool(self.paid or self.since or self.until or self.country or self.tag)


EVERYTHING = OrderFilter()

# As the indexes have them, so without parameters in them.
country_of: ColumnElement[str] = Order.shipping_address.op("->>")(literal_column("'country'"))
has_tags: ColumnElement[bool] = literal_column("orders.orders.tags <> '{}'", Boolean)


def read_filter(words: Mapping[str, str]) -> OrderFilter:
    """Read a filter out of an address or a record; what makes no sense is left out."""
    country = words.get("country", "").strip().upper()
    return OrderFilter(
        q=words.get("q", "").strip()[:200],
        state=known(words.get("state"), STATE_LABELS),
        paid=known(words.get("paid"), PAYMENTS),
        since=day_of(words.get("since")),
        until=day_of(words.get("until")),
        country=country if len(country) == 2 and country.isascii() and country.isalpha() else "",
        tag=clean_tag(words.get("tag", "")),
        sort=known(words.get("sort"), SORTS, NEWEST),
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
        found.append(Order.created_at >= midnight(wanted.since, timezone))
    if wanted.until:
        found.append(Order.created_at < midnight(wanted.until, timezone, days=1))
    if wanted.country:
        found.append(country_of == wanted.country)
    if wanted.tag:
        # The index holds orders with tags alone.
        found += [Order.tags.contains([wanted.tag]), has_tags]
    if wanted.q:
        found.append(matching(wanted.q))
    return found
