"""Orders of guests, once it is known whose they are."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.orders.models import Order


def join_orders(session: Session, *, shopper_id: UUID, email: str) -> int:
    """Put the orders that guests placed with an address into the account that has proved it; return how many."""
    joined = session.scalars(
        update(Order)
        .where(Order.email == email, Order.shopper_id.is_(None))
        .values(shopper_id=shopper_id)
        .returning(Order.id)
    ).all()
    return len(joined)
