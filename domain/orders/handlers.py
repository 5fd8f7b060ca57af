"""What must happen at a gateway after a commit, each safe to repeat."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.orders.commands import papers
from domain.orders.commands.guests import join_orders
from domain.orders.commands.load import SYSTEM
from domain.orders.commands.reconcile import ask
from domain.orders.commands.refund import settle_refund
from domain.orders.commands.settle import settle_payment
from domain.orders.events import (
    OrderCancelled,
    OrderPaid,
    OrderRefunded,
    PaymentAuthorised,
    RefundRequested,
)
from domain.orders.models import Order
from domain.orders.states import PLACED
from domain.payments import queries as paid
from domain.payments.gateways import make_gateways
from domain.payments.gateways.port import Gateways, GatewayUnavailable, Outcome, RefundOutcome
from domain.payments.queries import PaymentRecord, RefundRecord
from domain.shared.db import utcnow
from domain.shared.handlers import Outside
from domain.shared.settings import Settings
from domain.users.events import AddressVerified


@dataclass(frozen=True, kw_only=True)
class Settling:
    """Payments to capture (`wanted`) or else to stop."""

    payments: tuple[PaymentRecord, ...]
    wanted: bool


def prepare_refund(session: Session, event: RefundRequested) -> RefundRecord | None:
    """Read a refund that has not been carried out yet."""
    refund = paid.refund(session, event.refund_id)
    return refund if refund and refund.state == "requested" else None


def refund_at_gateway(refund: RefundRecord, gateways: Gateways) -> tuple[UUID, RefundOutcome] | None:
    """Have the gateway give the money back; the refund's id is the idempotency key, so a repeat gives nothing more.

    None where staff send it by hand and say so themselves.
    """
    gateway = gateways.get(refund.gateway)
    if gateway is None:
        raise GatewayUnavailable
    if gateway.by_hand:
        return None
    if refund.payment_reference is None:
        return refund.id, RefundOutcome(state="failed", failure_message="The payment has no reference at its gateway.")
    outcome = gateway.refund(reference=refund.payment_reference, amount=refund.amount.amount, key=str(refund.id))
    return refund.id, outcome


def finish_refund(session: Session, result: tuple[UUID, RefundOutcome] | None) -> None:
    """Write down what became of a refund."""
    if result is None:
        return
    refund_id, outcome = result
    settle_refund(session, refund_id=refund_id, outcome=outcome)


def prepare_authorised(session: Session, event: PaymentAuthorised) -> Settling | None:
    """Read whether the order still waits for the money that was set aside."""
    payment = paid.payment(session, event.payment_id)
    if payment is None or payment.state == "captured":
        return None
    state = session.scalar(select(Order.state).where(Order.id == event.order_id))
    return Settling(payments=(payment,), wanted=state == PLACED and payment.open)


def prepare_cancelled(session: Session, event: OrderCancelled) -> Settling | None:
    """Read the payments that could still be made for a cancelled order."""
    attempts = tuple(payment for payment in paid.of_order(session, event.order_id) if payment.open)
    return Settling(payments=attempts, wanted=False) if attempts else None


def settle_at_gateway(settling: Settling, gateways: Gateways) -> list[tuple[UUID, Outcome]]:
    """Capture or cancel at the gateway; where it gives no answer the reconciler, which never tires, asks again."""
    outcomes = []
    for payment in settling.payments:
        gateway = gateways.get(payment.gateway)
        if gateway is None:
            raise GatewayUnavailable
        outcome = ask(gateway, payment, wanted=settling.wanted, now=utcnow())
        if outcome:
            outcomes.append((payment.id, outcome))
    return outcomes


def finish_settling(session: Session, result: list[tuple[UUID, Outcome]]) -> None:
    """Carry out what the gateway said."""
    for payment_id, outcome in result:
        settle_payment(session, payment_id=payment_id, outcome=outcome, actor=SYSTEM)


def _perform_refund(refund: RefundRecord, settings: Settings) -> tuple[UUID, RefundOutcome] | None:
    return refund_at_gateway(refund, make_gateways(settings))


def _perform_settling(settling: Settling, settings: Settings) -> list[tuple[UUID, Outcome]]:
    return settle_at_gateway(settling, make_gateways(settings))


def issue_invoice(session: Session, event: OrderPaid) -> None:
    """Issue the invoice of an order as soon as it is paid."""
    papers.issue_invoice(session, order_id=event.order_id)


def issue_credit_note(session: Session, event: OrderRefunded) -> None:
    """Issue the credit note of a refund as soon as the money has gone back."""
    papers.issue_credit_note(session, order_id=event.order_id, refund_id=event.refund_id)


carry_out_refund = Outside("orders.carry_out_refund", prepare_refund, _perform_refund, finish_refund)
"""On RefundRequested: have the gateway give the money back."""

capture_payment = Outside("orders.capture_payment", prepare_authorised, _perform_settling, finish_settling)
"""On PaymentAuthorised: capture the money, or let it go if the order no longer stands."""

stop_payments = Outside("orders.stop_payments", prepare_cancelled, _perform_settling, finish_settling)
"""On OrderCancelled: make sure that nobody can pay it any more."""


def join_guest_orders(session: Session, event: AddressVerified) -> None:
    """Put what somebody ordered as a guest into their account, now that the address is known to be theirs."""
    join_orders(session, shopper_id=event.shopper_id, email=event.email)
