"""Locking an order, and writing to its timeline.

The order of locks, everywhere: the cart, then the order, then its payment, then stock. Whoever needs several takes
them in this order, so that nobody waits for each other crosswise.
"""

from uuid import UUID

from sqlalchemy.orm import Session, selectinload

from domain.orders.errors import NoSuchOrder
from domain.orders.models import Order
from domain.shared.db import lock_one, utcnow
from domain.shared.quick import Prepared, rows

SHOPPER, SYSTEM, GATEWAY = "shopper", "system", "gateway"
"""Who did it, where it was nobody of the staff."""


_LINES = selectinload(Order.lines)
_NOTE = Prepared(
    """
    INSERT INTO orders.timeline (order_id, kind, actor, note, public, at)
    VALUES (:order_id, :kind, :actor, :note, :public, :at)
    """
)


def lock_order(session: Session, order_id: UUID, *, lines: bool = True) -> Order:
    """Lock an order, with its lines as they now are if they are needed; raises NoSuchOrder."""
    order = lock_one(session, Order, order_id, *((_LINES,) if lines else ()))
    if order is None:
        raise NoSuchOrder
    return order


def note(session: Session, order: Order, kind: str, *, actor: str, text: str = "", public: bool = True) -> None:
    """Add an entry to an order's timeline; the shopper sees the public ones."""
    # Before the statement, which takes the order's own changes along.
    order.updated_at = now = utcnow()
    entry = {"order_id": order.id, "kind": kind, "actor": actor, "note": text[:1000], "public": public, "at": now}
    rows(session, _NOTE, entry)
