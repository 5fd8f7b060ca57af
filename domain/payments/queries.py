"""What is known of payments and refunds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, ScalarSelect, func, inspect, select
from sqlalchemy.orm import Session

from domain.payments.models import AUTHORISED, CANCELLED, CAPTURED, FAILED, OPEN, TRANSITIONS, Payment, Refund
from domain.shared.money import Money
from domain.shared.quick import Prepared, one, rows


@dataclass(frozen=True, kw_only=True)
class PaymentRecord:
    """A payment as it stands; `captured` and `refunded` in minor units of `amount`'s currency."""

    id: UUID
    order_id: UUID
    gateway: str
    amount: Money
    state: str
    captured: int
    refunded: int
    reference: str | None
    redirect_url: str | None
    failure_code: str | None
    failure_message: str | None
    created_at: datetime
    settled_at: datetime | None
    difference: str | None

    @property
    def open(self) -> bool:
        """Whether the gateway may still report money for it in the ordinary course."""
        return self.state in OPEN

    def changes_to(self, state: str) -> bool:
        """Whether a gateway's word may still change something; late and repeated words do not."""
        given_up = self.state in (FAILED, CANCELLED)
        return state in TRANSITIONS[self.state] or (given_up and state == AUTHORISED)


@dataclass(frozen=True, kw_only=True)
class RefundRecord:
    """A refund as it stands, with what a gateway needs to carry it out."""

    id: UUID
    payment_id: UUID
    order_id: UUID
    gateway: str
    payment_reference: str | None
    amount: Money
    reason: str
    state: str
    failure_message: str | None
    created_at: datetime
    settled_at: datetime | None


_FRESH = select(Payment).execution_options(populate_existing=True)
# What only becomes a record is read as plain rows: making an entity of a row takes as long as reading it.
# Named one by one: a prepared statement with `*` would fail where a migration adds a column.
ROW = ", ".join(column.name for column in inspect(Payment).columns)
"""The columns that `record_of` reads."""
ROW_NAMES = ROW.replace(",", "")
_ROWS = f"SELECT {ROW} FROM payments.payments"  # noqa: S608
_BY_ID = Prepared(f"{_ROWS} WHERE id = :payment_id", ROW_NAMES)
_OF_ORDER = Prepared(f"{_ROWS} WHERE order_id = :order_id ORDER BY id DESC", ROW_NAMES)
_OF_ORDERS = Prepared(f"{_ROWS} WHERE order_id = ANY(:order_ids) ORDER BY id", ROW_NAMES)


def payment(session: Session, payment_id: UUID) -> PaymentRecord | None:
    """One payment by its id."""
    row = one(session, _BY_ID, {"payment_id": payment_id})
    return record_of(row) if row else None


def by_reference(session: Session, *, gateway: str, reference: str) -> PaymentRecord | None:
    """One payment by the gateway's own name for it."""
    row = session.scalar(_FRESH.where(Payment.gateway == gateway, Payment.reference == reference))
    return record_of(row) if row else None


def of_order(session: Session, order_id: UUID) -> tuple[PaymentRecord, ...]:
    """All attempts to pay an order, the newest first."""
    return tuple(record_of(row) for row in rows(session, _OF_ORDER, {"order_id": order_id}))


def of_orders(session: Session, order_ids: Iterable[UUID]) -> dict[UUID, PaymentRecord]:
    """The newest attempt of each order, in one statement."""
    found = rows(session, _OF_ORDERS, {"order_ids": list(order_ids)})
    return {row.order_id: record_of(row) for row in found}


def open_payments_to_check(session: Session, *, older_than: datetime, limit: int) -> tuple[PaymentRecord, ...]:
    """Open payments that nobody has asked the gateway about since a moment, the longest unasked first."""
    asked = Payment.checked_at.is_(None) & (Payment.created_at < older_than) | (Payment.checked_at < older_than)
    found = session.scalars(
        _FRESH.where(Payment.state.in_(OPEN), asked).order_by(Payment.checked_at.nulls_first()).limit(limit)
    )
    return tuple(record_of(row) for row in found)


