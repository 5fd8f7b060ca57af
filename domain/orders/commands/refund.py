"""Giving money back: asked for here in the books, carried out by a handler after the commit, settled here again."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from domain.catalog.commands import stock
from domain.orders.commands.load import GATEWAY, lock_order, note
from domain.orders.errors import CannotRefund, NothingToRefund
from domain.orders.events import OrderRefunded, RefundFailed, RefundRequested
from domain.orders.models import Order, RefundPart
from domain.orders.states import REFUNDED, TRANSITIONS
from domain.payments import commands as payments
from domain.payments import queries as paid
from domain.payments.errors import RefundTooHigh
from domain.payments.gateways.port import RefundOutcome
from domain.shared.outbox import record


def request_refund(session: Session, *, order_id: UUID, reason: str, actor: str, amount: int | None = None) -> UUID:
    """Ask back an amount in minor units, or all that is left, and return the refund's id.

    Raises NothingToRefund, CannotRefund for an amount below 1, and RefundTooHigh for more than is left of what was
    paid; of two requests at once the second sees what the first has taken.
    """
    order = lock_order(session, order_id)
    if amount is not None and amount < 1:
        raise CannotRefund("Enter an amount above zero.")
    payment = max(paid.captured_of_order(session, order_id), key=lambda one: one.captured - one.refunded, default=None)
    if payment is None or payment.captured == payment.refunded:
        raise NothingToRefund
    left = payment.captured - payment.refunded
    if amount is not None and amount > left:
        raise RefundTooHigh(left)
    return ask_back(session, order, payment.id, amount=amount or left, reason=reason, actor=actor)


def ask_back(session: Session, order: Order, payment_id: UUID, *, amount: int, reason: str, actor: str) -> UUID:
    """Ask back an amount of one payment of a locked order."""
    refund_id = payments.ask_back(session, payment_id=payment_id, amount=amount, reason=reason[:300])
    note(session, order, "refund_requested", actor=actor, text=reason)
    record(session, RefundRequested(order_id=order.id, refund_id=refund_id))
    return refund_id


def ask_back_all(session: Session, order: Order, *, reason: str, actor: str) -> None:
    """Ask back all that is left of everything that was paid for a locked order."""
    for payment in paid.captured_of_order(session, order.id):
        left = payment.captured - payment.refunded
        if left:
            ask_back(session, order, payment.id, amount=left, reason=reason, actor=actor)


def settle_refund(session: Session, *, refund_id: UUID, outcome: RefundOutcome, actor: str = GATEWAY) -> None:
    """Write down what became of a refund; repeated news changes nothing.

    An order whose money has all gone back is refunded, and what it still held of the stock is freed. After a refusal
    the amount can be asked back again.
    """
    refund = paid.refund(session, refund_id)
    if refund is None or refund.state != "requested":
        return
    order = lock_order(session, refund.order_id)
    became = payments.apply_refund(session, refund_id=refund_id, outcome=outcome)
    if became is None:
        return
    if became == "failed":
        session.execute(delete(RefundPart).where(RefundPart.refund_id == refund_id))
        text = outcome.failure_message or "The payment service refused it."
        note(session, order, "refund_failed", actor=actor, text=text, public=False)
        record(session, RefundFailed(order_id=order.id, refund_id=refund_id))
        return
    note(session, order, "refunded", actor=actor, text=refund.reason)
    record(session, OrderRefunded(order_id=order.id, refund_id=refund_id, amount=refund.amount))
    if REFUNDED in TRANSITIONS[order.state] and _all_is_back(session, order.id):
        order.move_to(REFUNDED)
        held = {line.variant_id: line.unsent for line in order.lines if line.unsent}
        session.flush()
        stock.release(session, quantities=held, order_id=order.id, actor=actor, reason="The order was refunded.")


def _all_is_back(session: Session, order_id: UUID) -> bool:
    settled = all(refund.state != "requested" for refund in paid.refunds_of_order(session, order_id))
    return settled and all(one.captured == one.refunded for one in paid.captured_of_order(session, order_id))
