"""An order as the shopper sees it, by its signed link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from domain.catalog.queries import PictureView
from domain.orders.errors import NoSuchOrder
from domain.orders.link import opens, order_path
from domain.orders.models import Order, OrderLine, Shipment, TimelineEntry
from domain.orders.number import clean
from domain.orders.states import CANCELLED, DELIVERED, FINISHED, PACKED, PAID, PLACED, REFUNDED, SHIPPED
from domain.payments import queries as paid
from domain.payments.queries import PaymentRecord
from domain.shared.money import Money

STATE_LABELS = {
    PLACED: "Waiting for payment",
    PAID: "Paid",
    PACKED: "Packed",
    SHIPPED: "On its way",
    DELIVERED: "Delivered",
    CANCELLED: "Cancelled",
    REFUNDED: "Refunded",
}

PROGRESS = ((PLACED, "Placed"), (PAID, "Paid"), (PACKED, "Packed"), (SHIPPED, "On its way"), (DELIVERED, "Delivered"))
"""The road of an order on which all goes well."""

KIND_LABELS = {
    "placed": "Order placed",
    "paid": "Payment received",
    "payment_failed": "Payment not accepted",
    "payment_cancelled": "Payment cancelled",
    "payment_authorised": "Payment authorised",
    "payment_returned": "Payment sent back",
    "packed": "Packed",
    "partly_shipped": "First part on its way",
    "shipped": "On its way",
    "delivered": "Delivered",
    "cancelled": "Cancelled",
    "refund_requested": "Refund started",
    "refunded": "Refunded",
    "refund_failed": "Refund refused by the payment service",
}


@dataclass(frozen=True, kw_only=True)
class OrderLineView:
    """A line as it was when ordered; `total` after its discount, `left` not shipped yet."""

    id: UUID
    variant_id: UUID
    sku: str
    product_slug: str
    title: str
    options_label: str
    picture: PictureView | None
    unit_price: Money
    quantity: int
    discount: Money
    total: Money
    tax: Money
    tax_basis_points: int
    shipped: int
    left: int


@dataclass(frozen=True, kw_only=True)
class ParcelLine:
    """How many of a line are in a parcel."""

    title: str
    options_label: str
    quantity: int


@dataclass(frozen=True, kw_only=True)
class ShipmentView:
    """A parcel."""

    id: UUID
    carrier: str
    tracking_number: str
    tracking_url: str | None
    sent_at: datetime
    delivered_at: datetime | None
    lines: tuple[ParcelLine, ...]


@dataclass(frozen=True, kw_only=True)
class TimelineView:
    """What happened, when and by whom."""

    kind: str
    label: str
    at: datetime
    actor: str
    note: str


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
    delivery: Money
    tax: Money
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


def order_page(session: Session, number: str, *, access_key: str) -> OrderPage:
    """An order by its signed link, in four statements at most; a wrong number and a wrong key answer alike."""
    statement = select(Order).options(joinedload(Order.lines)).where(Order.number == clean(number))
    order = session.scalars(statement.execution_options(populate_existing=True)).unique().one_or_none()
    if order is None or not opens(order.access_key, access_key):
        raise NoSuchOrder
    attempts = paid.of_orders(session, [order.id])
    timeline = session.scalars(
        select(TimelineEntry)
        .where(TimelineEntry.order_id == order.id, TimelineEntry.public)
        .order_by(TimelineEntry.id)
    )
    payment = attempts.get(order.id)
    return OrderPage(
        id=order.id,
        number=order.number,
        path=order_path(order.number, order.access_key),
        state=order.state,
        state_label=STATE_LABELS[order.state],
        live=order.state not in FINISHED,
        version=_version(order.updated_at, payment),
        email=order.email,
        phone=order.phone,
        placed_at=order.created_at,
        expires_at=order.expires_at,
        lines=line_views(order),
        subtotal=Money(order.subtotal, order.currency),
        discount=Money(order.discount, order.currency),
        delivery=Money(order.delivery, order.currency),
        tax=Money(order.tax, order.currency),
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


def find_order(session: Session, number: str, *, access_key: str) -> UUID:
    """The id of the order that a signed link opens, in one statement; raises NoSuchOrder as the page does."""
    order = session.execute(select(Order.id, Order.access_key).where(Order.number == clean(number))).one_or_none()
    if order is None or not opens(order.access_key, access_key):
        raise NoSuchOrder
    order_id: UUID = order.id
    return order_id


def order_version(session: Session, number: str, *, access_key: str) -> str:
    """The version that an order's page would have now, in two statements; raises NoSuchOrder as the page does."""
    order = session.execute(
        select(Order.id, Order.access_key, Order.updated_at).where(Order.number == clean(number))
    ).one_or_none()
    if order is None or not opens(order.access_key, access_key):
        raise NoSuchOrder
    return _version(order.updated_at, paid.of_orders(session, [order.id]).get(order.id))


def _version(updated_at: datetime, payment: PaymentRecord | None) -> str:
    attempt = f"{payment.id.hex[-8:]}-{payment.state}" if payment else "none"
    return f"{int(updated_at.timestamp() * 1_000_000):x}-{attempt}"


def line_views(order: Order) -> tuple[OrderLineView, ...]:
    """An order's lines, in their order."""
    return tuple(_line_view(line, order.currency) for line in order.lines)


def _line_view(line: OrderLine, currency: str) -> OrderLineView:
    return OrderLineView(
        id=line.id,
        variant_id=line.variant_id,
        sku=line.sku,
        product_slug=line.product_slug,
        title=line.title,
        options_label=line.options,
        picture=PictureView.from_json(line.picture),
        unit_price=Money(line.unit_price, currency),
        quantity=line.quantity,
        discount=Money(line.discount, currency),
        total=Money(line.total, currency),
        tax=Money(line.tax, currency),
        tax_basis_points=line.tax_basis_points,
        shipped=line.shipped,
        left=line.quantity - line.shipped,
    )


def shipment_views(session: Session, order: Order) -> tuple[ShipmentView, ...]:
    """The parcels of an order; nothing is asked of the database before the first unit has left."""
    if not any(line.shipped for line in order.lines):
        return ()
    lines = {line.id: line for line in order.lines}
    shipments: Sequence[Shipment] = session.scalars(
        select(Shipment).options(selectinload(Shipment.lines)).where(Shipment.order_id == order.id)
        .order_by(Shipment.created_at).execution_options(populate_existing=True)
    ).all()  # fmt: skip
    return tuple(
        ShipmentView(
            id=shipment.id,
            carrier=shipment.carrier,
            tracking_number=shipment.tracking_number,
            tracking_url=shipment.tracking_url,
            sent_at=shipment.created_at,
            delivered_at=shipment.delivered_at,
            lines=tuple(
                ParcelLine(
                    title=lines[part.line_id].title,
                    options_label=lines[part.line_id].options,
                    quantity=part.quantity,
                )
                for part in shipment.lines
            ),
        )
        for shipment in shipments
    )


def timeline_view(entry: TimelineEntry) -> TimelineView:
    """An entry of the timeline in words."""
    label = KIND_LABELS.get(entry.kind, entry.kind.replace("_", " ").capitalize())
    return TimelineView(kind=entry.kind, label=label, at=entry.at, actor=entry.actor, note=entry.note)


def payment_view(state: str, payment: PaymentRecord | None) -> PaymentView | None:
    """How the payment of an order in this state stands, and what the shopper can do."""
    waits = state == PLACED
    if payment is None:
        none = PaymentView(state="none", pending=False, failure_message=None, redirect_url=None, can_retry=True)
        return none if waits else None
    return PaymentView(
        state=payment.state,
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
