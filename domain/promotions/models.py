"""Promotions, their codes, and who has used them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import Mapped, mapped_column

from domain.promotions.kinds import PERCENT
from domain.shared.db import Base, Entity, utcnow


class Promotion(Entity, kw_only=True):
    """Something off, by itself or by code, for whom and what its conditions say; amounts in the shop's minor units.

    `used` counts the redemptions that stand while there is a `limit_total`, and is moved by guarded updates alone; a
    promotion without a limit keeps 0 there, so that orders do not queue for its row. Of those that apply, the highest
    `priority` comes first. An `exclusive` one stands alone. The `announcement` stands
    in the shop's window while it runs.
    """

    __tablename__ = "promotions"
    __table_args__ = (
        CheckConstraint("kind IN ('percent', 'amount', 'free_delivery', 'buy_get')", name="kind"),
        CheckConstraint(
            "CASE kind WHEN 'percent' THEN basis_points BETWEEN 1 AND 10000 WHEN 'amount' THEN amount > 0 "
            "WHEN 'buy_get' THEN buy > 0 AND get > 0 ELSE true END",
            name="size",
        ),
        CheckConstraint("min_quantity >= 0 AND min_subtotal >= 0", name="conditions"),
        CheckConstraint("limit_total > 0 AND limit_per_customer > 0", name="limits"),
        CheckConstraint("used >= 0 AND used <= coalesce(limit_total, used)", name="used"),
        CheckConstraint("ends_at > starts_at", name="dates"),
        Index("ix_promotions_name", "name", "id"),
        Index("ix_promotions_automatic", "priority", postgresql_where=text("automatic AND active")),
        {"schema": "promotions"},
    )

    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(20), default=PERCENT)
    basis_points: Mapped[int] = mapped_column(default=0)
    amount: Mapped[int] = mapped_column(BigInteger, default=0)
    buy: Mapped[int] = mapped_column(default=0)
    get: Mapped[int] = mapped_column(default=0)
    automatic: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    priority: Mapped[int] = mapped_column(default=0)
    exclusive: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[datetime | None] = mapped_column(default=None)
    ends_at: Mapped[datetime | None] = mapped_column(default=None)
    category_ids: Mapped[list[UUID]] = mapped_column(ARRAY(PG_UUID), default_factory=list)
    product_ids: Mapped[list[UUID]] = mapped_column(ARRAY(PG_UUID), default_factory=list)
    min_quantity: Mapped[int] = mapped_column(default=0)
    min_subtotal: Mapped[int] = mapped_column(BigInteger, default=0)
    first_order: Mapped[bool] = mapped_column(default=False)
    limit_total: Mapped[int | None] = mapped_column(default=None)
    limit_per_customer: Mapped[int | None] = mapped_column(default=None)
    used: Mapped[int] = mapped_column(default=0)
    announcement: Mapped[str] = mapped_column(String(200), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(default_factory=utcnow)


class Code(Entity, kw_only=True):
    """A word that brings a promotion, in capitals and without blanks; one word brings one promotion."""

    __tablename__ = "codes"
    __table_args__ = (
        CheckConstraint("code = upper(code) AND code !~ '\\s' AND code <> ''", name="code"),
        {"schema": "promotions"},
    )

    promotion_id: Mapped[UUID] = mapped_column(ForeignKey("promotions.promotions.id"), index=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)


class Redemption(Entity, kw_only=True):
    """A promotion that an order has used, with what it took off; given back if the order is given up unpaid.

    `customer` is the address that `customer_key` makes of the order's.
    """

    __tablename__ = "redemptions"
    __table_args__ = (
        UniqueConstraint("order_id", "promotion_id"),
        Index("ix_redemptions_promotion_id_created_at", "promotion_id", text("created_at DESC")),
        {"schema": "promotions"},
    )

    promotion_id: Mapped[UUID] = mapped_column(ForeignKey("promotions.promotions.id"))
    order_id: Mapped[UUID]
    customer: Mapped[str] = mapped_column(String(254), index=True)
    code: Mapped[str | None] = mapped_column(String(40), default=None)
    amount: Mapped[int] = mapped_column(BigInteger)
    released_at: Mapped[datetime | None] = mapped_column(default=None)


class Usage(Base, kw_only=True):
    """How often a customer's orders have used a promotion; the row is what makes a limit per customer hold."""

    __tablename__ = "usages"
    __table_args__ = (CheckConstraint("used >= 0", name="used"), {"schema": "promotions"})

    promotion_id: Mapped[UUID] = mapped_column(ForeignKey("promotions.promotions.id"), primary_key=True)
    customer: Mapped[str] = mapped_column(String(254), primary_key=True)
    used: Mapped[int]


class UseChange(Base, kw_only=True):
    """By how much an order moved the uses of a promotion that stand, its customers, and what it took off in all.

    Triggers write these in the transaction that moves them; `kept_uses` and these together are the uses.
    """

    __tablename__ = "use_changes"
    __table_args__ = ({"schema": "promotions"},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True, init=False)
    promotion_id: Mapped[UUID] = mapped_column(index=True)
    uses: Mapped[int] = mapped_column(BigInteger)
    customers: Mapped[int] = mapped_column(BigInteger)
    amount: Mapped[int] = mapped_column(BigInteger)


class KeptUses(Base, kw_only=True):
    """The sums of a promotion's changes up to some moment; amounts in minor units."""

    __tablename__ = "kept_uses"
    __table_args__ = ({"schema": "promotions"},)

    promotion_id: Mapped[UUID] = mapped_column(primary_key=True)
    uses: Mapped[int] = mapped_column(BigInteger)
    customers: Mapped[int] = mapped_column(BigInteger)
    amount: Mapped[int] = mapped_column(BigInteger)
