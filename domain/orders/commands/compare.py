"""Comparing settled payments with the gateways' own books, so that a difference is found by us and not by a shopper."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from domain.orders.commands.load import SYSTEM
from domain.orders.commands.settle import settle_read
from domain.payments import commands as payments
from domain.payments import queries as paid
from domain.payments.gateways.port import Gateways, GatewayTimeout, GatewayUnavailable, Outcome
from domain.payments.queries import PaymentRecord
from domain.shared.db import Sessions, transaction

log = structlog.get_logger("orders")

COMPARE_AGAIN_AFTER = timedelta(days=1)
COMPARE_FOR = timedelta(days=90)
"""How long a settled payment is compared: as long as shoppers commonly may dispute it."""


def compare_settled(sessions: Sessions, gateways: Gateways, *, now: datetime, limit: int = 50) -> int:
    """Ask about settled payments, once a day each, and note where a gateway differs; returns how many do.

    Money that a gateway took for a payment that failed here is not only noted but dealt with, as any late payment is.
    What staff move by hand has no other book to compare with.
    """
    askable = [name for name, gateway in gateways.items() if not gateway.by_hand]
    with transaction(sessions) as tx:
        due = paid.settled_payments_to_compare(
            tx, gateways=askable, before=now - COMPARE_AGAIN_AFTER, since=now - COMPARE_FOR, limit=limit
        )
    differing = 0
    for payment in due:
        try:
            outcome = gateways[payment.gateway].look_up(payment_id=payment.id, reference=payment.reference)
        except (GatewayUnavailable, GatewayTimeout):
            continue
        with transaction(sessions) as tx:
            difference = _compare(tx, payment, outcome)
            payments.note_compared(tx, payment_id=payment.id, difference=difference)
        if difference:
            differing += 1
            log.error("gateway disagrees", payment=str(payment.id), gateway=payment.gateway, difference=difference)
    return differing


def _compare(session: Session, payment: PaymentRecord, outcome: Outcome) -> str | None:
    """Say in words what differs, or None; the amounts of `outcome` are the gateway's minor units."""
    if outcome.state == "unknown":
        return None
    if payment.state != "captured":
        if outcome.state in ("captured", "authorised"):
            settle_read(session, payment, outcome, actor=SYSTEM)
        return None
    if outcome.state != "captured":
        return f"Captured here, {outcome.state} at the gateway."
    if outcome.captured != payment.captured:
        return f"Captured {payment.captured} here and {outcome.captured} at the gateway."
    done, asked = paid.refunded_of(session, payment.id)
    if not done <= outcome.refunded <= asked:
        return f"Refunded {done} here and {outcome.refunded} at the gateway."
    return None
