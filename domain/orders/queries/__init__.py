"""What pages show of orders."""

from domain.orders.queries.access import order_by_link, order_versions
from domain.orders.queries.admin import (
    AdminOrder,
    OrderList,
    OrderRow,
    admin_order,
    order_counts,
    order_list,
    order_numbers,
    orders_by_number,
    shopper_orders,
)
from domain.orders.queries.currency import why_currency_stays
from domain.orders.queries.delivery import delivery_countries, delivery_options
from domain.orders.queries.filters import PAYMENTS, SORTS, OrderFilter, clean_tag, read_filter
from domain.orders.queries.page import PROGRESS, Milestone, OrderPage, PaymentView, order_page
from domain.orders.queries.parts import STATE_LABELS, OrderLineView, ParcelLine, ShipmentView, TimelineView
from domain.orders.queries.readiness import Readiness, readiness
from domain.orders.queries.returns import (
    RETURN_LABELS,
    RETURN_SORTS,
    RETURNS_SHOWN,
    Aftercare,
    ReturnFilter,
    ReturnList,
    ReturnView,
    aftercare,
    one_return,
    read_return_filter,
    refundable_units,
    return_list,
    returns_of_order,
)
from domain.orders.queries.summary import Summary, checkout_summary
from domain.orders.queries.today import Today, today

__all__ = [
    "PAYMENTS", "PROGRESS", "RETURNS_SHOWN", "RETURN_LABELS", "RETURN_SORTS", "SORTS", "STATE_LABELS",
    "AdminOrder", "Aftercare", "Milestone", "OrderFilter", "OrderLineView", "OrderList", "OrderPage", "OrderRow",
    "ParcelLine", "PaymentView", "Readiness", "ReturnFilter", "ReturnList", "ReturnView", "ShipmentView", "Summary",
    "TimelineView", "Today", "admin_order", "aftercare", "checkout_summary", "clean_tag", "delivery_countries",
    "delivery_options", "one_return", "order_by_link", "order_counts", "order_list", "order_numbers", "order_page",
    "order_versions", "orders_by_number", "read_filter", "read_return_filter", "readiness", "refundable_units",
    "return_list", "returns_of_order", "shopper_orders", "today", "why_currency_stays",
]  # fmt: skip
