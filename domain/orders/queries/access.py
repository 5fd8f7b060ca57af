"""Whether a link opens an order, without reading the order."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.orders.errors import NoSuchOrder
from domain.orders.link import opens
from domain.orders.models import Order
from domain.orders.number import clean


def order_by_link(session: Session, number: str, *, access_key: str) -> UUID:
    """Return the id of the order that a link opens; raises NoSuchOrder for a wrong number and a wrong key alike."""
    row = session.execute(select(Order.id, Order.access_key).where(Order.number == clean(number))).one_or_none()
    if row is None or not opens(row.access_key, access_key):
        raise NoSuchOrder
    return row.id
