"""Asking gateways how payments stand, with nothing locked, and carrying out what they say."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.orders.commands.load import GATEWAY, SYSTEM
from domain.orders.commands.settle import settle_read
from domain.orders.models import Order
from domain.orders.states import PLACED
from domain.payments import commands as payments
from domain.payments import queries as paid
from domain.payments.errors import NoSuchPayment
from domain.payments.gateways.port import (
    NEVER_BEGUN,
    Gateway,
    Gateways,
    GatewayTimeout,
    GatewayUnavailable,
    Outcome,
)
from domain.payments.queries import PaymentRecord
from domain.shared.db import Sessions, transaction
from domain.shared.quick import glance

ASK_AGAIN_AFTER = timedelta(seconds=60)

MISSING_FOR_GOOD = timedelta(minutes=15)
"""After this time no request of ours can still be on its way to the gateway."""


def reconcile(sessions: Sessions, gateways: Gateways, *, now: datetime, limit: int = 100) -> int:
    """Ask about every payment left open and settle what is news; returns for how many something changed.

    Payments of orders that are given up are cancelled at the gateway, so that they cannot be paid any more.
    """
    with transaction(sessions) as tx:
        due = paid.open_payments_to_check(tx, older_than=now - ASK_AGAIN_AFTER, limit=limit)
        wanted = _still_placed(tx, [payment.order_id for payment in due])
    changed = 0
    for payment in due:
        gateway = gateways.get(payment.gateway)
        outcome = ask(gateway, payment, wanted=payment.order_id in wanted, now=now) if gateway else None
        with transaction(sessions) as tx:
            if outcome and settle_read(tx, payment, outcome, actor=SYSTEM):
                changed += 1
            # Not before: the payment's row comes after those of cart and order, or two would wait for each other.
            payments.note_checked(tx, payment_id=payment.id)
    return changed


def check_payment(sessions: Sessions, gateways: Gateways, *, order_id: UUID, now: datetime) -> bool:
    """Ask about an order's open payment when the shopper comes back from the gateway; True if it was news.

    What the return address itself says is not trusted. A gateway that gives no answer leaves the payment pending.
    """
    with glance(sessions) as reader:
        payment = next((one for one in paid.of_order(reader, order_id) if one.open), None)
    gateway = gateways.get(payment.gateway) if payment else None
    outcome = ask(gateway, payment, wanted=True, now=now) if gateway and payment else None
    if payment is None or outcome is None or not payment.changes_to(outcome.state):
        return False
    with transaction(sessions) as tx:
        return settle_read(tx, payment, outcome, actor=GATEWAY)


def receive_webhook(
    sessions: Sessions, gateways: Gateways, *, gateway: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> bool:
    """Take news from a gateway; True if it was news. Raises BadSignature, and NoSuchPayment for an unknown gateway.

    The message only says which payment to ask about, so late and shuffled messages do no harm. It is kept in the
    same commit as its effect: if the gateway cannot be asked, the error makes it send the message again.
    """
    port = gateways.get(gateway)
    if port is None:
        raise NoSuchPayment
    event = port.parse_webhook(headers=headers, body=body)
    with glance(sessions) as reader:
        payment = paid.payment(reader, event.payment_id) if event.payment_id else None
        if payment is None and event.reference:
            payment = paid.by_reference(reader, gateway=gateway, reference=event.reference)
    outcome = port.look_up(payment_id=payment.id, reference=payment.reference or event.reference) if payment else None
    with transaction(sessions) as tx:
        if not payments.keep_webhook(tx, gateway=gateway, event_id=event.event_id, payload=event.payload):
            return False
        if payment is None or outcome is None:
            return False
        return settle_read(tx, payment, outcome, actor=GATEWAY)


def ask(gateway: Gateway, payment: PaymentRecord, *, wanted: bool, now: datetime) -> Outcome | None:
    """Ask how a payment stands, cancelling it if it is not wanted; None where there is no answer to act upon."""
    try:
        outcome = gateway.look_up(payment_id=payment.id, reference=payment.reference)
        reference = outcome.reference or payment.reference
        if outcome.state == "missing":
            # The gateway never heard of it. That is final only when our request cannot still be on its way.
            if now - payment.created_at < MISSING_FOR_GOOD:
                return None
            return Outcome(state="failed", failure_code=NEVER_BEGUN, failure_message="The payment was never started.")
        if outcome.state == "authorised" and wanted and reference:
            return gateway.capture(reference=reference, amount=payment.amount.amount, key=str(payment.id))
        if outcome.state in ("pending", "authorised") and not wanted and reference:
            return gateway.cancel(reference=reference)
    except (GatewayUnavailable, GatewayTimeout):
        return None
    return outcome


def stop(gateway: Gateway, payment: PaymentRecord, *, now: datetime) -> Outcome | None:
    """Make sure that a payment can no longer be made, or learn that it was; None where there is no answer."""
    return ask(gateway, payment, wanted=False, now=now)


def _still_placed(session: Session, order_ids: list[UUID]) -> set[UUID]:
    return set(session.scalars(select(Order.id).where(Order.id.in_(order_ids), Order.state == PLACED)))
