"""Which event makes which message, by which channel, to whom: the one table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.notifications.models import EMAIL, SITE, SMS
from domain.notifications.phones import verified_number
from domain.notifications.staff import addresses_for
from domain.orders import events as orders
from domain.orders.queries.letter import OrderLetter, order_letter, parcel, returned
from domain.payments import queries as payments
from domain.shared.db import utcnow
from domain.shared.events import Event

Recipients = Callable[[Session, OrderLetter, str], Iterable[str]]
More = Callable[[Session, Any], dict[str, Any] | None]


def the_shopper(_session: Session, order: OrderLetter, _template: str) -> Iterable[str]:
    """The address that the shopper gave with the order."""
    return (order.email,)


def the_account(_session: Session, order: OrderLetter, _template: str) -> Iterable[str]:
    """The account of the shopper who was signed in when ordering, if one was."""
    return (f"shopper:{order.shopper_id}",) if order.shopper_id else ()


def the_telephone(session: Session, order: OrderLetter, _template: str) -> Iterable[str]:
    """The verified telephone number of the account, if there is one."""
    number = verified_number(session, UUID(order.shopper_id)) if order.shopper_id else None
    return (number,) if number else ()


def the_staff(session: Session, _order: OrderLetter, template: str) -> Iterable[str]:
    """The addresses that want to hear of this kind of news."""
    return addresses_for(session, template)


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


def the_trouble(_session: Session, event: Event) -> dict[str, Any]:
    """Say what went wrong with the money."""
    return {"trouble": "refund" if isinstance(event, orders.RefundFailed) else "late"}


@dataclass(frozen=True)
class Route:
    """How an event becomes a message; `about` names the field whose value there is one message for."""

    template: str
    channel: str
    recipients: Recipients
    about: str
    more: More = nothing_more
    after: timedelta | None = None


def _shopper(template: str, about: str = "order_id", more: More = nothing_more, *, sms: bool = False) -> list[Route]:
    """A letter, the same news on the pages of the account and, for a few, a text message."""
    routes = [
        Route(template, EMAIL, the_shopper, about, more),
        Route(template, SITE, the_account, about, more),
    ]
    return [*routes, Route(template, SMS, the_telephone, about, more)] if sms else routes


def _staff(template: str, about: str = "order_id", more: More = nothing_more) -> Route:
    return Route(template, EMAIL, the_staff, about, more)


ASK_AFTER = timedelta(days=7)
"""How long after the delivery a shopper is asked how it was."""

ROUTES: dict[type[Event], list[Route]] = {
    orders.OrderPlaced: [*_shopper("order_placed"), _staff("staff_new_order")],
    orders.OrderPaid: _shopper("payment_received"),
    orders.PaymentFailed: _shopper("payment_failed", "payment_id", the_refusal),
    orders.PaymentReturned: [_staff("staff_payment_trouble", "refund_id", the_trouble)],
    orders.RefundFailed: [_staff("staff_payment_trouble", "refund_id", the_trouble)],
    orders.OrderShipped: _shopper("order_shipped", "shipment_id", the_parcel, sms=True),
    orders.OrderDelivered: [
        *_shopper("order_delivered", sms=True),
        Route("review_request", EMAIL, the_shopper, "order_id", after=ASK_AFTER),
    ],
    orders.OrderCancelled: _shopper("order_cancelled", more=the_reason),
    orders.OrderRefunded: _shopper("order_refunded", "refund_id", the_refund),
    orders.ReturnApproved: _shopper("return_approved", "return_id", the_return),
    orders.ReturnRefused: _shopper("return_refused", "return_id", the_return),
    orders.ReturnReceived: _shopper("return_received", "return_id", the_return),
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
    shopper_id: UUID | None
    not_before: datetime | None


def compose(session: Session, event: Any) -> list[Composed]:
    """Write the messages that an event asks for, with everything they say as it is now."""
    order = order_letter(session, event.order_id)
    if order is None:
        return []
    said: dict[More, dict[str, Any] | None] = {}
    composed = []
    for route in ROUTES[type(event)]:
        recipients = tuple(route.recipients(session, order, route.template))
        if recipients and route.more not in said:
            said[route.more] = route.more(session, event)
        more = said.get(route.more)
        if more is None:
            continue
        composed += [
            Composed(
                template=route.template,
                channel=route.channel,
                recipient=recipient,
                subject_key=str(getattr(event, route.about)),
                order_id=event.order_id,
                context={"order": order.as_context(), **more},
                shopper_id=UUID(order.shopper_id) if route.channel == SITE and order.shopper_id else None,
                not_before=utcnow() + route.after if route.after else None,
            )
            for recipient in recipients
        ]
    return composed
