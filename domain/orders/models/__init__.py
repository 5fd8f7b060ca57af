"""The orders' tables."""

from domain.orders.models.delivery import DeliveryMethod, DeliveryZone, TaxRate, ZonePlace
from domain.orders.models.order import Order, OrderLine, Shipment, ShipmentLine, TimelineEntry
from domain.orders.models.papers import Paper, PaperCounter
from domain.orders.models.returns import RefundPart, Return, ReturnLine

__all__ = [
    "DeliveryMethod", "DeliveryZone", "Order", "OrderLine", "Paper",
    "PaperCounter", "RefundPart", "Return", "ReturnLine", "Shipment", "ShipmentLine", "TaxRate", "TimelineEntry",
    "ZonePlace",
]  # fmt: skip
