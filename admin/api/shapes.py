"""How products, stock and orders look to those who run the shop."""

from typing_extensions import TypedDict

from domain.catalog.queries import ProductDetail, ProductRow, StockLevel, VariantDetail
from domain.orders.queries import AdminOrder, OrderRow
from web.api import Money, money
from web.api.answers import optional_money
from web.api.cursors import Next
from web.api.shapes import DiscountShape, Moment, PostalAddress, TaxShape, address, discounts, taxes


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
    published_at: Moment | None
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


class OrderCard(TypedDict):
    """An order in a list."""

    number: str
    state: str
    placed_at: Moment
    email: str
    name: str
    country: str
    units: int
    total: Money


class OrderList(TypedDict):
    """Orders, the newest first."""

    items: list[OrderCard]
    next: Next


class OrderLineShape(TypedDict):
    """A line as it was ordered; `left` is still to be sent."""

    id: str
    sku: str
    title: str
    options: str
    unit_price: Money
    quantity: int
    total: Money
    tax: Money
    shipped: int
    returned: int
    left: int


class Parcel(TypedDict):
    """A parcel that was sent."""

    carrier: str
    tracking_number: str
    sent_at: Moment
    delivered_at: Moment | None


class Order(TypedDict):
    """An order, with what can be done with it now."""

    number: str
    state: str
    placed_at: Moment
    paid_at: Moment | None
    email: str
    phone: str | None
    shipping_address: PostalAddress | None
    billing_address: PostalAddress | None
    delivery_name: str
    way_to_pay: str
    lines: list[OrderLineShape]
    subtotal: Money
    discount: Money
    discounts: list[DiscountShape]
    delivery: Money
    tax: Money
    taxes: list[TaxShape]
    total: Money
    parcels: list[Parcel]
    can_pack: bool
    can_ship: bool
    can_deliver: bool
    can_cancel: bool


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
        "published_at": detail.published_at.isoformat() if detail.published_at else None,
        "variants": [_variant(variant) for variant in detail.variants],
    }


def _variant(variant: VariantDetail) -> Variant:
    return {
        "id": str(variant.id),
        "sku": variant.sku,
        "barcode": variant.barcode,
        "label": variant.label,
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


def order_card(row: OrderRow) -> OrderCard:
    """Write an order of a list."""
    return {
        "number": row.number,
        "state": row.state,
        "placed_at": row.placed_at.isoformat(),
        "email": row.email,
        "name": row.name,
        "country": row.country,
        "units": row.units,
        "total": money(row.total),
    }


def order(found: AdminOrder) -> Order:
    """Write an order."""
    return {
        "number": found.number,
        "state": found.state,
        "placed_at": found.placed_at.isoformat(),
        "paid_at": found.paid_at.isoformat() if found.paid_at else None,
        "email": found.email,
        "phone": found.phone,
        "shipping_address": address(found.shipping_address),
        "billing_address": address(found.billing_address),
        "delivery_name": found.delivery_name,
        "way_to_pay": found.gateway,
        "lines": [
            {
                "id": str(line.id),
                "sku": line.sku,
                "title": line.title,
                "options": line.options_label,
                "unit_price": money(line.unit_price),
                "quantity": line.quantity,
                "total": money(line.total),
                "tax": money(line.tax),
                "shipped": line.shipped,
                "returned": line.returned,
                "left": line.left,
            }
            for line in found.lines
        ],
        "subtotal": money(found.subtotal),
        "discount": money(found.discount),
        "discounts": discounts(found.discounts),
        "delivery": money(found.delivery),
        "tax": money(found.tax),
        "taxes": taxes(found.taxes),
        "total": money(found.total),
        "parcels": [
            {
                "carrier": parcel.carrier,
                "tracking_number": parcel.tracking_number,
                "sent_at": parcel.sent_at.isoformat(),
                "delivered_at": parcel.delivered_at.isoformat() if parcel.delivered_at else None,
            }
            for parcel in found.shipments
        ],
        "can_pack": found.can_pack,
        "can_ship": found.can_ship,
        "can_deliver": found.can_deliver,
        "can_cancel": found.can_cancel,
    }
