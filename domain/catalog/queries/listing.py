"""Lists of products: a category, a search, or everything; they read the listing table alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from domain.catalog.queries.answers import MOST_ANSWERS, exact_answers, first_answers, other_answers
from domain.catalog.queries.card import Card, to_card
from domain.catalog.queries.categories import (
    CategoryLink,
    CategoryView,
    Place,
    ancestors,
    place,
    place_parameters,
    to_place,
)
from domain.catalog.queries.facets import (
    CATEGORY,
    MOST_FACETS,
    MOST_SELECTED,
    Facet,
    to_facets,
)
from domain.catalog.queries.list_statements import (
    APART,
    CARDS_OF,
    DEFAULT_SORT,
    KEPT_COUNTS,
    MOST_SORTED,
    ORDERS,
    SORTS,
    cards,
    counting,
    most_counted,
)
from domain.catalog.queries.plan import Reading, readings, suggestion
from domain.catalog.queries.search import SKU_MARK, Search, clean, parse
from domain.catalog.queries.words import Vocabulary, look_up
from domain.shared.quick import rows

MOST_PER_PAGE = 96
_LAST = 1_000_000
"""A page beyond any list: larger numbers are not handed to the database."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which products a list is of, a brand's or a collection's: as SQL of `listings l`, and what it compares with.

    `sort` is the order they are in unless another is asked for.
    """

    conditions: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    sort: str = DEFAULT_SORT


WHOLE_SHOP = Scope()


@dataclass(frozen=True, kw_only=True)
class ListingRequest:
    """What a list is asked for; anything out of range is brought into it, never refused."""

    category_path: str | None = None
    scope: Scope = WHOLE_SHOP
    q: str | None = None
    page: int = 1
    per_page: int = 24
    sort: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    in_stock_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPage:
    """One page of a list.

    `more` says that there are more than `total`: every count then means "at least".
    `own_sort` is the order it is in unless another is asked for.
    `corrected` is the spelling looked for instead of the one that found nothing, `meant` one that would find far more,
    and a `relaxed` search gave up some of the words. `best_sellers` are there where nothing else is.
    """

    cards: tuple[Card, ...]
    total: int
    page: int
    pages: int
    facets: tuple[Facet, ...]
    sort: str
    own_sort: str
    category: CategoryView | None
    children: tuple[CategoryLink, ...]
    breadcrumbs: tuple[CategoryLink, ...]
    corrected: str | None = None
    meant: str | None = None
    relaxed: bool = False
    more: bool = False
    in_stock: int = 0
    best_sellers: tuple[Card, ...] = ()


def listing(session: Session, request: ListingRequest, currency: str) -> ListingPage:
    """Return one page of a list with its facets; raises NoSuchCategory. Two statements, a search at most three."""
    path = request.category_path or ""
    search = parse(request.q) if request.q else None
    if search is None and clean(request.q or ""):
        # There is a query, of signs alone: nothing is named like that.
        found = place(session, path) if path else None
        return _page(found, cards=(), total=0, page=1, pages=1, facets=(), sort=DEFAULT_SORT, own_sort=DEFAULT_SORT)
    facets = selected_facets(request.facets)
    asked = _Asked(
        path=path,
        scope=request.scope,
        facets=facets,
        in_stock=request.in_stock_only,
        sort=request.sort if request.sort in SORTS else request.scope.sort,
        page=max(request.page, 1),
        per_page=min(max(request.per_page, 1), MOST_PER_PAGE),
    )
    return _search(session, search, asked, currency) if search else _list(session, asked, currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A request with everything in its range."""

    path: str
    scope: Scope
    facets: Mapping[str, tuple[str, ...]]
    in_stock: bool
    sort: str
    page: int
    per_page: int

    @property
    def parameters(self) -> dict[str, Any]:
        """Return the values that the conditions compare with."""
        path: dict[str, Any] = {"path": self.path} if self.path else {}
        pairs = ((name, values) for name, values in self.facets.items())
        chosen = {f"facet{i}": [f"{name}={one}" for one in values] for i, (name, values) in enumerate(pairs)}
        return path | dict(self.scope.values) | chosen

    @property
    def beside(self) -> dict[str, Any]:
        """Return the values for the counts: the names of the chosen facets, and the categories around."""
        names = {f"name{i}": name.replace("%", "\\%").replace("_", "\\_") for i, name in enumerate(self.facets)}
        near = place_parameters(self.path) if self.path else {"within": list(self.facets.get(CATEGORY, ()))}
        return names | near

    @property
    def conditions(self) -> tuple[str, ...]:
        """Return what every row of the list fulfils, its chosen facets aside."""
        path = ("l.category_paths @> ARRAY[CAST(:path AS text)]",) if self.path else ()
        return path + self.scope.conditions + (("l.in_stock",) if self.in_stock else ())

    @property
    def facet_conditions(self) -> tuple[str, ...]:
        """Return one condition for each chosen facet."""
        return tuple(f"l.facets && CAST(:facet{i} AS text[])" for i in range(len(self.facets)))


