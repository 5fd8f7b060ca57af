"""A shopper's own orders and returns, whole, to be taken along."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from domain.orders.models import Order, OrderLine, Return, ReturnLine


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


def returns_to_take_along(session: Session, shopper_id: UUID) -> list[dict[str, Any]]:
    """Return what a shopper sent back or asked to, with the words of both sides."""
    found = session.execute(
        select(Return, Order.number)
        .join(Order, Order.id == Return.order_id)
        .where(Order.shopper_id == shopper_id)
        .order_by(Return.id)
    ).all()
    lines = session.execute(
        select(ReturnLine.return_id, OrderLine.sku, OrderLine.title, ReturnLine.quantity, ReturnLine.received)
        .join(OrderLine, OrderLine.id == ReturnLine.line_id)
        .where(ReturnLine.return_id.in_([row.Return.id for row in found]))
        .order_by(OrderLine.position)
    ).all()
    return [
        {
            "order": row.number,
            "asked_at": row.Return.created_at,
            "state": row.Return.state,
            "reason": row.Return.reason,
            "answer": row.Return.answer,
            "lines": [
                {"sku": line.sku, "title": line.title, "quantity": line.quantity, "received": line.received}
                for line in lines
                if line.return_id == row.Return.id
            ],
        }
        for row in found
    ]
