"""The orders' tables."""

from domain.orders.models.delivery import DeliveryMethod, TaxRate
from domain.orders.models.order import Order, OrderLine, Shipment, ShipmentLine, TimelineEntry

__all__ = ["DeliveryMethod", "Order", "OrderLine", "Shipment", "ShipmentLine", "TaxRate", "TimelineEntry"]
