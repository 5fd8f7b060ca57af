"""The list of products as staff see it: narrowed, searched, in one of two orders, page after page by key."""

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from domain.catalog.queries.search import clean
from domain.shared.money import Money

NEWEST, TITLE = "newest", "title"


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
# Each arm is found by an index of its own: one OR over all of them would read every product.
_NAMED = """p.id IN (
    SELECT id FROM catalog.products WHERE title ILIKE :q
    UNION SELECT id FROM catalog.products WHERE slug = :exact
    UNION SELECT product_id FROM catalog.variants WHERE sku ILIKE :q OR barcode = :exact)"""
_ORDERS = {
    NEWEST: ("p.id < :after", "p.id DESC"),
    TITLE: ("(p.title, p.id) > (SELECT title, id FROM catalog.products WHERE id = :after)", "p.title, p.id"),
}


@lru_cache(maxsize=128)
def _statement(conditions: tuple[str, ...], order: str) -> TextClause:
    return text(
        f"""
        SELECT p.id, p.slug, p.title, p.status, c.name AS category_name, t.price_min, t.price_max, t.variants,
            t.available
        FROM (SELECT * FROM catalog.products p WHERE {" AND ".join(conditions) or "true"}
              ORDER BY {order} LIMIT :limit) p
        JOIN catalog.categories c ON c.id = p.category_id
        CROSS JOIN LATERAL (
            SELECT min(v.price) AS price_min, max(v.price) AS price_max, count(*) AS variants,
                coalesce(sum(greatest(s.on_hand - s.reserved, 0)), 0) AS available
            FROM catalog.variants v LEFT JOIN catalog.stock s ON s.variant_id = v.id WHERE v.product_id = p.id
        ) t
        ORDER BY {order}
        """  # noqa: S608 - made of the constants above
    )


def product_list(
    session: Session,
    *,
    currency: str,
    q: str | None = None,
    status: str | None = None,
    category_id: UUID | None = None,
    brand_id: UUID | None = None,
    sort: str = NEWEST,
    after: UUID | None = None,
    limit: int = 50,
) -> ProductList:
    """Return products of any status; `q` is part of a title or a SKU, a whole barcode or address. One statement."""
    word = clean(q or "")
    part = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    behind, order = _ORDERS.get(sort, _ORDERS[NEWEST])
    wanted = ((_STATUS, status), (_BRAND, brand_id), (_CATEGORY, category_id), (_NAMED, part), (behind, after))
    statement = _statement(tuple(condition for condition, value in wanted if value), order)
    named = {"status": status, "brand_id": brand_id, "category_id": category_id, "after": after, "q": f"%{part}%",
             "exact": word, "limit": limit + 1}  # fmt: skip
    used = {name: value for name, value in named.items() if name in statement._bindparams}
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
