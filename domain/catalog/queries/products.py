"""One product as staff see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog.errors import NoSuchProduct
from domain.catalog.queries.picture import PictureView
from domain.catalog.queries.product import options_label
from domain.shared.money import Money


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
    cost: Money | None = None
    sale_price: Money | None = None
    sale_starts_at: datetime | None = None
    sale_ends_at: datetime | None = None
    on_sale: bool = False
    sale_over: bool = False
    option_values: tuple[str, ...] = ()
    archived: bool = False

    @property
    def available(self) -> int:
        """Return how many can still be sold."""
        return max(self.on_hand - self.reserved, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDetail:
    """A product as its form shows it; `version` goes back with the form, `archived` are variants no longer sold."""

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
    type_id: UUID | None
    product_type: str
    attributes: dict[str, Any]
    tags: tuple[str, ...]
    tax_class: str
    seo_title: str
    seo_description: str
    featured: bool
    published_at: datetime | None
    variants: tuple[VariantDetail, ...]
    archived: tuple[VariantDetail, ...]
    pictures: tuple[PictureView, ...]

    def option_values(self, place: int) -> tuple[str, ...]:
        """Return the values that the variants have of one option, each once."""
        return tuple(dict.fromkeys(variant.option_values[place] for variant in self.variants if variant.option_values))


_DETAIL = text(
    """
    SELECT p.*, c.path AS category_path, b.name AS brand_name,
        (SELECT jsonb_agg(jsonb_build_object('alt', alt, 'width', width, 'height', height, 'derivatives', derivatives)
                ORDER BY position, id) FROM catalog.pictures WHERE product_id = p.id AND state = 'ready') AS pictures
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
        coalesce(s.sell_when_out, false) AS sell_when_out, coalesce(s.low_at, 0) AS low_at, v.cost, v.sale_price,
        v.sale_starts_at, v.sale_ends_at,
        v.sale_price IS NOT NULL AND coalesce(v.sale_starts_at <= now(), true)
            AND coalesce(now() < v.sale_ends_at, true) AS on_sale,
        coalesce(v.sale_ends_at <= now(), false) AS sale_over, v.archived_at IS NOT NULL AS archived
    FROM catalog.variants v LEFT JOIN catalog.stock s ON s.variant_id = v.id
    WHERE v.product_id = :id ORDER BY v.position, v.id
    """
)


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
            None if variant.cost is None else Money(variant.cost, currency),
            None if variant.sale_price is None else Money(variant.sale_price, currency),
            variant.sale_starts_at,
            variant.sale_ends_at,
            variant.on_sale,
            variant.sale_over,
            tuple(variant.option_values),
            variant.archived,
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
        type_id=row.type_id,
        product_type=row.product_type,
        attributes=row.attributes,
        tags=tuple(row.tags),
        tax_class=row.tax_class,
        seo_title=row.seo_title,
        seo_description=row.seo_description,
        featured=row.featured,
        published_at=row.published_at,
        variants=tuple(one for one in variants if not one.archived),
        archived=tuple(one for one in variants if one.archived),
        pictures=tuple(picture for picture in pictures if picture),
    )
