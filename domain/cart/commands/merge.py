"""Bringing two carts together."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from domain.cart.commands.hold import hold_with_lines
from domain.cart.commands.settle import renew_token
from domain.cart.events import CartMerged
from domain.cart.limits import MAX_LINES, MAX_PER_LINE
from domain.cart.models import Cart, CartLine, Checkout
from domain.catalog.queries import Buyable, buyables
from domain.shared.db import utcnow
from domain.shared.outbox import record


def owned_carts(session: Session, shopper_id: UUID) -> Sequence[UUID]:
    """Return a shopper's carts with anything in them, the one that changed last first."""
    return session.scalars(
        select(Cart.id)
        .where(Cart.shopper_id == shopper_id, select(CartLine.id).where(CartLine.cart_id == Cart.id).exists())
        .order_by(Cart.updated_at.desc(), Cart.id)
    ).all()


def own_cart(session: Session, *, cart_id: UUID, shopper_id: UUID) -> bool:
    """Note whose cart it is; False if it is gone, or another shopper's, who keeps it."""
    owned = session.scalar(
        update(Cart)
        .where(Cart.id == cart_id, Cart.shopper_id.is_(None) | (Cart.shopper_id == shopper_id))
        .values(shopper_id=shopper_id)
        .returning(Cart.id)
    )
    return owned is not None


def absorb(session: Session, *, cart_id: UUID, other: UUID, newer: bool) -> list[str]:
    """Take everything of another cart into this one and empty that; returns what the shopper must be told.

    Units of one variant add up, to no more than can be had or a line may hold; nothing that is in this cart already
    gets less. If the other is the `newer`, its answers to the checkout's questions replace those given here.
    """
    held = {one: hold_with_lines(session, one) for one in sorted((cart_id, other))}
    cart, source = held[cart_id], held[other]
    if cart is None or source is None or not source.lines:
        return []
    items = buyables(session, [line.variant_id for line in source.lines])
    told = [words for line in source.lines if (words := _take_in(cart, line, items.get(line.variant_id)))]
    source.lines.clear()
    cart.code = cart.code or source.code
    cart.updated_at = source.updated_at = now = utcnow()
    session.flush()
    record(session, CartMerged(cart_id=other, into=cart_id, at=now))
    if newer and session.scalar(select(Checkout.email).where(Checkout.cart_id == other)):
        session.execute(delete(Checkout).where(Checkout.cart_id == cart_id))
        session.execute(update(Checkout).where(Checkout.cart_id == other).values(cart_id=cart_id))
    renew_token(session, cart_id=cart_id)
    return told


def _take_in(cart: Cart, line: CartLine, item: Buyable | None) -> str:
    """Put a line of another cart into this one as far as that goes; returns what is to be said of it, if anything."""
    if item is None or not item.on_sale:
        return "Something from your other cart is no longer sold and was left out." if item is None else (
            f"{item.title} is no longer sold and was left out."
        )  # fmt: skip
    name = f"{item.title} ({item.options_label})" if item.options_label else item.title
    present = next((own for own in cart.lines if own.variant_id == line.variant_id), None)
    had = present.quantity if present else 0
    most = MAX_PER_LINE if item.sell_when_out else min(MAX_PER_LINE, item.available)
    quantity = max(had, min(had + line.quantity, most))
    if quantity == 0:
        return f"{name} is sold out and was left out."
    if present is None and len(cart.lines) >= MAX_LINES:
        return f"Your cart is full: {name} was left out."
    if present is None:
        cart.lines.append(CartLine(variant_id=line.variant_id, quantity=quantity, seen_price=line.seen_price))
    else:
        present.quantity = quantity
    if quantity < had + line.quantity:
        return f"{name}: you had {had + line.quantity} in two carts, and {quantity} is as many as you can have."
    return f"{name}: {had} and {line.quantity} from two carts make {quantity}." if present else ""
