"""The home page."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.catalog.queries.card import CARD_COLUMNS, CARD_NAMES, Card, to_card
from domain.catalog.queries.categories import CategoryTile, tiles
from domain.shared.db import reading

SHELF = 8
"""How many tiles a shelf of the home page holds."""


@dataclass(frozen=True, slots=True)
class HomePage:
    """What the home page shows."""

    categories: tuple[CategoryTile, ...]
    featured: tuple[Card, ...]
    newest: tuple[Card, ...]
    offers: tuple[Card, ...]


def _shelf(name: str, where: str, order: str) -> str:
    columns = f"{CARD_COLUMNS}, '{name}' AS shelf"
    return f"(SELECT {columns} FROM catalog.listings l WHERE {where} ORDER BY {order} LIMIT {SHELF})"  # noqa: S608


_SHELVES = reading(
    " UNION ALL ".join(
        (
            _shelf("featured", "l.in_stock AND l.featured", "l.popularity DESC, l.product_id DESC"),
            _shelf("newest", "l.in_stock", "l.published_at DESC, l.product_id DESC"),
            _shelf("offers", "l.in_stock AND l.compare_at IS NOT NULL", "l.popularity DESC, l.product_id DESC"),
        )
    ),
    f"{CARD_NAMES} shelf",
)


def home(session: Session, currency: str) -> HomePage:
    """Return the home page: categories, and shelves of what can be bought. Two statements."""
    shelves: dict[str, list[Card]] = {"featured": [], "newest": [], "offers": []}
    categories = tiles(session)
    for row in session.execute(_SHELVES).all():
        shelves[row.shelf].append(to_card(row, currency))
    return HomePage(categories, tuple(shelves["featured"]), tuple(shelves["newest"]), tuple(shelves["offers"]))
