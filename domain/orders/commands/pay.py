"""Paying an order: open an attempt in the books, ask the gateway with nothing locked, note what it said."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from domain.orders.commands.load import GATEWAY, lock_order
from domain.orders.commands.place import Placed
from domain.orders.commands.reconcile import check_payment
from domain.orders.commands.settle import settle_payment
from domain.orders.errors import CannotPay
from domain.orders.states import CANCELLED, PLACED, REFUNDED
from domain.payments import commands as payments
from domain.payments.gateways.port import (
    UNREACHED,
    Created,
    GatewayRefused,
    Gateways,
    GatewayTimeout,
    GatewayUnavailable,
    Outcome,
    PaymentRequest,
)
from domain.payments.queries import PaymentRecord
from domain.shared.db import Sessions, transaction, utcnow

TIME_TO_PAY = timedelta(minutes=15)
"""What a new attempt to pay has at least, even if the order is about to expire."""

LONGEST_HOLD = timedelta(hours=2)
"""How long attempts can keep an order's stock at the most."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """An open attempt to pay; `payment` is None where the order is paid already."""

    payment: PaymentRecord | None
    number: str
    email: str


def open_payment(session: Session, *, order_id: UUID, now: datetime | None = None) -> Attempt:
    """Return the order's open attempt to pay, or open one; raises CannotPay for an order that is given up.

    The order is given time for it, so that it does not expire while the shopper types in a card number.
    """
    now = now or utcnow()
    order = lock_order(session, order_id, lines=False)
    if order.state in (CANCELLED, REFUNDED) or (order.expires_at and order.expires_at <= now):
        raise CannotPay(f"Order {order.number} can no longer be paid, because it was cancelled or has expired.")
    if order.state != PLACED:
        return Attempt(payment=None, number=order.number, email=order.email)
    longest = order.created_at + LONGEST_HOLD
    if order.expires_at and order.expires_at < min(now + TIME_TO_PAY, longest):
        order.expires_at = min(now + TIME_TO_PAY, longest)
    payment = payments.open_attempt(
        session, order_id=order.id, gateway=order.gateway, amount=order.total, currency=order.currency
    )
    return Attempt(payment=payment, number=order.number, email=order.email)


def open_first_payment(session: Session, placed: Placed) -> Attempt | None:
    """Open the first attempt to pay in the transaction that places the order; None where there is none to open.

    Nobody else knows the order yet, so there is nothing to lock and nothing to read again.
    """
    owes = placed.owes
    if owes is None:
        return None
    payment = payments.open_attempt(
        session, order_id=placed.order_id, gateway=owes.gateway, amount=owes.amount, currency=owes.currency
    )
    return Attempt(payment=payment, number=placed.number, email=owes.email)


def note_payment_created(session: Session, *, payment_id: UUID, created: Created | None) -> None:
    """Keep what the gateway answered; None where it gave no answer, so that nobody knows."""
    if created is None:
        payments.note_unknown(session, payment_id=payment_id)
    else:
        payments.note_created(session, payment_id=payment_id, created=created)


def start_payment(
    sessions: Sessions,
    gateways: Gateways,
    *,
    order_id: UUID,
    return_url: str,
    cancel_url: str | None = None,
    attempt: Attempt | None = None,
    now: datetime | None = None,
) -> str:
    """Return where to send the shopper: the gateway's page, or the return address if there is nothing to do there.

    An attempt that is still open is used again and never doubled: the same page if it is known, else the same id as
    idempotency key. Without an answer from the gateway the attempt's outcome is unknown; the order's page says that the
    payment is pending, and before anything is asked for again it is looked up. A gateway that was not reached at all
    leaves a failed attempt.
    `attempt` is the one that was opened together with the order, if one was.
    """
    if attempt is None:
        with transaction(sessions) as tx:
            attempt = open_payment(tx, order_id=order_id, now=now)
    payment = attempt.payment
    if payment is None:
        return return_url
    if payment.state == "pending" and payment.redirect_url:
        return payment.redirect_url
    if payment.state == "unknown" and check_payment(sessions, gateways, order_id=order_id, now=now or utcnow()):
        # The first try had arrived after all: what became of it counts, and a new page is only opened for what waits.
        with transaction(sessions) as tx:
            payment = open_payment(tx, order_id=order_id, now=now).payment
        if payment is None or payment.state not in ("pending", "created"):
            return return_url
    gateway = gateways.get(payment.gateway)
    request = PaymentRequest(
        payment_id=payment.id,
        order_number=attempt.number,
        amount=payment.amount.amount,
        currency=payment.amount.currency,
        description=f"Order {attempt.number}",
        email=attempt.email,
        return_url=return_url,
        cancel_url=cancel_url or return_url,
    )
    created: Created | None = None
    try:
        if gateway is None:
            raise GatewayUnavailable
        created = gateway.create(request)
    except GatewayUnavailable as unavailable:
        if payment.state == "created":
            refused = Outcome(
                state="failed",
                failure_code="refused" if isinstance(unavailable, GatewayRefused) else UNREACHED,
                failure_message=str(unavailable),
            )
            with transaction(sessions) as tx:
                settle_payment(tx, payment_id=payment.id, outcome=refused, actor=GATEWAY)
        return return_url
    except GatewayTimeout:
        created = None
    with transaction(sessions) as tx:
        note_payment_created(tx, payment_id=payment.id, created=created)
    return created.redirect_url if created and created.redirect_url else return_url
