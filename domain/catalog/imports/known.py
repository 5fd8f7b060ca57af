"""What the shop has already of the products that a file tells of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog.commands.stock import hold


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownVariant:
    """A variant as it is."""

    id: UUID
    product_id: UUID
    sku: str
    option_values: Sequence[str]
    price: int
    compare_at: int | None
    sale_price: int | None
    sale_starts_at: datetime | None
    sale_ends_at: datetime | None
    cost: int | None
    barcode: str | None
    weight_grams: int
    colours: Sequence[str]
    measure_amount: Decimal | None
    measure_unit: str | None
    measure_base: Decimal | None
    archived_at: datetime | None
    on_hand: int
    reserved: int
    sell_when_out: bool
    low_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownProduct:
    """A product as it is."""

    id: UUID
    title: str
    summary: str
    description: str
    status: str
    brand_id: UUID | None
    category_path: str
    product_type: str
    type_id: UUID | None
    tags: Sequence[str]
    options: Sequence[str]
    attributes: dict[str, Any]
    tax_class: str
    seo_title: str
    seo_description: str
    featured: bool


@dataclass(frozen=True, slots=True)
class Known:
    """Products by id, the products of SKUs and slugs, and the variants of products."""

    products: dict[UUID, KnownProduct]
    of_sku: dict[str, UUID]
    of_slug: dict[str, UUID]
    variants: dict[UUID, list[KnownVariant]]


_OF_SKU = text("SELECT sku, product_id FROM catalog.variants WHERE sku = ANY(:skus)")
_OF_SLUG = text(
    """
    SELECT slug, id FROM catalog.products WHERE slug = ANY(:slugs)
    UNION ALL
    SELECT slug, product_id FROM catalog.old_slugs WHERE slug = ANY(:slugs)
    """
)
_PRODUCTS = text(
    """
    SELECT p.id, p.title, p.summary, p.description, p.status, p.brand_id, c.path AS category_path,
        p.product_type, p.type_id, p.tags, p.options, p.attributes, p.tax_class, p.seo_title, p.seo_description,
        p.featured
    FROM catalog.products p JOIN catalog.categories c ON c.id = p.category_id
    WHERE p.id = ANY(:ids)
    """
)
_VARIANTS = text(
    """
    SELECT v.id, v.product_id, v.sku, v.option_values, v.price, v.compare_at, v.sale_price, v.sale_starts_at,
        v.sale_ends_at, v.cost, v.barcode, v.weight_grams, v.colours, v.measure_amount, v.measure_unit,
        v.measure_base, v.archived_at, coalesce(s.on_hand, 0) AS on_hand, coalesce(s.reserved, 0) AS reserved,
        coalesce(s.sell_when_out, false) AS sell_when_out,
        coalesce(s.low_at, 0) AS low_at
    FROM catalog.variants v LEFT JOIN catalog.stock s ON s.variant_id = v.id
    WHERE v.product_id = ANY(:ids) ORDER BY v.product_id, v.position, v.id
    """
)


_HOLD_PRODUCTS = text(
    """
    SELECT p.id FROM catalog.products p
    WHERE p.slug = ANY(:slugs) OR p.id IN (SELECT product_id FROM catalog.variants WHERE sku = ANY(:skus))
    ORDER BY p.id FOR NO KEY UPDATE
    """
)
_HOLD_VARIANTS = text("SELECT id FROM catalog.variants WHERE product_id = ANY(:ids) ORDER BY id FOR NO KEY UPDATE")


def hold_known(session: Session, *, skus: Collection[str], slugs: Collection[str], stock: bool) -> None:
    """Lock what a batch is about to compare and change: products, their variants, with `stock` what lies on the shelf.

    In the order in which the product pages and the checkout take them, so that nobody waits for another crosswise, and
    before it is read, so that what staff save meanwhile is neither missed nor set back.
    """
    ids = session.scalars(_HOLD_PRODUCTS, {"skus": list(skus), "slugs": list(slugs)}).all()
    variants = session.scalars(_HOLD_VARIANTS, {"ids": ids}).all() if ids else []
    if stock and variants:
        hold(session, variants)


def known(session: Session, *, skus: Collection[str], slugs: Collection[str]) -> Known:
    """Return what the shop has of these SKUs and slugs. Four statements."""
    of_sku = {row.sku: row.product_id for row in session.execute(_OF_SKU, {"skus": list(skus)})}
    of_slug = {row.slug: row.id for row in session.execute(_OF_SLUG, {"slugs": list(slugs)})}
    ids = {"ids": list({*of_sku.values(), *of_slug.values()})}
    products = {row.id: KnownProduct(**row._mapping) for row in session.execute(_PRODUCTS, ids)}
    variants: dict[UUID, list[KnownVariant]] = {id_: [] for id_ in products}
    for row in session.execute(_VARIANTS, ids):
        variants[row.product_id].append(KnownVariant(**row._mapping))
    return Known(products, of_sku, of_slug, variants)


def taken(session: Session, slugs: Collection[str]) -> set[str]:
    """Return which of these addresses a product has, or once had."""
    return {row.slug for row in session.execute(_OF_SLUG, {"slugs": list(slugs)})}
