"""What pages show of orders."""

from domain.orders.queries.access import order_by_link, order_version
from domain.orders.queries.admin import (
    AdminOrder,
    OrderList,
    OrderRow,
    admin_order,
    order_counts,
    order_list,
    shopper_orders,
)
from domain.orders.queries.delivery import delivery_countries, delivery_options
from domain.orders.queries.page import PROGRESS, Milestone, OrderPage, PaymentView, order_page
from domain.orders.queries.parts import STATE_LABELS, OrderLineView, ParcelLine, ShipmentView, TimelineView
from domain.orders.queries.returns import (
    RETURN_LABELS,
    Aftercare,
    ReturnView,
    aftercare,
    one_return,
    open_returns,
    refundable_units,
    returns_of_order,
)
from domain.orders.queries.summary import Summary, checkout_summary
from domain.orders.queries.today import Today, today

__all__ = [
    "PROGRESS", "RETURN_LABELS", "STATE_LABELS", "AdminOrder", "Aftercare", "Milestone", "OrderLineView", "OrderList",
    "OrderPage", "OrderRow", "ParcelLine", "PaymentView", "ReturnView", "ShipmentView", "Summary", "TimelineView",
    "Today", "admin_order", "aftercare", "checkout_summary", "delivery_countries", "delivery_options", "one_return",
    "open_returns", "order_by_link", "order_counts", "order_list", "order_page", "order_version", "refundable_units",
    "returns_of_order", "shopper_orders", "today",
]  # fmt: skip