def settled_payments_to_compare(
    session: Session, *, gateways: Iterable[str], before: datetime, since: datetime, limit: int
) -> tuple[PaymentRecord, ...]:
    """Payments settled since a moment that were last compared before another, the longest uncompared first."""
    found = session.scalars(
        _FRESH.where(
            Payment.state.not_in(OPEN),
            Payment.gateway.in_(list(gateways)),
            Payment.reference.is_not(None),
            Payment.settled_at > since,
            Payment.compared_at.is_(None) | (Payment.compared_at < before),
        )
        .order_by(Payment.compared_at.nulls_first())
        .limit(limit)
    )
    return tuple(record_of(row) for row in found)


def refunded_of(session: Session, payment_id: UUID) -> tuple[int, int]:
    """Return how much of a payment has gone back, and how much with what is still on its way."""
    done = func.coalesce(func.sum(Refund.amount).filter(Refund.state == "succeeded"), 0)
    asked = func.coalesce(func.sum(Refund.amount).filter(Refund.state != "failed"), 0)
    row = session.execute(select(done, asked).where(Refund.payment_id == payment_id)).one()
    return int(row[0]), int(row[1])


def captured_of_order(session: Session, order_id: UUID) -> tuple[PaymentRecord, ...]:
    """The payments of an order that brought money, the oldest first."""
    found = session.scalars(_FRESH.where(Payment.order_id == order_id, Payment.state == CAPTURED).order_by(Payment.id))
    return tuple(record_of(row) for row in found)


def money_of(order_id: ColumnElement[UUID]) -> ScalarSelect[int]:
    """Return an expression for the money that the shop has of an order: what was captured less what goes back."""
    kept = func.coalesce(func.sum(Payment.captured - Payment.refunded), 0)
    return select(kept).where(Payment.order_id == order_id, Payment.state == CAPTURED).scalar_subquery()


def refund(session: Session, refund_id: UUID) -> RefundRecord | None:
    """One refund by its id."""
    found = session.execute(
        select(Refund, Payment).join(Payment, Payment.id == Refund.payment_id).where(Refund.id == refund_id)
        .execution_options(populate_existing=True)
    ).one_or_none()  # fmt: skip
    return _refund_of(found.Refund, found.Payment) if found else None


def refunds_of_order(session: Session, order_id: UUID) -> tuple[RefundRecord, ...]:
    """All refunds of an order, the oldest first."""
    found = session.execute(
        select(Refund, Payment).join(Payment, Payment.id == Refund.payment_id).where(Payment.order_id == order_id)
        .order_by(Refund.id).execution_options(populate_existing=True)
    )  # fmt: skip
    return tuple(_refund_of(row.Refund, row.Payment) for row in found)


def record_of(row: Payment | Row[Any]) -> PaymentRecord:
    """Copy what others may see of a payment's row."""
    return PaymentRecord(
        id=row.id,
        order_id=row.order_id,
        gateway=row.gateway,
        amount=Money(row.amount, row.currency),
        state=row.state,
        captured=row.captured,
        refunded=row.refunded,
        reference=row.reference,
        redirect_url=row.redirect_url,
        failure_code=row.failure_code,
        failure_message=row.failure_message,
        created_at=row.created_at,
        settled_at=row.settled_at,
        difference=row.difference,
    )


def _refund_of(row: Refund, of: Payment) -> RefundRecord:
    return RefundRecord(
        id=row.id,
        payment_id=row.payment_id,
        order_id=of.order_id,
        gateway=of.gateway,
        payment_reference=of.reference,
        amount=Money(row.amount, of.currency),
        reason=row.reason,
        state=row.state,
        failure_message=row.failure_message,
        created_at=row.created_at,
        settled_at=row.settled_at,
    )
