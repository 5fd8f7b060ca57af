"""Taking a shopper's name off what stays in the books."""

from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from domain.orders.commands.notes import NOTE
from domain.orders.errors import OrdersUnderWay
from domain.orders.models import Order, Return, TimelineEntry
from domain.orders.models.returns import APPROVED, REFUSED
from domain.orders.states import FINISHED
from domain.payments.forget import forget_payers
from domain.promotions.commands import forget_customers

NOBODY = "deleted@account.invalid"
"""Stands for the address of those who left; nothing can be delivered to it."""
WORDS = (NOTE, "return_requested", f"return_{APPROVED}", f"return_{REFUSED}")
"""The entries of a timeline in which shoppers and staff say in their own words what may be of the shopper."""


def forget_orders(session: Session, *, shopper_id: UUID, email: str | None) -> tuple[UUID, ...]:
    """Take name, address, phone, e-mail, notes, tags and what was said of returns off a shopper's orders.

    Amounts, goods and countries stay. With `email`, an address that is known to be theirs, also off what was ordered
    under it without signing in. Raises OrdersUnderWay while something is still to be paid, sent or delivered. Return
    which orders there were.
    """
    theirs = Order.shopper_id == shopper_id
    if email:
        theirs = or_(theirs, and_(Order.email == email, Order.shopper_id.is_(None)))
    orders = session.scalars(
        select(Order).where(theirs).order_by(Order.id).with_for_update().execution_options(populate_existing=True)
    ).all()
    if any(order.state not in FINISHED for order in orders):
        raise OrdersUnderWay
    emails, ids = {order.email for order in orders} - {NOBODY}, tuple(order.id for order in orders)
    forget_customers(session, ids)
    forget_payers(session, sorted(emails))
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
                tags=[],
            )
        )
    session.execute(
        update(TimelineEntry)
        .where(TimelineEntry.order_id.in_(ids), TimelineEntry.kind.in_(WORDS))
        .values(note="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Return)
        .where(Return.order_id.in_(ids))
        .values(reason="", answer="")
        .execution_options(synchronize_session=False)
    )
    return ids


def _nowhere(address: dict[str, Any]) -> dict[str, Any]:
    return {"name": "Deleted", "line1": "", "city": "", "country": address.get("country", "")}
