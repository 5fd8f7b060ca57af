"""Taking a shopper's name off what stays in the books."""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.orders.errors import OrdersUnderWay
from domain.orders.models import Order
from domain.orders.states import FINISHED

NOBODY = "deleted@account.invalid"
"""Stands for the address of those who left; nothing can be delivered to it."""


def forget_orders(session: Session, *, shopper_id: UUID) -> int:
    """Take name, address, phone and e-mail off a shopper's orders; amounts, goods and countries stay.

    Raises OrdersUnderWay while something is still to be paid, sent or delivered. Return how many there were.
    """
    orders = session.scalars(
        select(Order).where(Order.shopper_id == shopper_id).order_by(Order.id).with_for_update()
    ).all()
    if any(order.state not in FINISHED for order in orders):
        raise OrdersUnderWay
    for order in orders:
        session.execute(
            update(Order)
            .where(Order.id == order.id)
            .values(
                email=NOBODY,
                phone=None,
                shipping_address=_nowhere(order.shipping_address),
                billing_address=_nowhere(order.billing_address),
                shopper_id=None,
            )
        )
    return len(orders)


def _nowhere(address: dict[str, Any]) -> dict[str, Any]:
    return {"name": "Deleted", "line1": "", "city": "", "country": address.get("country", "")}
