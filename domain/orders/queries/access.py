"""What a signed link opens, without reading the whole order."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from domain.orders.errors import NoSuchOrder
from domain.orders.link import opens
from domain.orders.models import Order
from domain.orders.number import clean
from domain.orders.queries.page import version_of
from domain.payments import queries as paid

_BY_NUMBER = select(Order.id, Order.access_key, Order.updated_at).where(Order.number == bindparam("number"))


def order_by_link(session: Session, number: str, *, access_key: str) -> UUID:
    """Return the id of the order that a link opens; raises NoSuchOrder for a wrong number and a wrong key alike."""
    return _open(session, number, access_key)[0]


def order_version(session: Session, number: str, *, access_key: str) -> str:
    """Return the version that an order's page would have now, in two statements; raises NoSuchOrder."""
    order_id, updated_at = _open(session, number, access_key)
    return version_of(updated_at, paid.of_orders(session, [order_id]).get(order_id))


def _open(session: Session, number: str, access_key: str) -> tuple[UUID, datetime]:
    row = session.execute(_BY_NUMBER, {"number": clean(number)}).one_or_none()
    if row is None or not opens(row.access_key, access_key):
        raise NoSuchOrder
    return row.id, row.updated_at
