"""How orders, payments, refunds and returns look to those who run the shop."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from domain.orders.queries import AdminOrder, OrderRow, ReturnView
from domain.payments.queries import PaymentRecord, RefundRecord
from web.api import Money, money
from web.api.cursors import Next
from web.api.shapes import DiscountShape, Moment, PostalAddress, TaxShape, address, discounts, taxes


class OrderCard(TypedDict):
    """An order in a list."""

    number: str
    state: str
    placed_at: Moment
    email: str
    name: str
    country: str
    units: int
    total: Money


class OrderList(TypedDict):
    """Orders, the newest first."""

    items: list[OrderCard]
    next: Next


class OrderLineShape(TypedDict):
    """A line as it was ordered; `left` is still to be sent."""

    id: str
    sku: str
    title: str
    options: str
    unit_price: Money
    quantity: int
    total: Money
    tax: Money
    shipped: int
    returned: int
    left: int
    refundable: Annotated[int, Field(description="How many units have not been given back yet.")]


class Parcel(TypedDict):
    """A parcel that was sent."""

    carrier: str
    tracking_number: str
    sent_at: Moment
    delivered_at: Moment | None


class Payment(TypedDict):
    """An attempt to pay, with what came in and what of it went back."""

    id: str
    gateway: str
    state: str
    amount: Money
    captured: Money
    refunded: Money


class Refund(TypedDict):
    """Money that goes back; it is `requested` until the gateway, or staff for a transfer, have sent it."""

    id: str
    payment_id: str
    state: str
    amount: Money
    reason: str
    failure: str | None
    asked_at: Moment
    settled_at: Moment | None


class Order(TypedDict):
    """An order, with what can be done with it now."""

    number: str
    state: str
    placed_at: Moment
    paid_at: Moment | None
    email: str
    phone: str | None
    shipping_address: PostalAddress | None
    billing_address: PostalAddress | None
    delivery_name: str
    way_to_pay: str
    lines: list[OrderLineShape]
    subtotal: Money
    discount: Money
    discounts: list[DiscountShape]
    delivery: Money
    tax: Money
    taxes: list[TaxShape]
    total: Money
    parcels: list[Parcel]
    payments: list[Payment]
    refunds: list[Refund]
    refundable: Annotated[Money, Field(description="What is left of the payment that has the most left.")]
    can_pack: bool
    can_ship: bool
    can_deliver: bool
    can_cancel: bool


class ReturnedLine(TypedDict):
    """So many units of a line that are to come back, have come back, and went on the shelf."""

    line_id: str
    sku: str
    title: str
    quantity: int
    received: int
    restocked: int


class ReturnShape(TypedDict):
    """Goods that a shopper wants to send back."""

    id: str
    order: str
    email: str
    state: str
    reason: str
    answer: str
    asked_at: Moment
    lines: list[ReturnedLine]


class ReturnList(TypedDict):
    """Returns that wait for an answer or a parcel, the oldest first."""

    items: list[ReturnShape]
    next: Next


def order_card(row: OrderRow) -> OrderCard:
    """Write an order of a list."""
    return {
        "number": row.number,
        "state": row.state,
        "placed_at": row.placed_at.isoformat(),
        "email": row.email,
        "name": row.name,
        "country": row.country,
        "units": row.units,
        "total": money(row.total),
    }


def order(found: AdminOrder, left: Mapping[UUID, int]) -> Order:
    """Write an order; `left` says how many units of each line have not been given back."""
    return {
        "number": found.number,
        "state": found.state,
        "placed_at": found.placed_at.isoformat(),
        "paid_at": found.paid_at.isoformat() if found.paid_at else None,
        "email": found.email,
        "phone": found.phone,
        "shipping_address": address(found.shipping_address),
        "billing_address": address(found.billing_address),
        "delivery_name": found.delivery_name,
        "way_to_pay": found.gateway,
        "lines": [
            {
                "id": str(line.id),
                "sku": line.sku,
                "title": line.title,
                "options": line.options_label,
                "unit_price": money(line.unit_price),
                "quantity": line.quantity,
                "total": money(line.total),
                "tax": money(line.tax),
                "shipped": line.shipped,
                "returned": line.returned,
                "left": line.left,
                "refundable": left.get(line.id, 0),
            }
            for line in found.lines
        ],
        "subtotal": money(found.subtotal),
        "discount": money(found.discount),
        "discounts": discounts(found.discounts),
        "delivery": money(found.delivery),
        "tax": money(found.tax),
        "taxes": taxes(found.taxes),
        "total": money(found.total),
        "parcels": [
            {
                "carrier": parcel.carrier,
                "tracking_number": parcel.tracking_number,
                "sent_at": parcel.sent_at.isoformat(),
                "delivered_at": parcel.delivered_at.isoformat() if parcel.delivered_at else None,
            }
            for parcel in found.shipments
        ],
        "payments": [_payment(payment) for payment in found.payments],
        "refunds": [_refund(refund) for refund in found.refunds],
        "refundable": money(found.refundable),
        "can_pack": found.can_pack,
        "can_ship": found.can_ship,
        "can_deliver": found.can_deliver,
        "can_cancel": found.can_cancel,
    }


def _payment(record: PaymentRecord) -> Payment:
    currency = record.amount.currency
    return {
        "id": str(record.id),
        "gateway": record.gateway,
        "state": record.state,
        "amount": money(record.amount),
        "captured": {"amount": record.captured, "currency": currency},
        "refunded": {"amount": record.refunded, "currency": currency},
    }


def _refund(record: RefundRecord) -> Refund:
    return {
        "id": str(record.id),
        "payment_id": str(record.payment_id),
        "state": record.state,
        "amount": money(record.amount),
        "reason": record.reason,
        "failure": record.failure_message,
        "asked_at": record.created_at.isoformat(),
        "settled_at": record.settled_at.isoformat() if record.settled_at else None,
    }


def returned(view: ReturnView) -> ReturnShape:
    """Write a return."""
    return {
        "id": str(view.id),
        "order": view.order_number,
        "email": view.email,
        "state": view.state,
        "reason": view.reason,
        "answer": view.answer,
        "asked_at": view.asked_at.isoformat(),
        "lines": [
            {
                "line_id": str(line.line_id),
                "sku": line.sku,
                "title": line.title,
                "quantity": line.quantity,
                "received": line.received,
                "restocked": line.restocked,
            }
            for line in view.lines
        ],
    }
