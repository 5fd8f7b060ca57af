"""The statements of lists: what a category or a narrowed list counts, and which tiles it shows."""

import re
from collections.abc import Sized
from functools import lru_cache
from typing import Any

from sqlalchemy import String, TextualSelect, bindparam
from sqlalchemy.dialects.postgresql import ARRAY

from domain.catalog.models.collection import CHOSEN
from domain.catalog.queries.answers import SORTED_BY, WANTED
from domain.catalog.queries.card import CARD_COLUMNS, CARD_NAMES
from domain.catalog.queries.categories import PLACE, TOP
from domain.catalog.queries.facets import by_facet, counts_sql, values_of
from domain.shared.db import reading
from domain.shared.quick import Prepared

SORTS = {
    "featured": WANTED,
    "newest": "l.published_at DESC, l.product_id DESC",
    "price": "l.price_min, l.product_id",
    "-price": "l.price_min DESC, l.product_id DESC",
    "rating": "l.rating DESC NULLS LAST, l.product_id DESC",
    "name": "l.title, l.product_id",
}
"""The orders a list can be in; each ends with the id, so that pages never overlap."""
ORDERS = SORTS | {
    CHOSEN: "(SELECT h.position FROM catalog.collection_products h "
    "WHERE h.collection_id = :collection AND h.product_id = l.product_id), l.product_id"
}
"""The same with the one that only a collection filled by hand can be in."""
DEFAULT_SORT = "featured"
"""The order if none is asked for; a search in it is ordered by how well products answer."""
MOST_NARROWED = 1_000
"""How many products of a narrowed list are counted and paged through where there are more; the page says so."""
MOST_GATHERED = 10_000
"""The same of a brand or a collection of which nothing is chosen: its facets show all there is in it."""
APART = frozenset({"price", "-price"})
MOST_SORTED = 8_000
"""Orders in which a category may stand far from the start of the shop, as one of dear things does, and up to how many
products it is gathered and sorted for that, not looked for along the index."""

_KEPT = "SELECT facet, products FROM catalog.facet_counts WHERE category_path = :path AND products > 0"
_COUNTED = "facets products beside"
KEPT_COUNTS = {
    False: Prepared(by_facet(_KEPT, beside=TOP), _COUNTED),
    True: Prepared(by_facet(_KEPT, beside=PLACE), _COUNTED),
}
"""The counts of everything, and of a category together with the category itself."""


def most_counted(facets: Sized) -> int:
    """Return up to how many products a list with these facets chosen is counted."""
    return MOST_NARROWED if facets else MOST_GATHERED


@lru_cache(maxsize=256)
def counting(
    conditions: tuple[str, ...], facets: tuple[str, ...], sort: str, category: bool, kept: bool
) -> TextualSelect:
    """Build the statement that counts a narrowed list: with one facet chosen, its other values may be `kept` counted.

    Where all that is left was counted, it also says, in a row of its own, which products the page shows.
    """
    most = most_counted(facets)

    def rows(left: tuple[str, ...], columns: str = "") -> str:
        return (
            f"(SELECT l.facets, l.in_stock{columns} FROM catalog.listings l WHERE {' AND '.join(left) or 'true'} "  # noqa: S608
            f"LIMIT {most} + 1) l"
        )

    others = [values_of(i, rows(conditions + facets[:i] + facets[i + 1 :])) for i in range(len(facets))]
    if len(facets) == 1 and kept:
        others = [f"{_KEPT} AND facet LIKE :name0 || '=%'"]
    counts = counts_sql("base l", others, PLACE if category else TOP)
    base = rows(conditions + facets, "".join(f", l.{name}" for name in ("product_id", *SORTED_BY)))
    shown = f"""
        SELECT NULL, NULL, NULL, ARRAY(
            SELECT l.product_id FROM base l ORDER BY {ORDERS[sort]} LIMIT :limit
            OFFSET :limit * least(:page, (every.products - 1) / :limit)
        ) FROM (SELECT count(*) AS products FROM base) every WHERE every.products BETWEEN 1 AND {most}
        """  # noqa: S608
    return reading(
        f"WITH base AS MATERIALIZED (SELECT * FROM {base}), counts(facets, products, beside) AS ({counts}) "  # noqa: S608
        f"SELECT facets, products, beside, CAST(NULL AS uuid[]) FROM counts UNION ALL {shown}",
        f"{_COUNTED} ids",
    )


@lru_cache(maxsize=1024)
def cards(conditions: tuple[str, ...], sort: str, category: bool, gathered: bool = False) -> TextualSelect:
    """Build the statement of a page's tiles; a `gathered` category is sorted as a whole.

    The path and the chosen facets are written into it, escaped: so its plan knows whether many products are left, in
    which case it walks the order's index, or few.
    """
    known: list[Any] = [bindparam("path", type_=String, literal_execute=True)] if category else []
    known += [
        bindparam(name, type_=ARRAY(String), literal_execute=True)
        for name in re.findall(r":(facet\d+)", " ".join(conditions))
    ]
    where, window = " AND ".join(conditions) or "true", f"ORDER BY {ORDERS[sort]} LIMIT :limit OFFSET :offset"
    if gathered:
        # OFFSET 0 keeps the plan from walking the index of all prices instead.
        inside = f"SELECT l.product_id, l.price_min FROM catalog.listings l WHERE {where} OFFSET 0"  # noqa: S608
        shown = f"l.product_id = ANY(ARRAY(SELECT l.product_id FROM ({inside}) l {window}))"  # noqa: S608
        where, window = shown, f"ORDER BY {SORTS[sort]}"
    sql = f"SELECT {CARD_COLUMNS} FROM catalog.listings l WHERE {where} {window}"  # noqa: S608
    return reading(sql, CARD_NAMES, *known)


CARDS_OF = reading(
    f"""
    SELECT {CARD_COLUMNS} FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS chosen(id, place)
    JOIN catalog.listings l ON l.product_id = chosen.id ORDER BY chosen.place
    """,  # noqa: S608
    CARD_NAMES,
)
