"""Orders as their buyers see them."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from domain.orders.queries import Aftercare, OrderPage, OrderRow
from domain.orders.queries.page import PaymentView
from domain.shared.settings import Settings
from web.api import Money, money
from web.api.cursors import Next
from web.api.shapes import DiscountShape, Moment, PostalAddress, TaxShape, address, discounts, taxes


class OrderCard(TypedDict):
    """An order in a list; `key` opens it without a sign-in."""

    number: str
    key: str
    state: str
    state_label: str
    placed_at: Moment
    units: int
    total: Money


class OrderList(TypedDict):
    """Orders, the newest first."""

    items: list[OrderCard]
    next: Next


class OrderLineShape(TypedDict):
    """A line as it was when ordered; `total` after its discount."""

    id: str
    sku: str
    slug: str
    title: str
    options: str
    unit_price: Money
    quantity: int
    discount: Money
    total: Money
    tax: Money
    shipped: int
    returned: int


class Transfer(TypedDict):
    """Where to send money by a bank transfer, and what to write with it."""

    holder: str
    iban: str | None
    bic: str | None
    bank: str | None
    reference: str


class Payment(TypedDict):
    """How the newest attempt to pay stands.

    Send the shopper to `redirect_url` if there is one. The gateway's webhook settles the payment: ask for the order
    until `pending` is over. With `can_retry` a new attempt may be made.
    """

    state: str
    gateway: str
    pending: bool
    failure: str | None
    redirect_url: str | None
    can_retry: bool
    transfer: Transfer | None


class Parcel(TypedDict):
    """A parcel that was sent."""

    carrier: str
    tracking_number: str
    tracking_url: str | None
    sent_at: Moment
    delivered_at: Moment | None


class Happening(TypedDict):
    """Something that happened to an order."""

    kind: str
    label: str
    at: Moment
    note: str


class Order(TypedDict):
    """An order; whoever has its `key` may see it: send it as `Order-Key`."""

    number: str
    key: str
    state: str
    state_label: str
    live: Annotated[bool, Field(description="Whether more is expected to happen.")]
    placed_at: Moment
    expires_at: Moment | None
    email: str
    phone: str | None
    lines: list[OrderLineShape]
    subtotal: Money
    discount: Money
    discounts: list[DiscountShape]
    delivery: Money
    delivery_name: str
    tax: Money
    taxes: list[TaxShape]
    tax_included: bool
    total: Money
    shipping_address: PostalAddress | None
    billing_address: PostalAddress | None
    payment: Payment | None
    parcels: list[Parcel]
    timeline: list[Happening]
    can_cancel: bool


class ReturnedLine(TypedDict):
    """So many units of an order's line."""

    line_id: str
    quantity: int


class ReturnShape(TypedDict):
    """Something that goes back; `answer` is what the shop said."""

    id: str
    state: str
    state_label: str
    reason: str
    answer: str
    asked_at: Moment
    lines: list[ReturnedLine]


class ReturnList(TypedDict):
    """What goes back of an order, the oldest first, and how many of each line can still be sent back."""

    items: list[ReturnShape]
    returnable: list[ReturnedLine]


class PaymentStarted(TypedDict):
    """Where an order is paid; null where there is nothing to be done there."""

    redirect_url: str | None
    order: Order


def order_card(row: OrderRow, key: str) -> OrderCard:
    """Write an order of a list."""
    return {
        "number": row.number,
        "key": key,
        "state": row.state,
        "state_label": row.state_label,
        "placed_at": row.placed_at.isoformat(),
        "units": row.units,
        "total": money(row.total),
    }


def order(page: OrderPage, key: str, settings: Settings) -> Order:
    """Write an order."""
    return {
        "number": page.number,
        "key": key,
        "state": page.state,
        "state_label": page.state_label,
        "live": page.live,
        "placed_at": page.placed_at.isoformat(),
        "expires_at": page.expires_at.isoformat() if page.expires_at else None,
        "email": page.email,
        "phone": page.phone,
        "lines": [
            {
                "id": str(line.id),
                "sku": line.sku,
                "slug": line.product_slug,
                "title": line.title,
                "options": line.options_label,
                "unit_price": money(line.unit_price),
                "quantity": line.quantity,
                "discount": money(line.discount),
                "total": money(line.total),
                "tax": money(line.tax),
                "shipped": line.shipped,
                "returned": line.returned,
            }
            for line in page.lines
        ],
        "subtotal": money(page.subtotal),
        "discount": money(page.discount),
        "discounts": discounts(page.discounts),
        "delivery": money(page.delivery),
        "delivery_name": page.delivery_name,
        "tax": money(page.tax),
        "taxes": taxes(page.taxes),
        "tax_included": page.tax_included,
        "total": money(page.total),
        "shipping_address": address(page.shipping_address),
        "billing_address": address(page.billing_address),
        "payment": _payment(page.payment, page.number, settings) if page.payment else None,
        "parcels": [
            {
                "carrier": parcel.carrier,
                "tracking_number": parcel.tracking_number,
                "tracking_url": parcel.tracking_url,
                "sent_at": parcel.sent_at.isoformat(),
                "delivered_at": parcel.delivered_at.isoformat() if parcel.delivered_at else None,
            }
            for parcel in page.shipments
        ],
        "timeline": [
            {"kind": entry.kind, "label": entry.label, "at": entry.at.isoformat(), "note": entry.note}
            for entry in page.timeline
        ],
        "can_cancel": page.can_cancel,
    }


def returns(care: Aftercare) -> ReturnList:
    """Write what goes back of an order."""
    return {
        "items": [
            {
                "id": str(one.id),
                "state": one.state,
                "state_label": one.label,
                "reason": one.reason,
                "answer": one.answer,
                "asked_at": one.asked_at.isoformat(),
                "lines": [{"line_id": str(line.line_id), "quantity": line.quantity} for line in one.lines],
            }
            for one in care.returns
        ],
        "returnable": [{"line_id": str(line), "quantity": units} for line, units in care.units.items()],
    }


def _payment(view: PaymentView, number: str, settings: Settings) -> Payment:
    transfer: Transfer | None = None
    if view.pending and view.gateway == "bank":
        transfer = {
            "holder": settings.bank_holder,
            "iban": settings.bank_iban,
            "bic": settings.bank_bic,
            "bank": settings.bank_name,
            "reference": number,
        }
    return {
        "state": view.state,
        "gateway": view.gateway,
        "pending": view.pending,
        "failure": view.failure_message,
        "redirect_url": view.redirect_url,
        "can_retry": view.can_retry,
        "transfer": transfer,
    }
