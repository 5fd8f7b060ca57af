"""What every page of an order is made of: its lines, parcels and timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, selectinload

from domain.catalog.queries import PictureView
from domain.orders.models import Order, OrderLine, Shipment, TimelineEntry
from domain.orders.states import CANCELLED, DELIVERED, PACKED, PAID, PLACED, REFUNDED, SHIPPED
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
    "replaced": "Replaced by another order",
    "refund_requested": "Refund started",
    "refunded": "Refunded",
    "return_requested": "Return asked for",
    "return_approved": "Return agreed",
    "return_refused": "Return not accepted",
    "return_received": "Return received",
    "note": "Note",
    "refund_failed": "Refund refused by the payment service",
}


@dataclass(frozen=True, kw_only=True)
class DiscountView:
    """Something that was taken off an order, under the name it had then; `free_delivery` took off the delivery."""

    label: str
    code: str | None
    amount: Money
    free_delivery: bool


@dataclass(frozen=True, kw_only=True)
class OrderLineView:
    """A line as it was when ordered; `total` after its discount, `left` still to be sent."""

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
    tax_name: str
    tax_basis_points: Decimal
    shipped: int
    withdrawn: int
    returned: int
    left: int


@dataclass(frozen=True, kw_only=True)
class TaxView:
    """All tax of one rate in an order: `amount` on goods and delivery worth `net` without it."""

    name: str
    basis_points: Decimal
    net: Money
    amount: Money


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


def discount_views(order: Order) -> tuple[DiscountView, ...]:
    """What was taken off an order, in the order in which it was."""
    return tuple(
        DiscountView(
            label=one["label"],
            code=one["code"],
            amount=Money(one["amount"], order.currency),
            free_delivery=one.get("free_delivery", False),
        )
        for one in order.discounts
    )


def tax_views(order: Order) -> tuple[TaxView, ...]:
    """An order's tax by rate, the highest first."""
    return tuple(
        TaxView(
            name=one["name"],
            basis_points=Decimal(one["basis_points"]),
            net=Money(one["net"], order.currency),
            amount=Money(one["amount"], order.currency),
        )
        for one in order.taxes
    )


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
        tax_name=line.tax_name,
        tax_basis_points=line.tax_basis_points,
        shipped=line.shipped,
        withdrawn=line.withdrawn,
        returned=line.returned,
        left=line.unsent,
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


def timeline_view(entry: TimelineEntry | Row[str, datetime, str, str]) -> TimelineView:
    """An entry of the timeline in words."""
    label = KIND_LABELS.get(entry.kind, entry.kind.replace("_", " ").capitalize())
    return TimelineView(kind=entry.kind, label=label, at=entry.at, actor=entry.actor, note=entry.note)
