"""The lock that every change of a cart, and every order made from it, takes first."""

from uuid import UUID

from sqlalchemy.orm import Session, selectinload

from domain.cart.models import Cart
from domain.shared.db import lock_one
from domain.shared.quick import Prepared, one

_HOLD = Prepared("SELECT id FROM cart.carts WHERE id = :cart_id FOR UPDATE", "id")
_LINES = selectinload(Cart.lines)


def hold(session: Session, cart_id: UUID) -> bool:
    """Lock a cart until the transaction ends, and say whether it exists; taken before any order's lock."""
    return one(session, _HOLD, {"cart_id": cart_id}) is not None


def hold_with_lines(session: Session, cart_id: UUID) -> Cart | None:
    """Lock a cart and read its lines.

    The lines are read by a statement of their own: one that joined them to the locked row would show them as they
    were before it waited for the lock.
    """
    return lock_one(session, Cart, cart_id, _LINES)
