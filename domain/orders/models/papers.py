"""Invoices and credit notes: numbered without gaps, issued once."""

from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db import Base, Entity

INVOICE, CREDIT_NOTE = "invoice", "credit_note"


class PaperCounter(Base, kw_only=True):
    """The last number given out in a series; its row is locked while a paper is issued, so no number is skipped."""

    __tablename__ = "paper_counters"
    __table_args__ = ({"schema": "orders"},)

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger)


class Paper(Entity, kw_only=True):
    """An invoice for an order, or a credit note for a refund; what it says is read from the order, which never changes.

    `created_at` is the day of issue.
    """

    __tablename__ = "papers"
    __table_args__ = (
        CheckConstraint("kind IN ('invoice', 'credit_note')", name="kind"),
        CheckConstraint("(kind = 'credit_note') = (refund_id IS NOT NULL)", name="refund"),
        Index("uq_papers_kind_number", "kind", "number", unique=True),
        Index("uq_papers_invoice", "order_id", unique=True, postgresql_where=text("kind = 'invoice'")),
        Index("uq_papers_credit_note", "refund_id", unique=True, postgresql_where=text("kind = 'credit_note'")),
        {"schema": "orders"},
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.orders.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[int] = mapped_column(BigInteger)
    refund_id: Mapped[UUID | None] = mapped_column(default=None)
