"""Which event makes which message, by which channel, to whom: the one table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.orders import events as orders
from domain.orders.queries.letter import OrderLetter, order_letter, parcel, returned
from domain.payments import queries as payments
from domain.shared.events import Event

EMAIL = "email"

Recipient = Callable[[OrderLetter], str]
More = Callable[[Session, Any], dict[str, Any] | None]


def the_shopper(order: OrderLetter) -> str:
    """The address that the shopper gave with the order."""
    return order.email


def nothing_more(_session: Session, _event: Event) -> dict[str, Any]:
    """Say only what every letter about an order says."""
    return {}


def the_parcel(session: Session, event: orders.OrderShipped) -> dict[str, Any] | None:
    """Say what is in the parcel and how to follow it."""
    found = parcel(session, event.shipment_id)
    return {"parcel": found.as_context(), "complete": event.complete} if found else None


def the_reason(_session: Session, event: orders.OrderCancelled) -> dict[str, Any] | None:
    """Say why; nothing at all of an order that the shopper replaced by another, for that one has its own letter."""
    return None if event.replaced_by else {"reason": event.reason}


def the_refund(_session: Session, event: orders.OrderRefunded) -> dict[str, Any]:
    """Say how much goes back."""
    return {"refunded": event.amount.amount}


def the_return(session: Session, event: Any) -> dict[str, Any] | None:
    """Say what goes back, or has come back, and what staff said about it."""
    found = returned(session, event.return_id)
    return {"returned": found} if found else None


def the_refusal(session: Session, event: orders.PaymentFailed) -> dict[str, Any]:
    """Say why the payment was refused, in the words the shopper saw."""
    payment = payments.payment(session, event.payment_id)
    return {"failure": (payment.failure_message if payment else None) or ""}


@dataclass(frozen=True)
class Route:
    """How an event becomes a message; `about` names the field whose value there is one message for."""

    template: str
    channel: str
    recipient: Recipient
    about: str
    more: More = nothing_more


ROUTES: dict[type[Event], Route] = {
    orders.OrderPlaced: Route("order_placed", EMAIL, the_shopper, about="order_id"),
    orders.OrderPaid: Route("payment_received", EMAIL, the_shopper, about="order_id"),
    orders.PaymentFailed: Route("payment_failed", EMAIL, the_shopper, about="payment_id", more=the_refusal),
    orders.OrderShipped: Route("order_shipped", EMAIL, the_shopper, about="shipment_id", more=the_parcel),
    orders.OrderCancelled: Route("order_cancelled", EMAIL, the_shopper, about="order_id", more=the_reason),
    orders.OrderRefunded: Route("order_refunded", EMAIL, the_shopper, about="refund_id", more=the_refund),
    orders.ReturnApproved: Route("return_approved", EMAIL, the_shopper, about="return_id", more=the_return),
    orders.ReturnRefused: Route("return_refused", EMAIL, the_shopper, about="return_id", more=the_return),
    orders.ReturnReceived: Route("return_received", EMAIL, the_shopper, about="return_id", more=the_return),
}


@dataclass(frozen=True, kw_only=True)
class Composed:
    """A message that is ready to be written down."""

    template: str
    channel: str
    recipient: str
    subject_key: str
    order_id: UUID
    context: dict[str, Any]


def compose(session: Session, event: Any) -> Composed | None:
    """Write the message that an event asks for, with everything it says as it is now; None if it asks for none."""
    route = ROUTES[type(event)]
    order = order_letter(session, event.order_id)
    more = route.more(session, event)
    if order is None or more is None:
        return None
    return Composed(
        template=route.template,
        channel=route.channel,
        recipient=route.recipient(order),
        subject_key=str(getattr(event, route.about)),
        order_id=event.order_id,
        context={"order": order.as_context(), **more},
    )
