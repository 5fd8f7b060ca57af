"""Who acts on what: the one table from events to their handlers."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

import domain.schema  # noqa: F401 - a flush needs to know every table that a foreign key names
from domain.analytics import handlers as analytics
from domain.catalog import events as catalog_events
from domain.catalog import handlers as catalog
from domain.notifications import events as notifications_events
from domain.notifications import handlers as notifications
from domain.orders import events as orders_events
from domain.orders import handlers as orders
from domain.shared.events import Event
from domain.shared.handlers import Outside
from domain.users import events as users_events

Subscriber = Callable[[Session, Any], None] | Outside

SUBSCRIPTIONS: dict[type[Event], list[Subscriber]] = {
    catalog_events.ProductChanged: [catalog.refresh_product_listing, notifications.tell_of_product],
    catalog_events.StockChanged: [
        catalog.refresh_stock_listing,
        notifications.tell_of_stock,
        notifications.tell_staff_of_stock,
    ],
    orders_events.OrderPlaced: [notifications.notify, analytics.count_order],
    orders_events.OrderPaid: [orders.issue_invoice, notifications.notify, analytics.count_payment],
    orders_events.PaymentAuthorised: [orders.capture_payment],
    orders_events.PaymentFailed: [notifications.notify],
    orders_events.PaymentReturned: [notifications.notify],
    orders_events.OrderShipped: [notifications.notify],
    orders_events.OrderDelivered: [notifications.notify],
    orders_events.OrderCancelled: [orders.stop_payments, notifications.notify, analytics.count_cancellation],
    orders_events.RefundRequested: [orders.carry_out_refund],
    orders_events.OrderRefunded: [orders.issue_credit_note, notifications.notify, analytics.count_refund],
    orders_events.RefundFailed: [notifications.notify],
    orders_events.ReturnApproved: [notifications.notify],
    orders_events.ReturnRefused: [notifications.notify],
    orders_events.ReturnReceived: [notifications.notify],
    users_events.LinkAsked: [notifications.write_link],
    users_events.AddressVerified: [orders.join_guest_orders],
    users_events.AccountChanged: [notifications.tell_of_change],
    users_events.StaffInvited: [notifications.write_to_invited],
    notifications_events.MessageQueued: [notifications.send_message],
}


def name_of(handler: Subscriber) -> str:
    """Return a handler's lasting name, `context.function`; claims and jobs are kept under it."""
    if isinstance(handler, Outside):
        return handler.name
    return f"{handler.__module__.split('.')[1]}.{handler.__name__}"


HANDLERS: dict[str, Subscriber] = {
    name_of(handler): handler for handlers in SUBSCRIPTIONS.values() for handler in handlers
}
"""Every handler by its name."""

SUBSCRIBERS: dict[str, list[str]] = {
    event.name: [name_of(handler) for handler in handlers] for event, handlers in SUBSCRIPTIONS.items()
}
"""The names of the handlers of each event name."""


def handler_names() -> dict[str, list[str]]:
    """Return the names of the handlers of each event name, for whoever checks that every one was reached."""
    return {name: list(handlers) for name, handlers in SUBSCRIBERS.items()}
