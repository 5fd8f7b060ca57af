"""Lists of products: a category, a search, or everything; they read the listing table alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, String, TextualSelect, bindparam
from sqlalchemy.orm import Session

from domain.catalog.queries.card import CARD_COLUMNS, CARD_NAMES, Card, to_card
from domain.catalog.queries.categories import (
    PLACE,
    CategoryLink,
    CategoryView,
    Place,
    place,
    place_parameters,
    to_place,
)
from domain.catalog.queries.facets import MOST_FACETS, MOST_SELECTED, Facet, by_facet, counts_sql, to_facets
from domain.catalog.queries.search import ASKED, MATCH, RANK, Search, clean, correct, parse
from domain.shared.db import reading

SORTS = {
    "featured": "l.in_stock DESC, l.featured DESC, l.popularity DESC, l.product_id DESC",
    "newest": "l.published_at DESC, l.product_id DESC",
    "price": "l.price_min, l.product_id",
    "-price": "l.price_min DESC, l.product_id DESC",
    "name": "l.title, l.product_id",
}
"""The orders a list can be in; each ends with the id, so that pages never overlap."""
DEFAULT_SORT = "featured"
"""The order if none is asked for; a search in it is ordered by how well products answer."""
MOST_PER_PAGE = 96
_LAST = 1_000_000
"""A page beyond any list: larger numbers are not handed to the database."""
MOST_FUZZY = 48
"""How many products a misspelt query shows, at most."""


@dataclass(frozen=True, kw_only=True)
class ListingRequest:
    """What a list is asked for; anything out of range is brought into it, never refused."""

    category_path: str | None = None
    q: str | None = None
    page: int = 1
    per_page: int = 24
    sort: str = DEFAULT_SORT
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    in_stock_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPage:
    """One page of a list. `corrected` is what was looked for instead if the query as typed found nothing."""

    cards: tuple[Card, ...]
    total: int
    page: int
    pages: int
    facets: tuple[Facet, ...]
    sort: str
    category: CategoryView | None
    children: tuple[CategoryLink, ...]
    breadcrumbs: tuple[CategoryLink, ...]
    corrected: str | None


def listing(session: Session, request: ListingRequest, currency: str) -> ListingPage:
    """Return one page of a list with its facets; raises NoSuchCategory. Two statements, a search one."""
    path = request.category_path or ""
    search = parse(request.q) if request.q else None
    if search is None and clean(request.q or ""):
        # There is a query, of signs alone: nothing is named like that.
        found = place(session, path) if path else None
        return _page(found, cards=(), total=0, page=1, pages=1, facets=(), sort=DEFAULT_SORT)
    facets = _selected(request.facets)
    sort = request.sort if request.sort in SORTS else DEFAULT_SORT
    per_page = min(max(request.per_page, 1), MOST_PER_PAGE)

    near = place_parameters(path) if path else {}
    parameters: dict[str, Any] = {"path": path} if path else {}
    rows: Sequence[Row[Any]] = []
    if search:
        parameters |= search.parameters
    for i, (name, values) in enumerate(facets.items()):
        parameters[f"facet{i}"] = [f"{name}={value}" for value in values]
    names = {f"name{i}": name.replace("%", "\\%").replace("_", "\\_") for i, name in enumerate(facets)}

    if search:
        window = {"limit": per_page, "page": min(max(request.page - 1, 0), _LAST)}
        statement = _answers(bool(path), request.in_stock_only, len(facets), sort)
        answers = session.execute(statement, parameters | names | near | window).all()
        rows = [row for row in answers if row.place is not None]
        counts, rows_near = _counts([(row.facets, row.products, row.beside) for row in answers if row.place is None])
        total = counts.pop("")
    elif facets:
        # Counting comes first: it says which page is the last one.
        statement = _counting(bool(path), request.in_stock_only, len(facets))
        counts, rows_near = _counts(session.execute(statement, parameters | names | near).all())
        total = counts.pop("")
    else:
        counts, rows_near = _counts(session.execute(_KEPT_COUNTS[bool(path)], {"path": path} | near).all())
        everything, in_stock = counts.pop("", 0), counts.pop("=", 0)
        total = in_stock if request.in_stock_only else everything
    found = to_place(path, rows_near) if path else None
    if search and not search.exact and not total and not facets:
        return _fuzzy(session, search, found, sort, currency)
    pages = max(1, -(-total // per_page))
    page = min(max(request.page, 1), pages)
    if not search and total:
        window = {"limit": per_page, "offset": (page - 1) * per_page}
        rows = session.execute(_cards(bool(path), request.in_stock_only, len(facets), sort), parameters | window).all()
    return _page(
        found,
        cards=tuple(to_card(row, currency) for row in rows),
        total=total,
        page=page,
        pages=pages,
        facets=to_facets(counts, facets),
        sort=sort,
    )


def _page(found: Place | None, *, corrected: str | None = None, **values: Any) -> ListingPage:
    return ListingPage(
        category=found.category if found else None,
        children=found.children if found else (),
        breadcrumbs=found.breadcrumbs if found else (),
        corrected=corrected,
        **values,
    )


def _counts(rows: Iterable[Any]) -> tuple[dict[str, int], list[list[Any]] | None]:
    """Return the counts by `name=value`, and what PLACE gave where the statement has it beside them."""
    counts: dict[str, int] = {}
    near: list[list[Any]] | None = None
    for facets, products, beside in rows:
        if facets is None:
            near = beside
        else:
            counts.update(zip(facets, products, strict=True))
    return counts, near


def _selected(facets: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    selected: dict[str, tuple[str, ...]] = {}
    for raw, values in facets.items():
        name = clean(raw, 80).replace("\\", "")
        kept = tuple(dict.fromkeys(value for value in (clean(v) for v in values[:MOST_SELECTED]) if value))
        if name and kept and "=" not in name and len(selected) < MOST_FACETS:
            selected[name] = kept
    return selected


def _where(category: bool, search: bool, in_stock: bool) -> list[str]:
    conditions = []
    if category:
        conditions.append("l.category_paths @> ARRAY[CAST(:path AS text)]")
    if search:
        conditions.append(MATCH)
    if in_stock:
        conditions.append("l.in_stock")
    return conditions


def _facet_conditions(facets: int) -> list[str]:
    return [f"l.facets && CAST(:facet{i} AS text[])" for i in range(facets)]


_KEPT = "SELECT facet, products FROM catalog.facet_counts WHERE category_path = :path AND products > 0"
_COUNTED = "facets products beside"
_KEPT_COUNTS = {
    False: reading(by_facet(_KEPT), _COUNTED),
    True: reading(by_facet(_KEPT, beside=PLACE), _COUNTED),
}
"""The counts of everything, and of a category together with the category itself."""


@lru_cache(maxsize=256)
def _counting(category: bool, in_stock: bool, facets: int) -> TextualSelect:
    base = f"SELECT l.facets FROM catalog.listings l WHERE {_all(_where(category, False, in_stock))}"  # noqa: S608
    counts = counts_sql("base", _facet_conditions(facets), PLACE if category else "")
    return reading(f"WITH base AS MATERIALIZED ({base}) {counts}", _COUNTED)


@lru_cache(maxsize=1024)
def _cards(category: bool, in_stock: bool, facets: int, sort: str) -> TextualSelect:
    where = _all(_where(category, False, in_stock) + _facet_conditions(facets))
    # The path is written into the statement, escaped: so its plan knows whether the category is large, in which case
    # it walks the order's index, or small.
    path = [bindparam("path", type_=String, literal_execute=True)] if category else []
    sql = f"SELECT {CARD_COLUMNS} FROM catalog.listings l WHERE {where} "  # noqa: S608
    return reading(f"{sql} ORDER BY {SORTS[sort]} LIMIT :limit OFFSET :offset", CARD_NAMES, *path)


@lru_cache(maxsize=1024)
def _answers(category: bool, in_stock: bool, facets: int, sort: str) -> TextualSelect:
    """Build a search in one statement: what answers is found, ranked and counted in one pass over it.

    Its rows are the tiles with their `place`, then the counts without one. First it says which products are shown, then
    what they look like: else the columns of every answer are worked out to be thrown away.
    """
    order = f"{RANK} DESC, l.product_id DESC" if sort == DEFAULT_SORT else SORTS[sort]
    selected = _facet_conditions(facets)
    return reading(
        f"""
        {ASKED}, base AS MATERIALIZED (
            SELECT l.product_id, l.facets, row_number() OVER (ORDER BY {order}) AS place
            FROM catalog.listings l WHERE {_all(_where(category, True, in_stock))}
        ), best AS MATERIALIZED (
            SELECT l.product_id, l.place FROM base l WHERE {_all(selected)} ORDER BY l.place LIMIT :limit
            OFFSET :limit * (SELECT least(:page, (count(*) - 1) / :limit) FROM base l WHERE {_all(selected)})
        ), counts(facets, products, beside) AS (
            {counts_sql("base", selected, PLACE if category else "")}
        )
        SELECT {CARD_COLUMNS}, best.place, NULL AS facets, NULL AS products, NULL AS beside
        FROM best JOIN catalog.listings l USING (product_id)
        UNION ALL
        SELECT {", ".join(["NULL"] * len(CARD_NAMES.split()))}, NULL, facets, products, beside FROM counts
        ORDER BY place
        """,  # noqa: S608
        f"{CARD_NAMES} place {_COUNTED}",
    )


def _all(conditions: list[str]) -> str:
    return " AND ".join(conditions) or "true"


# The threshold must be set before the index is read: the text compared is made to depend on it. It is set for this
# transaction alone.
_FUZZY = """
    WITH eased AS MATERIALIZED (SELECT set_config('pg_trgm.word_similarity_threshold', '0.45', true) AS threshold)
    SELECT {columns} FROM eased, catalog.listings l
    WHERE :words || left(eased.threshold, 0) <% l.search_title AND {where}
    ORDER BY word_similarity(:words, l.search_title) DESC, l.in_stock DESC, l.product_id DESC LIMIT {limit}
"""


@lru_cache(maxsize=2)
def _similar(category: bool) -> TextualSelect:
    where = _all(_where(category, False, False))
    return reading(_FUZZY.format(columns=CARD_COLUMNS, where=where, limit=MOST_FUZZY), CARD_NAMES)


def _fuzzy(session: Session, search: Search, found: Place | None, sort: str, currency: str) -> ListingPage:
    """Show what is spelt nearly like the query: one page, without facets."""
    parameters = {"words": search.words} | ({"path": found.category.path} if found else {})
    rows = session.execute(_similar(found is not None), parameters).all()
    cards = tuple(to_card(row, currency) for row in rows)
    corrected = correct(search, [f"{card.title} {card.brand_name}" for card in cards])
    return _page(
        found, cards=cards, total=len(cards), page=1, pages=1, facets=(), sort=sort, corrected=corrected
    )  # fmt: skip
