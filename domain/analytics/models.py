"""What the reports count. Nothing here names a person: an account is known by its id alone, a visitor for a day."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db import Base


class OrderFact(Base, kw_only=True):
    """One order as the reports see it; amounts in minor units of `currency`."""

    __tablename__ = "order_facts"
    __table_args__ = ({"schema": "analytics"},)

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    placed_at: Mapped[datetime] = mapped_column(index=True)
    currency: Mapped[str] = mapped_column(String(3))
    country: Mapped[str] = mapped_column(String(2), default="", server_default="")
    code: Mapped[str | None] = mapped_column(String(40), default=None)
    total: Mapped[int] = mapped_column(BigInteger)
    units: Mapped[int]
    paid_at: Mapped[datetime | None] = mapped_column(default=None, index=True)
    cancelled_at: Mapped[datetime | None] = mapped_column(default=None)
    refunded: Mapped[int] = mapped_column(BigInteger, default=0)


class LineFact(Base, kw_only=True):
    """One line of an order; `total` after its share of the discount, before what came `back`.

    `category_path` is where its product stood when it was counted.
    """

    __tablename__ = "line_facts"
    __table_args__ = ({"schema": "analytics"},)

    line_id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("analytics.order_facts.order_id", ondelete="CASCADE"), index=True)
    sku: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(255))
    category_path: Mapped[str] = mapped_column(String(500), default="")
    units: Mapped[int]
    back: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(BigInteger)


class CartFact(Base, kw_only=True):
    """How far a cart came; one that was emptied into another at sign-in is `merged_at` and counts no more."""

    __tablename__ = "cart_facts"
    __table_args__ = ({"schema": "analytics"},)

    cart_id: Mapped[UUID] = mapped_column(primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(index=True)
    checkout_at: Mapped[datetime | None] = mapped_column(default=None)
    ordered_at: Mapped[datetime | None] = mapped_column(default=None)
    paid_at: Mapped[datetime | None] = mapped_column(default=None)
    merged_at: Mapped[datetime | None] = mapped_column(default=None)


class AccountFact(Base, kw_only=True):
    """An account whose address was verified."""

    __tablename__ = "account_facts"
    __table_args__ = ({"schema": "analytics"},)

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    verified_at: Mapped[datetime] = mapped_column(index=True)


class OpinionFact(Base, kw_only=True):
    """How content a shopper was with an order, of 1 to 5; the last answer counts."""

    __tablename__ = "opinion_facts"
    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="score"), {"schema": "analytics"})

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    score: Mapped[int]
    answered_at: Mapped[datetime] = mapped_column(index=True)


class VisitSalt(Base, kw_only=True):
    """The day's secret that visitors are hashed with; it is deleted with their hashes, which then mean nothing."""

    __tablename__ = "visit_salts"
    __table_args__ = ({"schema": "analytics"},)

    day: Mapped[date] = mapped_column(primary_key=True)
    salt: Mapped[bytes] = mapped_column(LargeBinary)


class Visit(Base, kw_only=True):
    """One browser on one day of the shop's own calendar; `product` says whether it saw a product."""

    __tablename__ = "visits"
    __table_args__ = ({"schema": "analytics"},)

    day: Mapped[date] = mapped_column(primary_key=True)
    visitor: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    product: Mapped[bool] = mapped_column(default=False)


class VisitDay(Base, kw_only=True):
    """How many browsers came on a day that is over, and how many of them saw a product."""

    __tablename__ = "visit_days"
    __table_args__ = ({"schema": "analytics"},)

    day: Mapped[date] = mapped_column(primary_key=True)
    visitors: Mapped[int]
    saw_product: Mapped[int]


class SearchFact(Base, kw_only=True):
    """How often something was searched for on a day, and how often nothing was found."""

    __tablename__ = "search_facts"
    __table_args__ = ({"schema": "analytics"},)

    day: Mapped[date] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(80), primary_key=True)
    searches: Mapped[int]
    empty: Mapped[int]


class FactChange(Base, kw_only=True):
    """A moment at which an order was placed or a cart opened that changed: its day is to be summed up anew.

    Triggers write these in the transaction that changes it.
    """

    __tablename__ = "fact_changes"
    __table_args__ = ({"schema": "analytics"},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True, init=False)
    at: Mapped[datetime] = mapped_column(index=True)


class KeptZone(Base, kw_only=True):
    """The one row that says by which clock days were summed up; without it no sum is kept yet."""

    __tablename__ = "kept_zone"
    __table_args__ = (CheckConstraint("one", name="one"), {"schema": "analytics"})

    one: Mapped[bool] = mapped_column(primary_key=True, default=True)
    timezone: Mapped[str] = mapped_column(String(60))


class KeptFigures(Base, kw_only=True):
    """Orders placed in a day, month or year (`size`, from its `first` day), and what those brought that stand."""

    __tablename__ = "kept_figures"
    __table_args__ = ({"schema": "analytics"},)

    size: Mapped[str] = mapped_column(String(5), primary_key=True)
    first: Mapped[date] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    orders: Mapped[int] = mapped_column(BigInteger)
    paid: Mapped[int] = mapped_column(BigInteger)
    units: Mapped[int] = mapped_column(BigInteger)
    refunded: Mapped[int] = mapped_column(BigInteger)
    revenue: Mapped[int] = mapped_column(BigInteger)


class KeptShare(Base, kw_only=True):
    """What one product, category, country or code (`by`, its `key`) brought in a day, month or year."""

    __tablename__ = "kept_shares"
    __table_args__ = (
        # All that is read to find what sold best, tens of thousands of rows each time: the table is not looked at.
        Index(
            "ix_kept_shares_products", "size", "first", "currency", "key",
            postgresql_include=["amount", "units", "back"], postgresql_where=text("by = 'product'"),
        ),
        {"schema": "analytics"},
    )  # fmt: skip

    by: Mapped[str] = mapped_column(String(8), primary_key=True)
    size: Mapped[str] = mapped_column(String(5), primary_key=True)
    first: Mapped[date] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    key: Mapped[str] = mapped_column(String(500), primary_key=True)
    label: Mapped[str] = mapped_column(String(500))
    orders: Mapped[int] = mapped_column(BigInteger)
    units: Mapped[int] = mapped_column(BigInteger)
    back: Mapped[int] = mapped_column(BigInteger)
    amount: Mapped[int] = mapped_column(BigInteger)


class KeptCarts(Base, kw_only=True):
    """How far the carts came that were opened in a day, month or year."""

    __tablename__ = "kept_carts"
    __table_args__ = ({"schema": "analytics"},)

    size: Mapped[str] = mapped_column(String(5), primary_key=True)
    first: Mapped[date] = mapped_column(primary_key=True)
    carts: Mapped[int] = mapped_column(BigInteger)
    checkouts: Mapped[int] = mapped_column(BigInteger)
    ordered: Mapped[int] = mapped_column(BigInteger)
    paid: Mapped[int] = mapped_column(BigInteger)
