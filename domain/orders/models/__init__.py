"""The orders' tables."""

from domain.orders.models.delivery import DeliveryMethod, TaxRate
from domain.orders.models.order import Order, OrderLine, Shipment, ShipmentLine, TimelineEntry
from domain.orders.models.returns import RefundPart, Return, ReturnLine

__all__ = [
    "DeliveryMethod", "Order", "OrderLine", "RefundPart", "Return", "ReturnLine", "Shipment", "ShipmentLine", "TaxRate",
    "TimelineEntry",
]  # fmt: skip
