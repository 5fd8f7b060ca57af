"""Carts, their lines and their checkout."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from uuid_utils.compat import uuid7

from domain.cart.errors import InvalidQuantity, TooMany
from domain.cart.limits import MAX_LINES, MAX_PER_LINE
from domain.shared.db import Base, utcnow


class Cart(Base, kw_only=True):
    """A cart; its id is the shopper's secret, so it is random. It stays open until its order is paid."""

    __tablename__ = "carts"
    __table_args__ = ({"schema": "cart"},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid4)
    shopper_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.shoppers.id", ondelete="SET NULL"), index=True, default=None
    )
    code: Mapped[str | None] = mapped_column(String(40), default=None)
    created_at: Mapped[datetime] = mapped_column(default_factory=utcnow)
    updated_at: Mapped[datetime] = mapped_column(default_factory=utcnow, index=True)

    lines: Mapped[list["CartLine"]] = relationship(
        default_factory=list, cascade="all, delete-orphan", lazy="raise_on_sql", order_by="CartLine.id"
    )

    def add(self, *, variant_id: UUID, quantity: int, price: int) -> None:
        """Put items in the cart; a variant has one line however often it is added. `price` is what was shown."""
        if quantity < 1:
            raise InvalidQuantity
        line = next((line for line in self.lines if line.variant_id == variant_id), None)
        if quantity + (line.quantity if line else 0) > MAX_PER_LINE:
            raise TooMany(MAX_PER_LINE)
        if line is None and len(self.lines) >= MAX_LINES:
            raise TooMany(MAX_LINES)
        if line:
            line.quantity += quantity
            line.seen_price = price
        else:
            self.lines.append(CartLine(variant_id=variant_id, quantity=quantity, seen_price=price))
        self.updated_at = utcnow()

    def change(self, *, variant_id: UUID, quantity: int) -> None:
        """Set how many of a variant are wanted; 0 takes the line out. A line that is gone stays gone."""
        if quantity < 0:
            raise InvalidQuantity
        if quantity > MAX_PER_LINE:
            raise TooMany(MAX_PER_LINE)
        for line in [line for line in self.lines if line.variant_id == variant_id]:
            if quantity:
                line.quantity = quantity
            else:
                self.lines.remove(line)
        self.updated_at = utcnow()


class CartLine(Base, kw_only=True):
    """So many of one variant; `seen_price` is the price the shopper last saw, so that a change can be said."""

    __tablename__ = "lines"
    __table_args__ = (
        UniqueConstraint("cart_id", "variant_id"),
        CheckConstraint("quantity BETWEEN 1 AND 99", name="quantity"),
        {"schema": "cart"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid7)
    cart_id: Mapped[UUID] = mapped_column(ForeignKey("cart.carts.id", ondelete="CASCADE"), default=None)
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.variants.id", ondelete="CASCADE"), index=True)
    quantity: Mapped[int]
    seen_price: Mapped[int]


class Checkout(Base, kw_only=True):
    """The answers a shopper has given on the way to an order.

    `token` is the idempotency token: an order keeps it, uniquely, so a repeated submit finds the first order.
    A new token is drawn when an order made with the old one can no longer be paid.
    """

    __tablename__ = "checkouts"
    __table_args__ = ({"schema": "cart"},)

    cart_id: Mapped[UUID] = mapped_column(ForeignKey("cart.carts.id", ondelete="CASCADE"), primary_key=True)
    token: Mapped[UUID] = mapped_column(unique=True, default_factory=uuid4)
    email: Mapped[str | None] = mapped_column(String(254), default=None)
    phone: Mapped[str | None] = mapped_column(String(40), default=None)
    shipping_address: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    billing_address: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    delivery_method: Mapped[str | None] = mapped_column(String(40), default=None)
    gateway: Mapped[str | None] = mapped_column(String(40), default=None)
    updated_at: Mapped[datetime] = mapped_column(default_factory=utcnow)
