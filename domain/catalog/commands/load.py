"""Loading many products at once, as a seed does: plain rows by COPY, in the caller's transaction.

No events are recorded: who loads refreshes the listing when all is there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.orm import Session, class_mapper
from uuid_utils.compat import uuid7

from domain.catalog.models import Picture, Product, Stock, Variant
from domain.catalog.models.product import PUBLISHED
from domain.catalog.models.stock import RECEIVED
from domain.shared.db import Base, utcnow


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadedPicture:
    """A picture that is already stored."""

    alt: str
    width: int
    height: int
    derivatives: Sequence[dict[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadedVariant:
    """A variant with what lies on the shelf; `picture` is its place among the product's pictures."""

    sku: str
    price: int
    on_hand: int
    option_values: Sequence[str] = ()
    compare_at: int | None = None
    barcode: str | None = None
    weight_grams: int = 0
    colours: Sequence[str] = ()
    picture: int | None = None
    measure: tuple[Decimal, str, Decimal] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadedProduct:
    """A published product with all that hangs below it; its attributes are as the catalogue keeps them."""

    slug: str
    title: str
    summary: str
    description: str
    category_id: UUID
    brand_id: UUID | None
    options: Sequence[str]
    attributes: dict[str, Any]
    featured: bool
    published_at: datetime
    variants: Sequence[LoadedVariant]
    pictures: Sequence[LoadedPicture]
    tax_class: str = "standard"
    type_id: UUID | None = None
    tags: Sequence[str] = ()


_PRODUCTS = (
    "id", "created_at", "slug", "title", "summary", "description", "status", "brand_id", "category_id", "product_type",
    "options", "attributes", "tax_class", "seo_title", "seo_description", "featured", "published_at", "version",
    "type_id", "tags",
)  # fmt: skip
_PICTURES = ("id", "created_at", "product_id", "position", "alt", "width", "height", "derivatives")
_VARIANTS = (
    "id", "created_at", "product_id", "sku", "option_values", "price", "compare_at", "barcode", "weight_grams",
    "position", "colours", "picture_id", "measure_amount", "measure_unit", "measure_base",
)  # fmt: skip
_STOCK = ("variant_id", "on_hand", "reserved", "sell_when_out", "low_at")
_LOW_AT = 3

# The first line of a variant's ledger is what it came with, so that the ledger sums up to the stock from the start.
_RECEIVED = text(
    """
    INSERT INTO catalog.stock_movements (variant_id, kind, on_hand, reserved, order_id, actor, reason, at)
    SELECT variant_id, :kind, on_hand, 0, NULL, :actor, :reason, now()
    FROM catalog.stock WHERE variant_id = ANY(:ids) AND on_hand > 0 ORDER BY variant_id
    """
)


def known_slugs(session: Session) -> set[str]:
    """Return the address of every product, so that a second load can leave out what is there."""
    return set(session.scalars(text("SELECT slug FROM catalog.products")))


def load(session: Session, products: Iterable[LoadedProduct], *, actor: str, reason: str) -> int:
    """Write products that are new to the shop, on sale and in stock, and return how many they were."""
    now = utcnow()
    rows: dict[type[Any], list[tuple[Any, ...]]] = {Product: [], Picture: [], Variant: [], Stock: []}
    for product in products:
        _add(rows, product, now)
    for model, names in ((Product, _PRODUCTS), (Picture, _PICTURES), (Variant, _VARIANTS), (Stock, _STOCK)):
        copy_rows(session, model, names, rows[model])
    ids = [row[0] for row in rows[Stock]]
    session.execute(_RECEIVED, {"kind": RECEIVED, "actor": actor, "reason": reason, "ids": ids})
    return len(rows[Product])


def _add(rows: dict[type[Any], list[tuple[Any, ...]]], product: LoadedProduct, now: datetime) -> None:
    product_id = uuid7()
    rows[Product].append(
        (product_id, now, product.slug, product.title, product.summary, product.description, PUBLISHED,
         product.brand_id, product.category_id, "", list(product.options), Jsonb(product.attributes),
         product.tax_class, "", "", product.featured, product.published_at, 1,
         product.type_id, list(product.tags))
    )  # fmt: skip
    picture_ids = [uuid7() for _ in product.pictures]
    for position, picture in enumerate(product.pictures):
        rows[Picture].append(
            (picture_ids[position], now, product_id, position, picture.alt, picture.width, picture.height,
             Jsonb(list(picture.derivatives)))
        )  # fmt: skip
    for position, variant in enumerate(product.variants):
        variant_id = uuid7()
        picture_id = None if variant.picture is None else picture_ids[variant.picture]
        rows[Variant].append(
            (variant_id, now, product_id, variant.sku, list(variant.option_values), variant.price, variant.compare_at,
             variant.barcode, variant.weight_grams, position, list(variant.colours), picture_id,
             *(variant.measure or (None, None, None)))
        )  # fmt: skip
        rows[Stock].append((variant_id, variant.on_hand, 0, False, _LOW_AT))


def copy_rows(session: Session, model: type[Base], names: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows of these columns by COPY."""
    connection = session.connection().connection.driver_connection
    assert connection is not None
    columns = ", ".join(f'"{name}"' for name in names)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {class_mapper(model).local_table} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
