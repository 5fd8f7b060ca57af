"""Who acts on what: the one table from events to their handlers."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

import domain.schema  # noqa: F401 - a flush needs to know every table that a foreign key names
from domain.analytics import handlers as analytics
from domain.cart import events as cart_events
from domain.catalog import events as catalog_events
from domain.catalog import handlers as catalog
from domain.catalog.imports import background
from domain.notifications import events as notifications_events
from domain.notifications import handlers as notifications
from domain.orders import events as orders_events
from domain.orders import handlers as orders
from domain.reviews import handlers as reviews
from domain.shared.events import Event
from domain.shared.exports import ExportAsked
from domain.shared.handlers import Outside
from domain.shared.preferences import ShopChanged
from domain.users import events as users_events
from workers import exports

Subscriber = Callable[[Session, Any], None] | Outside

SUBSCRIPTIONS: dict[type[Event], list[Subscriber]] = {
    catalog_events.ProductChanged: [catalog.refresh_product_listing, notifications.tell_of_product],
    catalog_events.StockChanged: [
        catalog.refresh_stock_listing,
        notifications.tell_of_stock,
        notifications.tell_staff_of_stock,
    ],
    catalog_events.CategoryChanged: [catalog.tell_products_of_category, catalog.change_every_page],
    catalog_events.BrandChanged: [catalog.tell_products_of_brand],
    catalog_events.ImportAsked: [background.carry_on_import],
    catalog_events.PicturesWanted: [background.fetch_pictures],
    catalog_events.PictureAdded: [catalog.make_derivatives],
    catalog_events.PlaceChanged: [catalog.refresh_placed_listing],
    catalog_events.CollectionChanged: [catalog.change_every_page],
    catalog_events.ProductsImported: [catalog.change_every_page],
    catalog_events.PagesChanged: [catalog.forget_pages],
    ShopChanged: [catalog.change_every_page],
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
    orders_events.ReturnReceived: [notifications.notify, analytics.count_return],
    ExportAsked: [exports.write_export],
    users_events.LinkAsked: [notifications.write_link],
    users_events.AddressVerified: [orders.join_guest_orders, reviews.join_guest_reviews, analytics.count_account],
    users_events.AccountChanged: [notifications.tell_of_change],
    users_events.AccountOpened: [notifications.welcome],
    users_events.NewDevice: [notifications.tell_of_device],
    users_events.StaffInvited: [notifications.write_to_invited],
    notifications_events.MessageQueued: [notifications.send_message],
    notifications_events.OpinionGiven: [analytics.count_opinion],
    cart_events.CartOpened: [analytics.count_cart],
    cart_events.CheckoutBegun: [analytics.count_checkout],
    cart_events.CartMerged: [analytics.count_merge],
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
