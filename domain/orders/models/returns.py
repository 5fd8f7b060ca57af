"""What goes back: money by line, and goods."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.shared.db import Base, Entity

REQUESTED, APPROVED, REFUSED, RECEIVED = "requested", "approved", "refused", "received"


class RefundPart(Base, kw_only=True):
    """What a refund is for: so many units of a line, or, without a line, a part of the delivery.

    `amount` in minor units of the order's currency, tax in it; `tax` is the part of it that is tax. The parts of a
    refund that the gateway refused are taken out again.
    """

    __tablename__ = "refund_parts"
    __table_args__ = (
        CheckConstraint("amount >= 0 AND tax BETWEEN 0 AND amount", name="amount"),
        CheckConstraint("CASE WHEN line_id IS NULL THEN quantity = 0 ELSE quantity > 0 END", name="quantity"),
        {"schema": "orders"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True, init=False)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.orders.id"), index=True)
    refund_id: Mapped[UUID] = mapped_column(index=True)
    line_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.lines.id"), default=None)
    quantity: Mapped[int] = mapped_column(default=0)
    amount: Mapped[int] = mapped_column(BigInteger)
    tax: Mapped[int] = mapped_column(BigInteger, default=0)


class Return(Entity, kw_only=True):
    """Goods that a shopper wants to send back, from the wish to their arrival."""

    __tablename__ = "returns"
    __table_args__ = (
        CheckConstraint("state IN ('requested', 'approved', 'refused', 'received')", name="state"),
        Index("ix_returns_open", "created_at", postgresql_where=text("state IN ('requested', 'approved')")),
        {"schema": "orders"},
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.orders.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default=REQUESTED)
    reason: Mapped[str] = mapped_column(String(500), default="")
    answer: Mapped[str] = mapped_column(String(1000), default="")
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    received_at: Mapped[datetime | None] = mapped_column(default=None)
    refund_id: Mapped[UUID | None] = mapped_column(default=None)

    lines: Mapped[list["ReturnLine"]] = relationship(default_factory=list, lazy="raise_on_sql")


class ReturnLine(Base, kw_only=True):
    """How many units of an order line are to come back, have come back, and went on the shelf again."""

    __tablename__ = "return_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("received BETWEEN 0 AND quantity", name="received"),
        CheckConstraint("restocked BETWEEN 0 AND received", name="restocked"),
        {"schema": "orders"},
    )

    return_id: Mapped[UUID] = mapped_column(ForeignKey("orders.returns.id"), primary_key=True, default=None)
    line_id: Mapped[UUID] = mapped_column(ForeignKey("orders.lines.id"), primary_key=True)
    quantity: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    restocked: Mapped[int] = mapped_column(default=0)
