"""Giving up orders that nobody paid in time, so that others can buy what they held."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from domain.orders.commands.cancel import cancel_unpaid
from domain.orders.commands.load import SYSTEM, lock_order
from domain.orders.commands.reconcile import stop
from domain.orders.commands.settle import settle_payment
from domain.orders.models import Order
from domain.orders.states import PLACED
from domain.payments import queries as paid
from domain.payments.gateways.port import Gateways
from domain.shared.db import Sessions, transaction

PATIENCE = timedelta(hours=1)
"""How long an expired order waits for a gateway that gives no answer; a payment that arrives later is dealt with."""

REASON = "It was not paid in time."


def expire_unpaid(sessions: Sessions, gateways: Gateways, *, now: datetime, limit: int = 100) -> int:
    """Cancel the orders whose time to pay is over and free their stock; returns how many.

    The gateway comes first: an open payment is cancelled there, or turns out to be made, and then the order is paid
    instead. No answer means patience, for an hour. Each order has a transaction of its own and a repeat finds it done.
    """
    with transaction(sessions) as tx:
        overdue = tx.scalars(
            select(Order.id)
            .where(Order.state == PLACED, Order.expires_at <= now)
            .order_by(Order.expires_at)
            .limit(limit)
        ).all()
    return sum(_expire(sessions, gateways, order_id, now) for order_id in overdue)


def _expire(sessions: Sessions, gateways: Gateways, order_id: UUID, now: datetime) -> bool:
    with transaction(sessions) as tx:
        attempts = [payment for payment in paid.of_order(tx, order_id) if payment.open]
    for payment in attempts:
        gateway = gateways.get(payment.gateway)
        outcome = stop(gateway, payment, now=now) if gateway else None
        if outcome:
            with transaction(sessions) as tx:
                settle_payment(tx, payment_id=payment.id, outcome=outcome, actor=SYSTEM)
    with transaction(sessions) as tx:
        order = lock_order(tx, order_id)
        if order.state != PLACED or order.expires_at is None or order.expires_at > now:
            return False
        still_open = any(payment.open for payment in paid.of_order(tx, order_id))
        if still_open and now < order.expires_at + PATIENCE:
            return False
        cancel_unpaid(tx, order, actor=SYSTEM, reason=REASON)
        return True
