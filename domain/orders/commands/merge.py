"""One cart for a shopper who signs in: what the browser holds and what the account holds come together."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from domain.cart.commands import absorb, hold, own_cart, owned_carts
from domain.orders.models import Order
from domain.orders.states import PLACED

_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended('the cart of ' || CAST(:shopper_id AS text), 0))")


@dataclass(frozen=True)
class Merged:
    """The cart that the shopper goes on with, if there is one, and what the merging changed, in words for them."""

    cart_id: UUID | None
    changes: tuple[str, ...] = ()


def merge_carts(session: Session, *, cart_id: UUID | None, shopper_id: UUID) -> Merged:
    """Bring a browser's cart and those of the shopper's account together: units add up, as far as they can be had.

    The account's newest cart takes the others in, so that the shopper's other browsers see the same one; but a cart
    that an unpaid order was made of stays as it is, because its goods are spoken for, and takes the others in instead.
    A cart that is another shopper's is left alone. Two sign-ins at once wait for each other.
    """
    session.execute(_ALONE, {"shopper_id": shopper_id})
    carts = list(owned_carts(session, shopper_id))
    if cart_id is not None and cart_id not in carts and own_cart(session, cart_id=cart_id, shopper_id=shopper_id):
        carts.append(cart_id)
    if not carts:
        return Merged(None)
    for one in sorted(carts):
        hold(session, one)  # so that no order is placed of a cart between this look and its emptying
    waiting = _with_unpaid_orders(session, carts)
    target = cart_id if cart_id in waiting else next((one for one in carts if one in waiting), carts[0])
    changes: list[str] = []
    for source in carts:
        if source != target and source not in waiting:
            changes += absorb(session, cart_id=target, other=source, newer=source == cart_id)
    return Merged(target, tuple(changes))


def _with_unpaid_orders(session: Session, cart_ids: Sequence[UUID]) -> set[UUID]:
    return set(session.scalars(select(Order.cart_id).where(Order.cart_id.in_(cart_ids), Order.state == PLACED)))
