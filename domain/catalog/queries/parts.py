"""Parts of a product as staff see them: its pictures, one variant, and what is shown beside it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from domain.catalog.errors import NoSuchVariant
from domain.catalog.models import Picture, Variant
from domain.catalog.queries.picture import PictureView
from domain.catalog.queries.product import options_label
from domain.catalog.queries.search import clean
from domain.shared.money import Money
from domain.shared.stamp import stamp


@dataclass(frozen=True, slots=True)
class PictureDetail:
    """A picture in any state; `shown` is None until its files are made."""

    id: UUID
    alt: str
    width: int
    height: int
    state: str
    shown: PictureView | None


@dataclass(frozen=True, slots=True)
class VariantParts:
    """What a variant is called and what is known of it; `cost` in minor units, `version` a stamp of it all."""

    id: UUID
    sku: str
    label: str
    barcode: str
    weight_grams: int
    cost: int | None
    picture_id: UUID | None
    colours: tuple[str, ...]
    price: Money
    version: str
    measure_amount: Decimal | None
    measure_unit: str | None
    measure_base: Decimal | None
    archived: bool


@dataclass(frozen=True, slots=True)
class ProductChoice:
    """A product that was looked up, to be chosen."""

    id: UUID
    title: str
    sku: str
    status: str


# A look-up reads a few rows by the indexes of titles and SKUs, however many products there are.
_FIND = text(
    """
    SELECT p.id, p.title, (SELECT min(sku) FROM catalog.variants v WHERE v.product_id = p.id) AS sku, p.status
    FROM catalog.products p
    WHERE p.status <> 'archived' AND p.id IN (
        SELECT id FROM catalog.products WHERE title ILIKE :part
        UNION SELECT product_id FROM catalog.variants WHERE sku ILIKE :part)
    ORDER BY p.title, p.id LIMIT :limit
    """
)
_CHOSEN = """
    SELECT p.id, p.title, (SELECT min(sku) FROM catalog.variants v WHERE v.product_id = p.id) AS sku, p.status
    FROM {table} o JOIN catalog.products p ON p.id = o.{other} WHERE o.{own} = :id ORDER BY o.position, p.id
"""
_RELATED = text(_CHOSEN.format(table="catalog.related_products", other="related_id", own="product_id"))
_IN_COLLECTION = text(_CHOSEN.format(table="catalog.collection_products", other="product_id", own="collection_id"))


def pictures_of(session: Session, product_id: UUID) -> tuple[PictureDetail, ...]:
    """Return a product's pictures in their order, also those that wait. One statement."""
    rows = session.scalars(
        select(Picture)
        .where(Picture.product_id == product_id)
        .order_by(Picture.position, Picture.id)
        .execution_options(populate_existing=True)
    )
    return tuple(
        PictureDetail(
            row.id,
            row.alt,
            row.width,
            row.height,
            row.state,
            PictureView(row.alt, row.width, row.height, tuple(row.derivatives)) if row.derivatives else None,
        )
        for row in rows
    )


def pictures_stamp(described: Iterable[tuple[UUID, str]]) -> str:
    """Return a stamp of pictures in their order, each with its description."""
    return stamp(list(described))


def variant_of(session: Session, product_id: UUID, variant_id: UUID, *, currency: str) -> VariantParts:
    """Return one variant of a product; raises NoSuchVariant. One statement."""
    row = session.get(Variant, variant_id, populate_existing=True)
    if row is None or row.product_id != product_id:
        raise NoSuchVariant
    return VariantParts(
        row.id,
        row.sku,
        options_label(row.option_values),
        row.barcode or "",
        row.weight_grams,
        row.cost,
        row.picture_id,
        tuple(row.colours),
        Money(row.price, currency),
        row.described,
        row.measure_amount,
        row.measure_unit,
        row.measure_base,
        row.archived_at is not None,
    )


def find_products(session: Session, q: str, *, limit: int = 20) -> tuple[ProductChoice, ...]:
    """Return products whose title or SKU has this in it, to choose from. One statement."""
    part = clean(q).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    rows = session.execute(_FIND, {"part": f"%{part}%", "limit": limit}) if part else ()
    return tuple(ProductChoice(*row) for row in rows)


def related_choices(session: Session, product_id: UUID) -> tuple[ProductChoice, ...]:
    """Return what staff chose to show beside a product, on sale or not. One statement."""
    return tuple(ProductChoice(*row) for row in session.execute(_RELATED, {"id": product_id}))


def collection_choices(session: Session, collection_id: UUID) -> tuple[ProductChoice, ...]:
    """Return what was put into a collection by hand, on sale or not. One statement."""
    return tuple(ProductChoice(*row) for row in session.execute(_IN_COLLECTION, {"id": collection_id}))
