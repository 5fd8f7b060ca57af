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
from domain.orders.queries.summary import Summary, checkout_summary
from domain.orders.queries.today import Today, today

__all__ = [
    "PROGRESS", "STATE_LABELS", "AdminOrder", "Milestone", "OrderLineView", "OrderList", "OrderPage", "OrderRow",
    "ParcelLine", "PaymentView", "ShipmentView", "Summary", "TimelineView", "Today", "admin_order", "checkout_summary",
    "delivery_countries", "delivery_options", "order_by_link", "order_counts", "order_list", "order_page",
    "order_version", "shopper_orders", "today",
]  # fmt: skip