def _list(session: Session, asked: _Asked, currency: str) -> ListingPage:
    """Return a page of a category, or of everything. Two statements."""
    # Counting comes first: it says which page is the last one.
    ids = None
    counted_here = bool(asked.facets or asked.scope.conditions)
    if counted_here:
        kept = not asked.scope.conditions
        statement = counting(asked.conditions, asked.facet_conditions, asked.sort, bool(asked.path), kept)
        window = {"limit": asked.per_page, "page": min(asked.page - 1, _LAST), "path": asked.path}
        counted = session.execute(statement, asked.parameters | asked.beside | window).all()
        counts, near = _counts(row for row in counted if row.ids is None)
        ids = next((row.ids for row in counted if row.ids is not None), None)
    else:
        counts, near = _counts(rows(session, KEPT_COUNTS[bool(asked.path)], {"path": asked.path} | asked.beside))
    everything, in_stock = counts.pop("", 0), counts.pop("=", 0)
    total = in_stock if asked.in_stock and not counted_here else everything
    most = most_counted(asked.facets)
    more = counted_here and total > most
    total = min(total, most) if more else total
    pages = max(1, -(-total // asked.per_page))
    page = min(asked.page, pages)
    found: Sequence[Row[Any]] = []
    if ids is not None:
        found = session.execute(CARDS_OF, {"ids": ids}).all()
    elif total:
        window = {"limit": asked.per_page, "offset": (page - 1) * asked.per_page}
        gathered = bool(asked.path) and asked.sort in APART and total <= MOST_SORTED
        tiles = cards(asked.conditions + asked.facet_conditions, asked.sort, bool(asked.path), gathered)
        found = session.execute(tiles, asked.parameters | window).all()
    return _page(
        to_place(asked.path, near) if asked.path else None,
        cards=tuple(to_card(row, currency) for row in found),
        total=total,
        more=more,
        in_stock=in_stock,
        page=page,
        pages=pages,
        facets=to_facets(counts, asked.facets, _places(near, asked.path)),
        sort=asked.sort,
        own_sort=asked.scope.sort,
    )


def _search(session: Session, search: Search, asked: _Asked, currency: str) -> ListingPage:
    """Return a page of what answers a query, read in the likeliest way that has an answer. At most three statements."""
    known = Vocabulary({}) if search.exact else look_up(session, search)
    ways = [Reading(search.text, "")] if search.exact else readings(search, known)
    window = {"limit": asked.per_page, "page": min(asked.page - 1, _LAST)}
    number = f"'{SKU_MARK}{search.number}'" if search.number else ""
    parameters = asked.parameters | asked.beside | window | {"sku": number}
    sort = None if asked.sort == asked.scope.sort else ORDERS[asked.sort]
    about = (asked.conditions, asked.facet_conditions, sort, bool(asked.path))
    chosen = 0
    found: Sequence[Row[Any]] = []
    # A reading that first has to be shown to be one is none to begin with.
    tried = 1 if ways[0].probe == ways[0].query else 0
    if search.exact:
        found = session.execute(exact_answers(*about), parameters | {"exact": search.exact}).all()
    elif tried:
        found = session.execute(first_answers(*about), parameters | {"query": ways[0].query}).all()
    if not search.exact and not any(row.chosen is not None for row in found):
        rest = ways[tried:] or ways
        others = {
            "queries": [way.query for way in rest],
            "probes": [way.probe for way in rest],
            "relaxed": next((i for i, way in enumerate(rest) if way.parts), -1),
            "parts": [part for way in rest for part, _ in way.parts],
            "weights": [weight for way in rest for _, weight in way.parts],
        }
        found = session.execute(other_answers(*about), parameters | others).all()
        chosen = len(ways) - len(rest) + next((row.chosen for row in found if row.chosen is not None), 0)
    way = ways[chosen]
    counts, near = _counts([(row.facets, row.products, row.beside) for row in found if row.place is None])
    total, in_stock = counts.pop("", 0), counts.pop("=", 0)
    more, total = total > MOST_ANSWERS, min(total, MOST_ANSWERS)
    pages = max(1, -(-total // asked.per_page))
    shown = tuple(to_card(row, currency) for row in found if row.place is not None and row.place > 0)
    meant = suggestion(search, known) if total and not way.corrected else None
    return _page(
        to_place(asked.path, near) if asked.path else None,
        cards=shown,
        total=total,
        more=more,
        in_stock=in_stock,
        page=min(asked.page, pages),
        pages=pages,
        facets=to_facets(counts, asked.facets, _places(near, asked.path)),
        sort=asked.sort,
        own_sort=asked.scope.sort,
        corrected=way.words if way.corrected and total else None,
        relaxed=bool(way.parts) and bool(total),
        meant=meant,
        best_sellers=tuple(to_card(row, currency) for row in found if row.place == -1),
    )


def _page(found: Place | None, **values: Any) -> ListingPage:
    return ListingPage(
        category=found.category if found else None,
        children=found.children if found else (),
        breadcrumbs=found.breadcrumbs if found else (),
        **values,
    )


def _places(near: list[list[Any]] | None, path: str) -> dict[str, str]:
    """Return the names of the categories that a list can be narrowed to."""
    above = ancestors(path) if path else ()
    return {row[0]: row[1] for row in near or () if row[0] not in above}


def _counts(rows: Iterable[Any]) -> tuple[dict[str, int], list[list[Any]] | None]:
    """Return the counts by `name=value`, and what PLACE gave where the statement has it beside them."""
    counts: dict[str, int] = {}
    near: list[list[Any]] | None = None
    for facets, products, beside, *_ in rows:
        if facets is None:
            near = beside
        else:
            counts.update(zip(facets, products, strict=True))
    return counts, near


def selected_facets(facets: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the facets that were asked for, as far as there can be such."""
    selected: dict[str, tuple[str, ...]] = {}
    for raw, values in facets.items():
        name = clean(raw, 80).replace("\\", "")
        kept = tuple(dict.fromkeys(value for value in (clean(v) for v in values[:MOST_SELECTED]) if value))
        if name and kept and "=" not in name and len(selected) < MOST_FACETS:
            selected[name] = kept
    return selected
