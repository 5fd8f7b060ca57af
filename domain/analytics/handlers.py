"""Keeping the reports' figures up to date with what happens to orders.

Each handler copies the order as it now is, so events that come late or out of order leave the right figures behind.
"""

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.analytics.models import OrderFact
from domain.orders.events import OrderCancelled, OrderPaid, OrderPlaced, OrderRefunded
from domain.orders.queries.figures import order_figures


def count_order(session: Session, event: OrderPlaced) -> None:
    """Count an order that was placed."""
    _copy(session, event.order_id)


def count_payment(session: Session, event: OrderPaid) -> None:
    """Count an order as paid."""
    _copy(session, event.order_id)


def count_cancellation(session: Session, event: OrderCancelled) -> None:
    """Count an order as cancelled."""
    _copy(session, event.order_id)


def count_refund(session: Session, event: OrderRefunded) -> None:
    """Count what was given back; its claim sees to it that this happens once."""
    _copy(session, event.order_id)
    session.execute(
        update(OrderFact)
        .where(OrderFact.order_id == event.order_id)
        .values(refunded=OrderFact.refunded + event.amount.amount)
    )


def _copy(session: Session, order_id: UUID) -> None:
    figures = order_figures(session, order_id)
    if figures is None:
        return
    values = asdict(figures)
    statement = insert(OrderFact).values(order_id=order_id, refunded=0, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["order_id"], set_=values))
