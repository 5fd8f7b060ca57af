"""A shopper's own orders, whole, to be taken along."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from domain.orders.models import Order


def orders_to_take_along(session: Session, shopper_id: UUID) -> list[dict[str, Any]]:
    """Return all that the shop keeps of a shopper's orders, in plain values; amounts in minor units."""
    orders = session.scalars(
        select(Order).options(joinedload(Order.lines)).where(Order.shopper_id == shopper_id).order_by(Order.id)
    ).unique()
    return [
        {
            "number": order.number,
            "placed_at": order.created_at,
            "state": order.state,
            "email": order.email,
            "phone": order.phone,
            "shipping_address": order.shipping_address,
            "billing_address": order.billing_address,
            "currency": order.currency,
            "total": order.total,
            "tax": order.tax,
            "lines": [
                {
                    "sku": line.sku,
                    "title": line.title,
                    "options": line.options,
                    "quantity": line.quantity,
                    "unit_price": line.unit_price,
                    "total": line.total,
                }
                for line in order.lines
            ],
        }
        for order in orders
    ]
