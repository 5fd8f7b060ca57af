"""Payments, refunds and what gateways told us."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.shared.db import Base, Entity, utcnow

CREATED, PENDING, UNKNOWN = "created", "pending", "unknown"
AUTHORISED, CAPTURED = "authorised", "captured"
FAILED, CANCELLED = "failed", "cancelled"

TRANSITIONS: dict[str, frozenset[str]] = {
    CREATED: frozenset({PENDING, UNKNOWN, AUTHORISED, CAPTURED, FAILED, CANCELLED}),
    PENDING: frozenset({UNKNOWN, AUTHORISED, CAPTURED, FAILED, CANCELLED}),
    UNKNOWN: frozenset({PENDING, AUTHORISED, CAPTURED, FAILED, CANCELLED}),
    AUTHORISED: frozenset({CAPTURED, FAILED, CANCELLED}),
    # A gateway may report the money after it reported a failure or a cancellation: money always counts.
    FAILED: frozenset({CAPTURED}),
    CANCELLED: frozenset({CAPTURED}),
    CAPTURED: frozenset(),
}
"""The states a payment may move to from each state; all else is ignored as late or repeated news."""

OPEN = (CREATED, PENDING, UNKNOWN, AUTHORISED)


def states_before(state: str) -> list[str]:
    """The states from which a payment may move to this one."""
    return [before for before, after in TRANSITIONS.items() if state in after]


class Payment(Entity, kw_only=True):
    """One attempt to be paid for an order; its id is the idempotency key towards the gateway.

    Amounts are minor units of `currency`; `refunded` is what was given back or asked back, so that the constraint
    holds however many refunds are asked for at once. At most one attempt per order is open at a time. `difference` says
    where the gateway's books and ours disagreed when they were last compared.
    """

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        # A gateway may take another amount than it was asked for: that is noted as it is, and given back.
        CheckConstraint("captured >= 0", name="captured"),
        CheckConstraint("refunded >= 0 AND refunded <= captured", name="refunded"),
        CheckConstraint(
            "state IN ('created','pending','unknown','authorised','captured','failed','cancelled')", name="state"
        ),
        Index(
            "uq_payments_one_open_per_order",
            "order_id",
            unique=True,
            postgresql_where=text("state IN ('created','pending','unknown','authorised')"),
        ),
        Index(
            "ix_payments_to_compare",
            "compared_at",
            postgresql_where=text("state NOT IN ('created','pending','unknown','authorised')"),
        ),
        # What the page of health asks of each gateway.
        Index("ix_payments_captured", "gateway", "settled_at", postgresql_where=text("state = 'captured'")),
        Index("ix_payments_unanswered", "gateway", "created_at", postgresql_where=text("state = 'unknown'")),
        Index(
            "ix_payments_faults",
            "gateway",
            "settled_at",
            postgresql_where=text("failure_code IN ('unavailable', 'missing')"),
        ),
        UniqueConstraint("gateway", "reference"),
        {"schema": "payments"},
    )

    order_id: Mapped[UUID] = mapped_column(index=True)
    gateway: Mapped[str] = mapped_column(String(40))
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(20), default=CREATED)
    captured: Mapped[int] = mapped_column(BigInteger, default=0)
    refunded: Mapped[int] = mapped_column(BigInteger, default=0)
    reference: Mapped[str | None] = mapped_column(String(200), default=None)
    redirect_url: Mapped[str | None] = mapped_column(String(2000), default=None)
    failure_code: Mapped[str | None] = mapped_column(String(80), default=None)
    failure_message: Mapped[str | None] = mapped_column(String(500), default=None)
    checked_at: Mapped[datetime | None] = mapped_column(default=None)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    compared_at: Mapped[datetime | None] = mapped_column(default=None)
    difference: Mapped[str | None] = mapped_column(String(300), default=None)

    refunds: Mapped[list["Refund"]] = relationship(
        default_factory=list, lazy="raise_on_sql", order_by="Refund.created_at"
    )


class Refund(Entity, kw_only=True):
    """Money on its way back; its id is the idempotency key towards the gateway."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("state IN ('requested', 'succeeded', 'failed')", name="state"),
        {"schema": "payments"},
    )

    payment_id: Mapped[UUID] = mapped_column(ForeignKey("payments.payments.id"), index=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(20), default="requested")
    reference: Mapped[str | None] = mapped_column(String(200), default=None)
    failure_message: Mapped[str | None] = mapped_column(String(500), default=None)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)


class GatewayEvent(Base, kw_only=True):
    """A webhook as it came in, for a month; the gateway's event id stays, so that a repeat is seen as one.

    `mentions` are the hashes of the addresses it names, by which it is found again when one of them is to be forgotten.
    """

    __tablename__ = "gateway_events"
    __table_args__ = (
        Index("ix_gateway_events_held", "received_at", postgresql_where=text("payload <> '{}'::jsonb")),
        Index("ix_gateway_events_mentions", "mentions", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
        {"schema": "payments"},
    )

    gateway: Mapped[str] = mapped_column(String(40), primary_key=True)
    event_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime] = mapped_column(default_factory=utcnow)
    mentions: Mapped[list[str]] = mapped_column(ARRAY(String(64)), default_factory=list, server_default="{}")
