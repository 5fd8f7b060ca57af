"""Issuing invoices and credit notes: each once, in a series without gaps."""

from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from domain.orders.commands.load import lock_order
from domain.orders.models import Order, Paper
from domain.orders.models.papers import CREDIT_NOTE, INVOICE
from domain.payments import queries as paid

# The row stays locked until the commit: the next paper waits, and a rollback gives the number back.
_NEXT = text(
    "INSERT INTO orders.paper_counters AS c (kind, last) VALUES (:kind, 1)"
    " ON CONFLICT (kind) DO UPDATE SET last = c.last + 1 RETURNING last"
)


def issue_invoice(session: Session, *, order_id: UUID) -> int:
    """Issue an order's invoice and return its number; a second time returns the first one's. Raises NoSuchOrder."""
    lock_order(session, order_id, lines=False)
    known = session.scalar(select(Paper.number).where(Paper.order_id == order_id, Paper.kind == INVOICE))
    return known or _issue(session, order_id=order_id, kind=INVOICE, refund_id=None)


def issue_credit_note(session: Session, *, order_id: UUID, refund_id: UUID) -> int | None:
    """Issue the credit note of a refund and return its number.

    None for an order that has no invoice, and for money that the invoice is not about: a second charge, one that came
    too late or was not the order's total. It never was the shop's, and it goes back without a paper.
    """
    order = lock_order(session, order_id, lines=False)
    if session.scalar(select(Paper.id).where(Paper.order_id == order_id, Paper.kind == INVOICE)) is None:
        return None
    refund = paid.refund(session, refund_id)
    if refund is None or refund.payment_id != _paid_by(session, order):
        return None
    known = session.scalar(select(Paper.number).where(Paper.refund_id == refund_id))
    return known or _issue(session, order_id=order_id, kind=CREDIT_NOTE, refund_id=refund_id)


def _paid_by(session: Session, order: Order) -> UUID | None:
    """The payment that made the order paid: of those in full, the last that had settled by then."""
    kept = [
        payment
        for payment in paid.captured_of_order(session, order.id)
        if payment.captured == order.total
        and payment.settled_at
        and order.paid_at
        and payment.settled_at <= order.paid_at
    ]
    return max(kept, key=lambda payment: payment.settled_at or order.created_at).id if kept else None


def _issue(session: Session, *, order_id: UUID, kind: str, refund_id: UUID | None) -> int:
    number = int(session.execute(_NEXT, {"kind": kind}).scalar_one())
    session.add(Paper(order_id=order_id, kind=kind, number=number, refund_id=refund_id))
    session.flush()
    return number
