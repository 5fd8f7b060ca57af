"""Who calls, and on which cart and order: by what they send along, never by a cookie."""

from uuid import UUID

from flask import abort, g, request
from sqlalchemy.orm import Session

from domain.cart.commands import hold, owned_carts
from domain.cart.errors import NoSuchCart
from domain.orders.errors import NoSuchOrder
from domain.orders.queries.access import own_key
from domain.users.queries import ShopperView, SignInView
from web.api.bodies import invalid
from web.db import session

CART = {"Cart-Token": "The cart's `token`; a signed-in shopper's own cart is found without."}
ORDER = {"Order-Key": "The order's `key`; a signed-in shopper needs none for their own orders."}


def caller() -> ShopperView | None:
    """Return the shopper whose token came along, or None for a guest."""
    found: SignInView | None = g.api_sign_in
    return found.shopper if found else None


def signed_in() -> SignInView:
    """Return the sign-in of whoever calls, where the table lets shoppers in alone."""
    found: SignInView = g.api_sign_in
    return found


def shopper() -> ShopperView:
    """Return who is signed in, where the table lets shoppers in alone."""
    return signed_in().shopper


def cart_id(reader: Session | None = None) -> UUID | None:
    """Return the cart that the caller has: by its token, else the one of whoever is signed in."""
    token, known = request.headers.get("Cart-Token"), caller()
    if token:
        try:
            return UUID(token)
        except ValueError:
            abort(invalid([{"parameter": "Cart-Token", "detail": "This is no token of a cart."}]))
    return next(iter(owned_carts(reader or session(), known.id)), None) if known else None


def held_cart(tx: Session) -> UUID:
    """Lock the caller's cart for an edit and return its id; raises NoSuchCart."""
    found = cart_id(tx)
    if found is None or not hold(tx, found):
        raise NoSuchCart
    return found


def order_key(number: str) -> str:
    """Return the key to an order: the one that came along, or that of the signed-in shopper's own; or NoSuchOrder."""
    key, known = request.headers.get("Order-Key"), caller()
    if key:
        return key
    if known is None:
        raise NoSuchOrder
    return own_key(session(), number, shopper_id=known.id)
