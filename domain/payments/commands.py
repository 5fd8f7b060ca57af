"""What happens to payments and refunds; orders call these under the order's lock, so they need none of their own."""

from functools import cache
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ARRAY, String, any_, bindparam, inspect, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.payments.errors import RefundTooHigh
from domain.payments.forget import mentions
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
from domain.payments.queries import ROW, ROW_NAMES, PaymentRecord, record_of
from domain.shared.db import Base, utcnow
from domain.shared.quick import Prepared, one

MESSAGE_LENGTH = 500


# Of two at once the second waits at the index of open attempts, and then finds the first one's.
_OPEN = Prepared(
    f"""
    INSERT INTO payments.payments (id, created_at, order_id, gateway, amount, currency, state, captured, refunded)
    VALUES (:id, :now, :order_id, :gateway, :amount, :currency, :state, 0, 0)
    ON CONFLICT (order_id) WHERE state IN ('created','pending','unknown','authorised') DO NOTHING
    RETURNING {ROW}
    """,  # noqa: S608
    ROW_NAMES,
)
_IS_OPEN = Prepared(
    f"SELECT {ROW} FROM payments.payments WHERE order_id = :order_id AND state = ANY(:open)",  # noqa: S608
    ROW_NAMES,
)
_KEEP = Prepared.of(
    insert(Base.metadata.tables["payments.gateway_events"])
    .values({name: bindparam(name) for name in ("gateway", "event_id", "payload", "received_at", "mentions")})
    .on_conflict_do_nothing()
    .returning(inspect(GatewayEvent).columns["event_id"])
)


def open_attempt(session: Session, *, order_id: UUID, gateway: str, amount: int, currency: str) -> PaymentRecord:
    """Return the order's open attempt to pay, or open one; the caller holds the order's lock."""
    new = Payment(order_id=order_id, gateway=gateway, amount=amount, currency=currency)
    values = {"id": new.id, "order_id": order_id, "gateway": gateway, "amount": amount, "currency": currency}
    opened = one(session, _OPEN, values | {"state": new.state, "now": new.created_at})
    return record_of(opened or one(session, _IS_OPEN, {"order_id": order_id, "open": list(OPEN)}))


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


def note_compared(session: Session, *, payment_id: UUID, difference: str | None) -> None:
    """Keep that a settled payment was compared with its gateway just now, and what differs."""
    session.execute(
        update(Payment)
        .where(Payment.id == payment_id)
        .values(compared_at=utcnow(), difference=difference[:300] if difference else None)
        .execution_options(synchronize_session=False)
    )


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
    values = {"gateway": gateway, "event_id": event_id[:200], "payload": payload, "received_at": utcnow()}
    return one(session, _KEEP, values | {"mentions": mentions(payload)}) is not None


def _update(session: Session, payment_id: UUID, states: list[str], **values: Any) -> PaymentRecord | None:
    given = {f"new_{name}": value for name, value in values.items()}
    row = one(session, _updating(tuple(values)), {"payment_id": payment_id, "states": states} | given)
    return record_of(row) if row else None


@cache
def _updating(names: tuple[str, ...]) -> Prepared:
    """Build the guarded update of these columns, once: building it anew takes longer than to run it."""
    table = Base.metadata.tables["payments.payments"]
    return Prepared.of(
        update(table)
        .where(table.c.id == bindparam("payment_id"), table.c.state == any_(bindparam("states", type_=ARRAY(String))))
        .values({name: bindparam(f"new_{name}", type_=table.c[name].type) for name in names})
        .returning(*table.c)
    )
