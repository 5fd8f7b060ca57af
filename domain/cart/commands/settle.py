"""What an order does to the cart it was made from."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from domain.cart.models import Cart, CartLine, Checkout


def renew_token(session: Session, *, cart_id: UUID, old: UUID | None = None) -> None:
    """Draw a new checkout token, so that the next submit is a new order and not a repeat of an old one.

    It is due when what the shopper agreed to has changed, or when the order made with the old token came to nothing.
    With `old`, only that token is replaced.
    """
    statement = update(Checkout).where(Checkout.cart_id == cart_id).values(token=uuid4())
    if old is not None:
        statement = statement.where(Checkout.token == old)
    session.execute(statement.execution_options(synchronize_session=False))


def close(session: Session, *, cart_id: UUID, bought: Mapping[UUID, int]) -> None:
    """Take what was bought and paid out of the cart; what the shopper put in since the order stays.

    The caller holds the cart. An emptied cart is deleted with its answers; it may be gone already.
    """
    lines = session.scalars(
        select(CartLine).where(CartLine.cart_id == cart_id).execution_options(populate_existing=True)
    ).all()
    left = [line.quantity - bought.get(line.variant_id, 0) for line in lines]
    if not any(quantity > 0 for quantity in left):
        for line in lines:
            session.expunge(line)
        # Its lines and answers go with it, by the foreign keys.
        session.execute(delete(Cart).where(Cart.id == cart_id).execution_options(synchronize_session=False))
        return
    for line, quantity in zip(lines, left, strict=True):
        if quantity > 0:
            line.quantity = quantity
        else:
            session.delete(line)
    session.flush()
    session.execute(
        delete(Checkout).where(Checkout.cart_id == cart_id).execution_options(synchronize_session=False)
    )
