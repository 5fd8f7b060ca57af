"""Stock and its ledger: what is on the shelf, what is promised, and every movement that made it so."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db import Base, utcnow

RECEIVED, RESERVED, RELEASED, SOLD, RETURNED, CORRECTED = (
    "received", "reserved", "released", "sold", "returned", "corrected"
)  # fmt: skip


class Stock(Base, kw_only=True):
    """How many of a variant are on hand and how many of those are reserved; only guarded updates move it.

    The constraint is the last word against an oversell: no code path can commit past it.
    """

    __tablename__ = "stock"
    __table_args__ = (
        CheckConstraint("reserved >= 0", name="reserved_not_negative"),
        CheckConstraint("sell_when_out OR (on_hand >= 0 AND reserved <= on_hand)", name="no_oversell"),
        {"schema": "catalog"},
    )

    variant_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.variants.id", ondelete="CASCADE"), primary_key=True)
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    sell_when_out: Mapped[bool] = mapped_column(default=False)
    low_at: Mapped[int] = mapped_column(default=3)


class StockMovement(Base, kw_only=True):
    """One line of the ledger; lines are only ever added.

    `on_hand` and `reserved` are the changes, so that their sums are the stock.
    """

    __tablename__ = "stock_movements"
    __table_args__ = (
        CheckConstraint("kind IN ('received', 'reserved', 'released', 'sold', 'returned', 'corrected')", name="kind"),
        Index("ix_stock_movements_variant_id_id", "variant_id", "id"),
        {"schema": "catalog"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True, init=False)
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.variants.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    order_id: Mapped[UUID | None] = mapped_column(index=True, default=None)
    actor: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime] = mapped_column(default_factory=utcnow)
