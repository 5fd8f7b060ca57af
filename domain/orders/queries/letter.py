"""An order as letters tell of it: everything a mail shows, frozen as plain values that JSON can hold."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.orders.link import order_path
from domain.orders.models import Order, OrderLine, Return, ReturnLine, Shipment, ShipmentLine
from domain.orders.models.returns import RECEIVED


@dataclass(frozen=True, kw_only=True)
class LetterLine:
    """So many of one thing; amounts in minor units of the order's currency."""

    title: str
    options: str
    quantity: int
    unit_price: int
    total: int


@dataclass(frozen=True, kw_only=True)
class OrderLetter:
    """What a letter about an order says; amounts in minor units of `currency`, moments as ISO 8601."""

    order_id: str
    number: str
    email: str
    path: str
    placed_at: str
    currency: str
    lines: tuple[LetterLine, ...]
    subtotal: int
    discount: int
    discounts: tuple[dict[str, Any], ...]
    delivery: int
    tax: int
    taxes: tuple[dict[str, Any], ...]
    tax_included: bool
    total: int
    delivery_name: str
    delivery_from: str
    delivery_to: str
    address: dict[str, Any]
    paid: bool
    gateway: str
    shopper_id: str | None

    def as_context(self) -> dict[str, Any]:
        """The letter as a JSON column keeps it."""
        lines = [asdict(line) for line in self.lines]
        return asdict(self) | {"lines": lines, "discounts": list(self.discounts), "taxes": list(self.taxes)}


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What a letter about a parcel says."""

    carrier: str
    tracking_number: str
    tracking_url: str | None
    lines: tuple[dict[str, Any], ...]

    def as_context(self) -> dict[str, Any]:
        """The parcel as a JSON column keeps it."""
        return asdict(self) | {"lines": list(self.lines)}


def order_letter(session: Session, order_id: UUID) -> OrderLetter | None:
    """Return what a letter about an order says, or None if there is no such order; two SELECTs."""
    order = session.scalar(select(Order).where(Order.id == order_id))
    if order is None:
        return None
    lines = session.scalars(select(OrderLine).where(OrderLine.order_id == order_id).order_by(OrderLine.position))
    return OrderLetter(
        order_id=str(order.id),
        number=order.number,
        email=order.email,
        path=order_path(order.number, order.access_key),
        placed_at=order.created_at.isoformat(),
        currency=order.currency,
        lines=tuple(
            LetterLine(
                title=line.title,
                options=line.options,
                quantity=line.quantity,
                unit_price=line.unit_price,
                total=line.unit_price * line.quantity,
            )
            for line in lines
        ),
        subtotal=order.subtotal,
        discount=order.discount,
        discounts=tuple(
            {"label": one["label"], "amount": one["amount"], "free_delivery": one.get("free_delivery", False)}
            for one in order.discounts
        ),
        delivery=order.delivery,
        tax=order.tax,
        taxes=tuple(order.taxes),
        tax_included=order.tax_included,
        total=order.total,
        delivery_name=order.delivery_name,
        delivery_from=order.delivery_from.isoformat(),
        delivery_to=order.delivery_to.isoformat(),
        address=order.shipping_address,
        paid=order.paid_at is not None,
        gateway=order.gateway,
        shopper_id=str(order.shopper_id) if order.shopper_id else None,
    )


def parcel(session: Session, shipment_id: UUID) -> Parcel | None:
    """Return what a letter about a parcel says, or None if there is no such parcel; two SELECTs."""
    shipment = session.scalar(select(Shipment).where(Shipment.id == shipment_id))
    if shipment is None:
        return None
    rows = session.execute(
        select(OrderLine.title, OrderLine.options, ShipmentLine.quantity)
        .join(OrderLine, OrderLine.id == ShipmentLine.line_id)
        .where(ShipmentLine.shipment_id == shipment_id)
        .order_by(OrderLine.position)
    )
    return Parcel(
        carrier=shipment.carrier,
        tracking_number=shipment.tracking_number,
        tracking_url=shipment.tracking_url,
        lines=tuple({"title": row.title, "options": row.options, "quantity": row.quantity} for row in rows),
    )


def returned(session: Session, return_id: UUID) -> dict[str, Any] | None:
    """Return what a letter about a return says, as plain values, or None if there is no such return."""
    found = session.scalar(select(Return).where(Return.id == return_id))
    if found is None:
        return None
    received = found.state == RECEIVED
    rows = session.execute(
        select(OrderLine.title, OrderLine.options, ReturnLine.quantity, ReturnLine.received)
        .join(OrderLine, OrderLine.id == ReturnLine.line_id)
        .where(ReturnLine.return_id == return_id)
        .order_by(OrderLine.position)
    )
    lines = [
        {"title": row.title, "options": row.options, "quantity": row.received if received else row.quantity}
        for row in rows
    ]
    return {
        "answer": found.answer,
        "refund": found.refund_id is not None,
        "lines": [line for line in lines if line["quantity"]],
    }
