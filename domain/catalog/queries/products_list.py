"""The list of products as staff see it: narrowed, searched, in one of several orders, page after page by key."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from domain.catalog.queries.search import clean
from domain.shared.money import Money

NEWEST = "newest"
SORTS = {
    NEWEST: "Newest first",
    "changed": "Last changed first",
    "title": "By title",
    "price": "Cheapest first",
    "-price": "Dearest first",
    "stock": "Least in stock first",
    "-stock": "Most in stock first",
}
STATUSES = ("published", "draft", "archived")


@dataclass(frozen=True, kw_only=True)
class ProductFilter:
    """Which products are looked for, and in which order."""

    q: str = ""
    status: str = ""
    category_id: UUID | None = None
    brand_id: UUID | None = None
    sort: str = NEWEST

    def as_words(self) -> dict[str, str]:
        """Return what differs from the whole list, as an address or a record holds it."""
        said = {name.removesuffix("_id"): str(value) for name, value in vars(self).items() if value}
        return {name: value for name, value in said.items() if (name, value) != ("sort", NEWEST)}


def read_product_filter(words: Mapping[str, str]) -> ProductFilter:
    """Read a filter out of an address or a record; what makes no sense is left out."""
    status, sort = words.get("status", ""), words.get("sort", "")
    return ProductFilter(
        q=words.get("q", "").strip()[:200],
        status=status if status in STATUSES else "",
        category_id=_id(words.get("category")),
        brand_id=_id(words.get("brand")),
        sort=sort if sort in SORTS else NEWEST,
    )


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One line of the list of products; `available` is summed over the variants."""

    id: UUID
    slug: str
    title: str
    status: str
    category_name: str
    price_min: Money | None
    price_max: Money | None
    variants: int
    available: int


@dataclass(frozen=True, slots=True)
class ProductList:
    """Some products in their order; `after` asks for the next ones, None if there are none."""

    rows: tuple[ProductRow, ...]
    after: UUID | None


_STATUS = "p.status = :status"
_BRAND = "p.brand_id = :brand_id"
_CATEGORY = """p.category_id IN (
    SELECT below.id FROM catalog.categories at JOIN catalog.categories below
        ON below.id = at.id OR below.path LIKE replace(at.path, '_', '\\_') || '/%'
    WHERE at.id = :category_id)"""
# Each arm is found by an index of its own: one OR over all of them would read every product. With a column that the
# index of sorted titles has not, PostgreSQL looks parts of titles up; it would read all titles in that index, ten times
# slower, as it takes a comparison of texts for nearly free.
_FIND = text(
    """
    SELECT id FROM catalog.products WHERE title ILIKE :q AND version > 0
    UNION ALL SELECT id FROM catalog.products WHERE slug = :exact
    UNION ALL SELECT product_id FROM catalog.variants WHERE sku ILIKE :q
    UNION ALL SELECT product_id FROM catalog.variants WHERE barcode = :exact
    LIMIT :most
    """
)
_FOUND = "p.id = ANY(:found)"
_NAMED = """(p.title ILIKE :q OR EXISTS (
    SELECT FROM catalog.variants n WHERE n.product_id = p.id AND n.sku ILIKE :q))"""
"""What is so common is found while the list is walked in its order, until a page is full."""
FEW = 5_000
"""As many finds of a search are sorted."""
_FIGURES = "JOIN catalog.product_figures f ON f.product_id = p.id"


def _by_figure(column: str, *, falls: bool) -> tuple[str, str, str, str]:
    """Order by a column of the figures; each has an index that ends with the product's id."""
    sign, way = ("<", " DESC") if falls else (">", "")
    last = f"(SELECT {column}, product_id FROM catalog.product_figures WHERE product_id = :after)"  # noqa: S608
    return _FIGURES, f"(f.{column}, f.product_id) {sign} {last}", f"f.{column}{way}, f.product_id{way}", f"f.{column}"


_ORDERS = {
    NEWEST: ("", "p.id < :after", "p.id DESC", "p.id"),
    "title": (
        "", "(p.title, p.id) > (SELECT title, id FROM catalog.products WHERE id = :after)", "p.title, p.id", "p.title"
    ),
    "price": _by_figure("price_min", falls=False),
    "-price": _by_figure("price_min", falls=True),
    "stock": _by_figure("available", falls=False),
    "-stock": _by_figure("available", falls=True),
    "changed": _by_figure("changed_at", falls=True),
}  # fmt: skip
"""What is joined for an order, what stands behind a product in it, and the order itself."""


@lru_cache(maxsize=256)
def _statement(conditions: tuple[str, ...], sort: str) -> TextClause:
    joined, _, order, column = _ORDERS[sort]
    falls = " DESC" if order.endswith("DESC") else ""
    return text(
        f"""
        SELECT p.id, p.slug, p.title, p.status, c.name AS category_name, t.price_min, t.price_max, t.variants,
            t.available
        FROM (SELECT p.id, p.slug, p.title, p.status, p.category_id, {column} AS place FROM catalog.products p {joined}
              WHERE {" AND ".join(conditions) or "true"} ORDER BY {order} LIMIT :limit) p
        JOIN catalog.categories c ON c.id = p.category_id
        CROSS JOIN LATERAL (
            SELECT min(v.price) AS price_min, max(v.price) AS price_max, count(*) AS variants,
                coalesce(sum(greatest(s.on_hand - s.reserved, 0)), 0) AS available
            FROM catalog.variants v LEFT JOIN catalog.stock s ON s.variant_id = v.id
            WHERE v.product_id = p.id AND v.archived_at IS NULL
        ) t
        ORDER BY p.place{falls}, p.id{falls}
        """  # noqa: S608 - made of the constants above
    )


def product_list(
    session: Session,
    *,
    currency: str,
    q: str = "",
    status: str = "",
    category_id: UUID | None = None,
    brand_id: UUID | None = None,
    sort: str = NEWEST,
    after: UUID | None = None,
    limit: int = 50,
) -> ProductList:
    """Return products of any status; `q` is part of a title or a SKU, a whole barcode or address.

    One statement, and one more to look words up.
    """
    word = clean(q)
    part = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    sort = sort if sort in _ORDERS else NEWEST
    behind = _ORDERS[sort][1]
    found: list[UUID] = []
    if part:
        found = list(session.scalars(_FIND, {"q": f"%{part}%", "exact": word, "most": FEW + 1}))
    named = _NAMED if len(found) > FEW else _FOUND
    wanted = ((_STATUS, status), (_BRAND, brand_id), (_CATEGORY, category_id), (named, part), (behind, after))
    statement = _statement(tuple(condition for condition, value in wanted if value), sort)
    given = {"status": status, "brand_id": brand_id, "category_id": category_id, "after": after, "q": f"%{part}%",
             "found": found, "limit": limit + 1}  # fmt: skip
    used = {name: value for name, value in given.items() if name in statement._bindparams}
    rows = session.execute(statement, used).all()
    shown = tuple(
        ProductRow(
            row.id,
            row.slug,
            row.title,
            row.status,
            row.category_name,
            None if row.price_min is None else Money(row.price_min, currency),
            None if row.price_max is None else Money(row.price_max, currency),
            row.variants,
            int(row.available),
        )
        for row in rows[:limit]
    )
    return ProductList(shown, shown[-1].id if len(rows) > limit else None)
