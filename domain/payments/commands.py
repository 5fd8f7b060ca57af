"""What happens to payments and refunds; orders call these under the order's lock, so they need none of their own."""

from typing import Any, Literal
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.payments.errors import RefundTooHigh
from domain.payments.gateways.port import Created, Outcome, RefundOutcome
from domain.payments.models import (
    CAPTURED,
    CREATED,
    OPEN,
    PENDING,
    TRANSITIONS,
    UNKNOWN,
    GatewayEvent,
    Payment,
    Refund,
    states_before,
)
from domain.payments.queries import PaymentRecord, record_of
from domain.shared.db import utcnow

MESSAGE_LENGTH = 500


def open_attempt(session: Session, *, order_id: UUID, gateway: str, amount: int, currency: str) -> PaymentRecord:
    """Return the order's open attempt to pay, or open one; the caller holds the order's lock."""
    rows = session.scalars(
        select(Payment).where(Payment.order_id == order_id, Payment.state.in_(OPEN))
        .execution_options(populate_existing=True)
    ).all()  # fmt: skip
    if rows:
        return record_of(rows[0])
    payment = Payment(order_id=order_id, gateway=gateway, amount=amount, currency=currency)
    session.add(payment)
    session.flush()
    return record_of(payment)


def note_created(session: Session, *, payment_id: UUID, created: Created) -> None:
    """Keep the gateway's reference and page; news that came in meanwhile is not overwritten."""
    _update(session, payment_id, [CREATED, UNKNOWN, PENDING], state=PENDING, reference=created.reference,
            redirect_url=created.redirect_url)  # fmt: skip


def note_unknown(session: Session, *, payment_id: UUID) -> None:
    """Keep that nobody knows whether the gateway opened the payment: it will be looked up."""
    _update(session, payment_id, [CREATED], state=UNKNOWN)


def note_checked(session: Session, *, payment_id: UUID) -> None:
    """Keep that the gateway was asked just now."""
    session.execute(
        update(Payment).where(Payment.id == payment_id).values(checked_at=utcnow())
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def apply_outcome(session: Session, *, payment_id: UUID, outcome: Outcome) -> PaymentRecord | None:
    """Move a payment to the state its gateway tells, or return None where that is late or repeated news.

    One guarded statement: of two messengers with the same news only one gets the payment back.
    """
    if outcome.state not in TRANSITIONS:
        return None
    values: dict[str, Any] = {
        "state": outcome.state,
        "checked_at": utcnow(),
        "failure_code": outcome.failure_code[:80] if outcome.failure_code else None,
        "failure_message": outcome.failure_message[:MESSAGE_LENGTH] if outcome.failure_message else None,
    }
    if outcome.state == CAPTURED:
        values["captured"] = outcome.captured
    if outcome.state not in OPEN:
        values["settled_at"] = utcnow()
    if outcome.reference:
        values["reference"] = outcome.reference
    return _update(session, payment_id, states_before(outcome.state), **values)


def ask_back(session: Session, *, payment_id: UUID, amount: int, reason: str) -> UUID:
    """Set money of a payment aside to be given back and return the refund's id; raises RefundTooHigh."""
    row = session.scalar(
        update(Payment)
        .where(Payment.id == payment_id, Payment.refunded + amount <= Payment.captured)
        .values(refunded=Payment.refunded + amount)
        .returning(Payment.id)
        .execution_options(synchronize_session=False)
    )
    if row is None or amount <= 0:
        left = session.scalar(select(Payment.captured - Payment.refunded).where(Payment.id == payment_id))
        raise RefundTooHigh(left or 0)
    refund = Refund(payment_id=payment_id, amount=amount, reason=reason)
    session.add(refund)
    session.flush()
    return refund.id


def apply_refund(session: Session, *, refund_id: UUID, outcome: RefundOutcome) -> Literal["succeeded", "failed"] | None:
    """Settle a refund by what the gateway says; None if it was settled before. What failed can be asked back again."""
    row = session.execute(
        update(Refund)
        .where(Refund.id == refund_id, Refund.state == "requested")
        .values(
            state=outcome.state,
            reference=outcome.reference,
            failure_message=outcome.failure_message[:MESSAGE_LENGTH] if outcome.failure_message else None,
            settled_at=utcnow(),
        )
        .returning(Refund.payment_id, Refund.amount)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return None
    if outcome.state == "failed":
        session.execute(
            update(Payment).where(Payment.id == row.payment_id).values(refunded=Payment.refunded - row.amount)
            .execution_options(synchronize_session=False)
        )  # fmt: skip
    return outcome.state


def keep_webhook(session: Session, *, gateway: str, event_id: str, payload: dict[str, Any]) -> bool:
    """Keep a gateway's message by its id; False if it came before."""
    statement = insert(GatewayEvent).values(
        gateway=gateway, event_id=event_id[:200], payload=payload, received_at=utcnow()
    )
    return session.scalar(statement.on_conflict_do_nothing().returning(GatewayEvent.event_id)) is not None


def _update(session: Session, payment_id: UUID, states: list[str], **values: Any) -> PaymentRecord | None:
    row = session.scalar(
        update(Payment)
        .where(Payment.id == payment_id, Payment.state.in_(states))
        .values(**values)
        .returning(Payment)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return record_of(row) if row else None
