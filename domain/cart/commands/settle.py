"""What an order does to the cart it was made from."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from domain.cart.models import CartLine, Checkout
from domain.shared.quick import Prepared, one

# The cart's lines and answers go with it, by the foreign keys.
_EMPTY = Prepared(
    """
    DELETE FROM cart.carts WHERE id = :cart_id AND NOT EXISTS (
        SELECT FROM cart.lines l WHERE l.cart_id = :cart_id
        AND l.quantity > coalesce(CAST(CAST(:bought AS jsonb) ->> CAST(l.variant_id AS text) AS integer), 0)
    )
    RETURNING id
    """,
    "id",
    bindparam("bought", type_=JSONB),
)


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
    quantities = {str(variant_id): quantity for variant_id, quantity in bought.items()}
    if one(session, _EMPTY, {"cart_id": cart_id, "bought": quantities}) is None:
        _take_out(session, cart_id, bought)


def _take_out(session: Session, cart_id: UUID, bought: Mapping[UUID, int]) -> None:
    lines = session.scalars(
        select(CartLine).where(CartLine.cart_id == cart_id).execution_options(populate_existing=True)
    )
    for line in lines.all():
        left = line.quantity - bought.get(line.variant_id, 0)
        if left > 0:
            line.quantity = left
        else:
            session.delete(line)
    session.flush()
    session.execute(delete(Checkout).where(Checkout.cart_id == cart_id).execution_options(synchronize_session=False))
