"""How products and stock look to those who run the shop."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from domain.catalog.queries import Movement, ProductDetail, ProductRow, StockLevel, VariantDetail
from web.api import Money, money
from web.api.answers import optional_money
from web.api.cursors import Next
from web.api.shapes import Moment


class ProductCard(TypedDict):
    """A product in a list; `available` is summed over its variants."""

    id: str
    slug: str
    title: str
    status: str
    category: str
    price_min: Money | None
    price_max: Money | None
    variants: int
    available: int


class ProductList(TypedDict):
    """Products, the newest first."""

    items: list[ProductCard]
    next: Next


class Variant(TypedDict):
    """A variant with its stock."""

    id: str
    sku: str
    barcode: str | None
    label: str
    options: list[str]
    price: Money
    compare_at: Money | None
    weight_grams: int
    on_hand: int
    reserved: int
    available: int
    sell_when_out: bool
    low_at: int


class Product(TypedDict):
    """A product of any status."""

    id: str
    slug: str
    title: str
    summary: str
    description: str
    status: str
    category: str
    brand: str
    featured: bool
    tags: list[str]
    seo_title: str
    seo_description: str
    published_at: Moment | None
    options: Annotated[list[str], Field(description="What the `options` of its variants are called, in their order.")]
    variants: list[Variant]


class Level(TypedDict):
    """How many of a variant are on the shelf, promised, and left to sell."""

    variant_id: str
    sku: str
    product_id: str
    title: str
    label: str
    on_hand: int
    reserved: int
    available: int
    sell_when_out: bool
    low_at: int
    low: bool


class LevelList(TypedDict):
    """Stock, in the order of the SKUs."""

    items: list[Level]
    next: Next


class MovementShape(TypedDict):
    """A line of a variant's ledger; the numbers are changes."""

    id: int
    kind: str
    on_hand: int
    reserved: int
    actor: str
    reason: str
    at: Moment


class MovementList(TypedDict):
    """A variant's ledger, the newest line first."""

    items: list[MovementShape]
    next: Next


def product_card(row: ProductRow) -> ProductCard:
    """Write a product of a list."""
    return {
        "id": str(row.id),
        "slug": row.slug,
        "title": row.title,
        "status": row.status,
        "category": row.category_name,
        "price_min": optional_money(row.price_min),
        "price_max": optional_money(row.price_max),
        "variants": row.variants,
        "available": row.available,
    }


def product(detail: ProductDetail) -> Product:
    """Write a product."""
    return {
        "id": str(detail.id),
        "slug": detail.slug,
        "title": detail.title,
        "summary": detail.summary,
        "description": detail.description,
        "status": detail.status,
        "category": detail.category_path,
        "brand": detail.brand_name,
        "featured": detail.featured,
        "tags": list(detail.tags),
        "seo_title": detail.seo_title,
        "seo_description": detail.seo_description,
        "published_at": detail.published_at.isoformat() if detail.published_at else None,
        "options": list(detail.options),
        "variants": [_variant(variant) for variant in detail.variants],
    }


def _variant(variant: VariantDetail) -> Variant:
    return {
        "id": str(variant.id),
        "sku": variant.sku,
        "barcode": variant.barcode,
        "label": variant.label,
        "options": list(variant.option_values),
        "price": money(variant.price),
        "compare_at": optional_money(variant.compare_at),
        "weight_grams": variant.weight_grams,
        "on_hand": variant.on_hand,
        "reserved": variant.reserved,
        "available": variant.available,
        "sell_when_out": variant.sell_when_out,
        "low_at": variant.low_at,
    }


def level(found: StockLevel) -> Level:
    """Write how much of a variant there is."""
    return {
        "variant_id": str(found.variant_id),
        "sku": found.sku,
        "product_id": str(found.product_id),
        "title": found.title,
        "label": found.label,
        "on_hand": found.on_hand,
        "reserved": found.reserved,
        "available": found.available,
        "sell_when_out": found.sell_when_out,
        "low_at": found.low_at,
        "low": found.low,
    }


def movement(row: Movement) -> MovementShape:
    """Write a line of the ledger."""
    return {
        "id": row.id,
        "kind": row.kind,
        "on_hand": row.on_hand,
        "reserved": row.reserved,
        "actor": row.actor,
        "reason": row.reason,
        "at": row.at.isoformat(),
    }
