"""Whether the shop's currency can still be chosen."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalog.queries import has_products
from domain.orders.models import Order


def why_currency_stays(session: Session) -> str:
    """Say why the currency cannot be another one any more; nothing while it can be chosen."""
    if session.scalar(select(select(Order.id).exists())):
        return "The currency stays as it is: there are orders in it, and what was paid is not turned into another."
    if has_products(session):
        return "The currency stays as it is once there are products: their prices are in it."
    return ""
