"""An order as the shopper sees it, by its signed link."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from domain.orders.errors import NoSuchOrder
from domain.orders.link import opens, order_path
from domain.orders.models import Order
from domain.orders.number import clean
from domain.orders.queries.parts import (
    STATE_LABELS,
    DiscountView,
    OrderLineView,
    ShipmentView,
    TaxView,
    TimelineView,
    discount_views,
    line_views,
    shipment_views,
    tax_views,
    timeline_view,
)
from domain.orders.states import DELIVERED, FINISHED, PACKED, PAID, PLACED, SHIPPED
from domain.payments import queries as paid
from domain.payments.queries import PaymentRecord
from domain.shared.money import Money
from domain.shared.quick import Prepared, rows

PROGRESS = ((PLACED, "Placed"), (PAID, "Paid"), (PACKED, "Packed"), (SHIPPED, "On its way"), (DELIVERED, "Delivered"))
"""The road of an order on which all goes well."""


@dataclass(frozen=True, kw_only=True)
class Milestone:
    """A step of an order's road."""

    state: str
    label: str
    done: bool
    current: bool


@dataclass(frozen=True, kw_only=True)
class PaymentView:
    """The newest attempt to pay; `pending` while the gateway may still report money for it.

    `redirect_url` is where an open attempt can be finished; `can_retry` allows a new one. Never both, and neither
    while nobody knows how the last attempt stands: a page must not invite anyone to pay twice.
    """

    state: str
    gateway: str
    pending: bool
    failure_message: str | None
    redirect_url: str | None
    can_retry: bool


@dataclass(frozen=True, kw_only=True)
class OrderPage:
    """All that an order's page shows; `live` while more is expected to happen, `version` changes with every change."""

    id: UUID
    number: str
    path: str
    state: str
    state_label: str
    live: bool
    version: str
    email: str
    phone: str | None
    placed_at: datetime
    expires_at: datetime | None
    lines: tuple[OrderLineView, ...]
    subtotal: Money
    discount: Money
    discounts: tuple[DiscountView, ...]
    delivery: Money
    tax: Money
    taxes: tuple[TaxView, ...]
    tax_included: bool
    total: Money
    shipping_address: dict[str, Any]
    billing_address: dict[str, Any]
    delivery_name: str
    delivery_from: datetime
    delivery_to: datetime
    shipments: tuple[ShipmentView, ...]
    timeline: tuple[TimelineView, ...]
    payment: PaymentView | None
    progress: tuple[Milestone, ...]

    @property
    def can_cancel(self) -> bool:
        """Whether its buyer may still cancel it: until it is packed."""
        return self.state in (PLACED, PAID) and not any(line.shipped for line in self.lines)

    @property
    def sent(self) -> bool:
        """Whether some of it has left the house."""
        return any(line.shipped for line in self.lines)


_ORDER = (
    select(Order)
    .options(joinedload(Order.lines))
    .where(Order.number == bindparam("number"))
    .execution_options(populate_existing=True)
)
_TIMELINE = Prepared(
    "SELECT kind, at, actor, note FROM orders.timeline WHERE order_id = :order_id AND public ORDER BY id",
    "kind at actor note",
)


def order_page(session: Session, number: str, *, access_key: str) -> OrderPage:
    """An order by its signed link, in four statements at most; a wrong number and a wrong key answer alike."""
    order = session.scalars(_ORDER, {"number": clean(number)}).unique().one_or_none()
    if order is None or not opens(order.access_key, access_key):
        raise NoSuchOrder
    attempts = paid.of_orders(session, [order.id])
    timeline = rows(session, _TIMELINE, {"order_id": order.id})
    payment = attempts.get(order.id)
    return OrderPage(
        id=order.id,
        number=order.number,
        path=order_path(order.number, order.access_key),
        state=order.state,
        state_label=STATE_LABELS[order.state],
        live=order.state not in FINISHED,
        version=version_of(order.updated_at, payment.id if payment else None, payment.state if payment else None),
        email=order.email,
        phone=order.phone,
        placed_at=order.created_at,
        expires_at=order.expires_at,
        lines=line_views(order),
        subtotal=Money(order.subtotal, order.currency),
        discount=Money(order.discount, order.currency),
        discounts=discount_views(order),
        delivery=Money(order.delivery, order.currency),
        tax=Money(order.tax, order.currency),
        taxes=tax_views(order),
        tax_included=order.tax_included,
        total=Money(order.total, order.currency),
        shipping_address=order.shipping_address,
        billing_address=order.billing_address,
        delivery_name=order.delivery_name,
        delivery_from=order.delivery_from,
        delivery_to=order.delivery_to,
        shipments=shipment_views(session, order),
        timeline=tuple(timeline_view(entry) for entry in timeline),
        payment=payment_view(order.state, payment),
        progress=progress(order.state),
    )


def version_of(updated_at: datetime, payment_id: UUID | None, payment_state: str | None) -> str:
    """A short text that changes with every change that an order's page shows, the newest attempt to pay included."""
    attempt = f"{payment_id.hex[-8:]}-{payment_state}" if payment_id else "none"
    return f"{int(updated_at.timestamp() * 1_000_000):x}-{attempt}"


def payment_view(state: str, payment: PaymentRecord | None) -> PaymentView | None:
    """How the payment of an order in this state stands, and what the shopper can do."""
    waits = state == PLACED
    if payment is None:
        none = PaymentView(
            state="none", gateway="", pending=False, failure_message=None, redirect_url=None, can_retry=True
        )
        return none if waits else None
    return PaymentView(
        state=payment.state,
        gateway=payment.gateway,
        pending=payment.open,
        failure_message=payment.failure_message,
        redirect_url=payment.redirect_url if waits and payment.state == "pending" else None,
        can_retry=waits and not payment.open,
    )


def progress(state: str) -> tuple[Milestone, ...]:
    """An order's road and how far it has come; a cancelled or refunded order has left it, and gets none."""
    states = [step for step, _ in PROGRESS]
    if state not in states:
        return ()
    reached = states.index(state)
    return tuple(
        Milestone(state=step, label=label, done=i < reached or state == DELIVERED, current=i == reached)
        for i, (step, label) in enumerate(PROGRESS)
    )
