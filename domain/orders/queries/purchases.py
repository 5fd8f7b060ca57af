"""What somebody has bought and kept: the right to say how it is."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.shared.db import reading


@dataclass(frozen=True, slots=True)
class Purchase:
    """A product in an order that was paid, of which at least one unit was neither refunded nor sent back."""

    product_id: UUID
    slug: str
    title: str
    order_id: UUID
    shopper_id: UUID | None
    email: str
    name: str


def _statement(whose: str, more: str = "") -> Any:
    return reading(
        f"""
        SELECT DISTINCT ON (p.id) p.id AS product_id, p.slug, p.title, o.id AS order_id, o.shopper_id, o.email,
            coalesce(o.shipping_address ->> 'name', '') AS name
        FROM orders.orders o
        JOIN orders.lines l ON l.order_id = o.id
        JOIN catalog.variants v ON v.id = l.variant_id
        JOIN catalog.products p ON p.id = v.product_id
        WHERE {whose} AND o.state IN ('paid', 'packed', 'shipped', 'delivered')
            AND l.quantity > l.withdrawn + l.returned {more}
        ORDER BY p.id, o.id
        """,  # noqa: S608
        "product_id slug title order_id shopper_id email name",
    )


_ONE_PRODUCT = "AND p.id = :product_id"
_OF_SHOPPER, _OF_ORDER = _statement("o.shopper_id = :shopper_id"), _statement("o.id = :order_id")
_SHOPPERS_ONE = _statement("o.shopper_id = :shopper_id", _ONE_PRODUCT)
_ORDERS_ONE = _statement("o.id = :order_id", _ONE_PRODUCT)


def shopper_purchases(session: Session, shopper_id: UUID) -> tuple[Purchase, ...]:
    """Return the products that a shopper bought and kept, by the first order of each."""
    return tuple(Purchase(*row) for row in session.execute(_OF_SHOPPER, {"shopper_id": shopper_id}))


def order_purchases(session: Session, order_id: UUID) -> tuple[Purchase, ...]:
    """Return the products of an order that were kept."""
    return tuple(Purchase(*row) for row in session.execute(_OF_ORDER, {"order_id": order_id}))


def shopper_purchase(session: Session, shopper_id: UUID, *, product_id: UUID) -> Purchase | None:
    """Return a shopper's purchase of a product, or None."""
    row = session.execute(_SHOPPERS_ONE, {"shopper_id": shopper_id, "product_id": product_id}).one_or_none()
    return Purchase(*row) if row else None


def order_purchase(session: Session, order_id: UUID, *, product_id: UUID) -> Purchase | None:
    """Return an order's purchase of a product, or None."""
    row = session.execute(_ORDERS_ONE, {"order_id": order_id, "product_id": product_id}).one_or_none()
    return Purchase(*row) if row else None
