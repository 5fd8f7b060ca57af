"""Carts that nobody will come back to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.cart.models import Cart


def forget_carts(session: Session, *, shopper_id: UUID) -> None:
    """Drop a shopper's carts, with the answers given at the checkout."""
    session.execute(delete(Cart).where(Cart.shopper_id == shopper_id))


def purge_carts(session: Session, *, before: datetime, limit: int) -> int:
    """Drop some of the carts that were last changed before a moment; return how many."""
    old = select(Cart.id).where(Cart.updated_at < before).order_by(Cart.updated_at).limit(limit)
    return len(session.scalars(delete(Cart).where(Cart.id.in_(old)).returning(Cart.id)).all())
