"""What happened in the shop between two moments, in round numbers, for those who watch it run."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.cart.queries import carts_opened
from domain.notifications.events import MessageFailed
from domain.orders.events import OrderPaid, OrderPlaced, PaymentFailed
from domain.shared.outbox import OutboxMessage, id_at

COUNTED = {
    OrderPlaced.name: "orders_placed",
    OrderPaid.name: "orders_paid",
    PaymentFailed.name: "payments_failed",
    MessageFailed.name: "messages_failed",
}


def pulse(session: Session, *, since: datetime, until: datetime) -> dict[str, int]:
    """Count orders placed and paid, payments failed, carts opened and messages given up, `until` left out."""
    counts = dict.fromkeys(COUNTED.values(), 0)
    statement = (
        select(OutboxMessage.name, func.count())
        .where(OutboxMessage.id >= id_at(since), OutboxMessage.id < id_at(until), OutboxMessage.name.in_(COUNTED))
        .group_by(OutboxMessage.name)
    )
    for name, count in session.execute(statement):
        counts[COUNTED[name]] = count
    counts["carts_opened"] = carts_opened(session, since=since, until=until)
    return counts
