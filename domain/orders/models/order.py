"""Orders with their lines, shipments and timeline."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Numeric, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.orders.errors import WrongState
from domain.orders.states import PLACED, TRANSITIONS
from domain.shared.db import Base, Entity, utcnow


class Order(Entity, kw_only=True):
    """What was agreed: names, prices, taxes and addresses as they were; amounts in minor units of `currency`.

    `total = subtotal - discount + delivery (+ tax where prices exclude it)`; `tax` is always the tax in the total.
    `taxes` has it by rate: name, basis points, net, amount, and in `delivery` the part of the amount on delivery.
    `access_key` makes the signed link for guests; `checkout_token` makes a repeated submit find this order.
    """

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint(
            "state IN ('placed','paid','packed','shipped','delivered','cancelled','refunded')", name="state"
        ),
        CheckConstraint(
            "total = subtotal - discount + delivery + CASE WHEN tax_included THEN 0 ELSE tax END", name="total"
        ),
        Index("ix_orders_created_at_id", text("created_at DESC"), text("id DESC")),
        Index("ix_orders_state_created_at", "state", text("created_at DESC")),
        # Staff look for orders by the beginnings of a shopper's names.
        Index(
            "ix_orders_name",
            text("to_tsvector('simple', coalesce(shipping_address ->> 'name', ''))"),
            postgresql_using="gin",
        ),
        # Staff sort and filter long lists: each of these gives the next page without reading the ones before.
        Index("ix_orders_country", text("(shipping_address ->> 'country')"), text("created_at DESC"), text("id DESC")),
        Index("ix_orders_not_paid", text("created_at DESC"), text("id DESC"), postgresql_where=text("paid_at IS NULL")),
        Index("ix_orders_total", text("total DESC"), text("id DESC")),
        Index("ix_orders_tags", "tags", postgresql_using="gin", postgresql_where=text("tags <> '{}'")),
        Index("ix_orders_unpaid", "expires_at", postgresql_where=text("state = 'placed'")),
        {"schema": "orders"},
    )

    number: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[str] = mapped_column(String(20), default=PLACED)
    checkout_token: Mapped[UUID] = mapped_column(unique=True)
    cart_id: Mapped[UUID] = mapped_column(index=True)
    shopper_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.shoppers.id", ondelete="SET NULL"), index=True, default=None
    )
    access_key: Mapped[str] = mapped_column(String(64))
    email: Mapped[str] = mapped_column(String(254), index=True)
    phone: Mapped[str | None] = mapped_column(String(40), default=None)
    shipping_address: Mapped[dict[str, Any]]
    billing_address: Mapped[dict[str, Any]]
    delivery_method: Mapped[str] = mapped_column(String(40))
    delivery_name: Mapped[str] = mapped_column(String(120))
    delivery_from: Mapped[datetime]
    delivery_to: Mapped[datetime]
    gateway: Mapped[str] = mapped_column(String(40))
    currency: Mapped[str] = mapped_column(String(3))
    tax_included: Mapped[bool] = mapped_column(default=True)
    subtotal: Mapped[int] = mapped_column(BigInteger)
    discount: Mapped[int] = mapped_column(BigInteger, default=0)
    delivery: Mapped[int] = mapped_column(BigInteger)
    delivery_tax: Mapped[int] = mapped_column(BigInteger, default=0)
    tax: Mapped[int] = mapped_column(BigInteger)
    taxes: Mapped[list[dict[str, Any]]] = mapped_column(default_factory=list, server_default="[]")
    total: Mapped[int] = mapped_column(BigInteger)
    discounts: Mapped[list[dict[str, Any]]] = mapped_column(default_factory=list)
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    paid_at: Mapped[datetime | None] = mapped_column(default=None)
    cancelled_at: Mapped[datetime | None] = mapped_column(default=None)
    updated_at: Mapped[datetime] = mapped_column(default_factory=utcnow)
    tags: Mapped[list[str]] = mapped_column(ARRAY(String(40)), default_factory=list, server_default="{}")

    lines: Mapped[list["OrderLine"]] = relationship(
        default_factory=list, lazy="raise_on_sql", order_by="OrderLine.position"
    )
    shipments: Mapped[list["Shipment"]] = relationship(
        default_factory=list, lazy="raise_on_sql", order_by="Shipment.created_at"
    )
    timeline: Mapped[list["TimelineEntry"]] = relationship(
        default_factory=list, lazy="raise_on_sql", order_by="TimelineEntry.id"
    )

    def move_to(self, state: str) -> None:
        """Change the state along the table of transitions; raises WrongState where the table has no such way."""
        if state not in TRANSITIONS[self.state]:
            raise WrongState(self.number, self.state, state)
        self.state = state
        self.updated_at = utcnow()


class OrderLine(Entity, kw_only=True):
    """So many of one variant as it was when ordered; `total` is after its share of the discount.

    `withdrawn` units were refunded before they left the house and will not be sent.
    """

    __tablename__ = "lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("shipped BETWEEN 0 AND quantity", name="shipped"),
        CheckConstraint("withdrawn BETWEEN 0 AND quantity - shipped", name="withdrawn"),
        CheckConstraint("returned BETWEEN 0 AND shipped", name="returned"),
        CheckConstraint("total = unit_price * quantity - discount", name="total"),
        {"schema": "orders"},
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.orders.id"), index=True, default=None)
    position: Mapped[int]
    variant_id: Mapped[UUID] = mapped_column(index=True)
    product_slug: Mapped[str] = mapped_column(String(120))
    sku: Mapped[str] = mapped_column(String(64), index=True)
    title: Mapped[str] = mapped_column(String(255))
    options: Mapped[str] = mapped_column(String(400), default="")
    picture: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    unit_price: Mapped[int] = mapped_column(BigInteger)
    quantity: Mapped[int]
    discount: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger)
    tax: Mapped[int] = mapped_column(BigInteger)
    tax_name: Mapped[str] = mapped_column(String(40), default="", server_default="")
    tax_basis_points: Mapped[Decimal] = mapped_column(Numeric(8, 3))
    shipped: Mapped[int] = mapped_column(default=0)
    withdrawn: Mapped[int] = mapped_column(default=0, server_default="0")
    returned: Mapped[int] = mapped_column(default=0)

    @property
    def unsent(self) -> int:
        """How many units are still to be sent."""
        return self.quantity - self.shipped - self.withdrawn


class Shipment(Entity, kw_only=True):
    """A parcel on its way."""

    __tablename__ = "shipments"
    __table_args__ = (
        # Staff look for a number however they were given it: in any case, with blanks or without.
        Index("ix_shipments_tracking", text("upper(replace(tracking_number, ' ', ''))")),
        {"schema": "orders"},
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.orders.id"), index=True, default=None)
    carrier: Mapped[str] = mapped_column(String(80))
    tracking_number: Mapped[str] = mapped_column(String(120))
    tracking_url: Mapped[str | None] = mapped_column(String(500), default=None)
    delivered_at: Mapped[datetime | None] = mapped_column(default=None)

    lines: Mapped[list["ShipmentLine"]] = relationship(default_factory=list, lazy="raise_on_sql")


class ShipmentLine(Base, kw_only=True):
    """How many of an order line are in a parcel."""

    __tablename__ = "shipment_lines"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"), {"schema": "orders"})

    shipment_id: Mapped[UUID] = mapped_column(ForeignKey("orders.shipments.id"), primary_key=True, default=None)
    line_id: Mapped[UUID] = mapped_column(ForeignKey("orders.lines.id"), primary_key=True)
    quantity: Mapped[int]


class TimelineEntry(Base, kw_only=True):
    """Something that happened to an order, with who and when; shoppers see the public ones."""

    __tablename__ = "timeline"
    __table_args__ = ({"schema": "orders"},)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True, init=False)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("orders.orders.id"), index=True, default=None)
    kind: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(1000), default="")
    public: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime] = mapped_column(default_factory=utcnow)
