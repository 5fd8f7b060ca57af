"""Products one after another, for programs: no facets and no counts, and each page goes on behind the last row."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from domain.catalog.errors import NoSuchCategory
from domain.catalog.queries.card import CARD_TEXT, Card, card_from_text
from domain.catalog.queries.categories import place
from domain.shared.quick import Prepared, rows

ORDERS: dict[str, tuple[tuple[tuple[str, str], ...], bool]] = {
    "featured": (
        (("in_stock", "boolean"), ("featured", "boolean"), ("popularity", "bigint"), ("product_id", "uuid")), True
    ),
    "newest": ((("published_at", "timestamptz"), ("product_id", "uuid")), True),
    "price": ((("price_min", "bigint"), ("product_id", "uuid")), False),
    "-price": ((("price_min", "bigint"), ("product_id", "uuid")), True),
    "name": ((("title", "text"), ("product_id", "uuid")), False),
}  # fmt: skip
"""The orders of a list: the columns that say where a row stands, and whether it runs downwards.

Numbers are compared as large ones: a place that somebody made up is behind everything, and no failure.
"""


PATH = re.compile(r"[a-z0-9-]+(?:/[a-z0-9-]+)*")
"""What can be the path of a category; nothing else is ever written into a statement."""


@dataclass(frozen=True, slots=True)
class Browsed:
    """Some products in their order; `after` is where the next ones begin, None if there are none."""

    cards: tuple[Card, ...]
    after: tuple[Any, ...] | None


def browse(
    session: Session,
    *,
    currency: str,
    category_path: str | None = None,
    in_stock_only: bool = False,
    sort: str = "featured",
    after: Sequence[Any] | None = None,
    limit: int = 24,
) -> Browsed:
    """Return products behind a place in their order; raises NoSuchCategory. One statement, and one to find nothing."""
    parameters: dict[str, Any] = {f"at{i}": value for i, value in enumerate(after or ())}
    if category_path and not PATH.fullmatch(category_path):
        raise NoSuchCategory
    statement = _statement(category_path, in_stock_only, sort, after is not None)
    found = rows(session, statement, parameters | {"limit": limit + 1})
    if not found and category_path:
        place(session, category_path)
    last = found[limit - 1] if len(found) > limit else None
    cards = tuple(card_from_text(row[0], currency) for row in found[:limit])
    return Browsed(cards, None if last is None else tuple(last[1:]))


@lru_cache(maxsize=256)
def _statement(category: str | None, in_stock: bool, sort: str, after: bool) -> Prepared:
    columns, down = ORDERS[sort]
    # As for the pages' lists, the path is written into the statement, so that its plan knows how large the category is.
    conditions = [f"l.category_paths @> ARRAY[CAST('{category}' AS text)]"] if category else []
    if in_stock:
        conditions.append("l.in_stock")
    if after:
        place = ", ".join(f"CAST(:at{i} AS {kind})" for i, (_, kind) in enumerate(columns))
        conditions.append(f"({', '.join(f'l.{name}' for name, _ in columns)}) {'<' if down else '>'} ({place})")
    order = ", ".join(f"l.{name}{' DESC' if down else ''}" for name, _ in columns)
    return Prepared(
        f"SELECT {CARD_TEXT} AS card, {', '.join(f'l.{name} AS at_{name}' for name, _ in columns)} "  # noqa: S608
        f"FROM catalog.listings l WHERE {' AND '.join(conditions) or 'true'} ORDER BY {order} LIMIT :limit",
        " ".join(["card", *(f"at_{name}" for name, _ in columns)]),
    )
