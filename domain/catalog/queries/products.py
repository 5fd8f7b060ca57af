"""Products as staff see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog.errors import NoSuchProduct
from domain.catalog.queries.picture import PictureView
from domain.catalog.queries.product import options_label
from domain.catalog.queries.search import clean
from domain.shared.money import Money


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
    """Some products, newest first; `after` asks for the next ones, None if there are none."""

    rows: tuple[ProductRow, ...]
    after: UUID | None


@dataclass(frozen=True, slots=True)
class VariantDetail:
    """A variant with its stock."""

    id: UUID
    sku: str
    barcode: str | None
    label: str
    price: Money
    compare_at: Money | None
    weight_grams: int
    on_hand: int
    reserved: int
    sell_when_out: bool
    low_at: int

    @property
    def available(self) -> int:
        """Return how many can still be sold."""
        return max(self.on_hand - self.reserved, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDetail:
    """A product as its form shows it; `version` goes back with the form."""

    id: UUID
    version: int
    slug: str
    title: str
    summary: str
    description: str
    status: str
    category_id: UUID
    category_path: str
    brand_id: UUID | None
    brand_name: str
    options: tuple[str, ...]
    attributes: dict[str, Any]
    tax_class: str
    seo_title: str
    seo_description: str
    featured: bool
    published_at: datetime | None
    variants: tuple[VariantDetail, ...]
    pictures: tuple[PictureView, ...]


_LIST = text(
    """
    SELECT p.id, p.slug, p.title, p.status, c.name AS category_name, t.price_min, t.price_max, t.variants, t.available
    FROM (
        SELECT * FROM catalog.products p
        WHERE (CAST(:status AS text) IS NULL OR p.status = :status)
          AND (CAST(:after AS uuid) IS NULL OR p.id < :after)
          AND (CAST(:q AS text) IS NULL OR p.title ILIKE :q OR p.slug ILIKE :q
               OR EXISTS (SELECT FROM catalog.variants v WHERE v.product_id = p.id AND v.sku ILIKE :q))
        ORDER BY p.id DESC LIMIT :limit
    ) p
    JOIN catalog.categories c ON c.id = p.category_id
    CROSS JOIN LATERAL (
        SELECT min(v.price) AS price_min, max(v.price) AS price_max, count(*) AS variants,
            coalesce(sum(greatest(s.on_hand - s.reserved, 0)), 0) AS available
        FROM catalog.variants v LEFT JOIN catalog.stock s ON s.variant_id = v.id WHERE v.product_id = p.id
    ) t
    ORDER BY p.id DESC
    """
)
_DETAIL = text(
    """
    SELECT p.*, c.path AS category_path, b.name AS brand_name,
        (SELECT jsonb_agg(jsonb_build_object('alt', alt, 'width', width, 'height', height, 'derivatives', derivatives)
                ORDER BY position, id) FROM catalog.pictures WHERE product_id = p.id) AS pictures
    FROM catalog.products p
    JOIN catalog.categories c ON c.id = p.category_id
    LEFT JOIN catalog.brands b ON b.id = p.brand_id
    WHERE p.id = :id
    """
)
_VARIANTS = text(
    """
    SELECT v.id, v.sku, v.barcode, v.option_values, v.price, v.compare_at, v.weight_grams,
        coalesce(s.on_hand, 0) AS on_hand, coalesce(s.reserved, 0) AS reserved,
        coalesce(s.sell_when_out, false) AS sell_when_out, coalesce(s.low_at, 0) AS low_at
    FROM catalog.variants v LEFT JOIN catalog.stock s ON s.variant_id = v.id
    WHERE v.product_id = :id ORDER BY v.position, v.id
    """
)


def product_list(
    session: Session,
    *,
    currency: str,
    q: str | None = None,
    status: str | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> ProductList:
    """Return products of any status, newest first; `q` is part of a title, an address or a SKU. One statement."""
    part = clean(q or "").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = session.execute(
        _LIST, {"status": status, "after": after, "q": f"%{part}%" if part else None, "limit": limit + 1}
    ).all()
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


def product_detail(session: Session, product_id: UUID, *, currency: str) -> ProductDetail:
    """Return a product of any status with its variants and their stock; raises NoSuchProduct. Two statements."""
    row = session.execute(_DETAIL, {"id": product_id}).one_or_none()
    if row is None:
        raise NoSuchProduct
    variants = tuple(
        VariantDetail(
            variant.id,
            variant.sku,
            variant.barcode,
            options_label(variant.option_values),
            Money(variant.price, currency),
            None if variant.compare_at is None else Money(variant.compare_at, currency),
            variant.weight_grams,
            variant.on_hand,
            variant.reserved,
            variant.sell_when_out,
            variant.low_at,
        )
        for variant in session.execute(_VARIANTS, {"id": product_id})
    )
    pictures = (PictureView.from_json(picture) for picture in row.pictures or ())
    return ProductDetail(
        id=row.id,
        version=row.version,
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        description=row.description,
        status=row.status,
        category_id=row.category_id,
        category_path=row.category_path,
        brand_id=row.brand_id,
        brand_name=row.brand_name or "",
        options=tuple(row.options),
        attributes=row.attributes,
        tax_class=row.tax_class,
        seo_title=row.seo_title,
        seo_description=row.seo_description,
        featured=row.featured,
        published_at=row.published_at,
        variants=variants,
        pictures=tuple(picture for picture in pictures if picture),
    )
