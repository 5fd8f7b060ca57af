"""Letting a shopper in: every way ends here, so that each gets a sign-in of its own and takes the cart along."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import flash, make_response, redirect, request, url_for
from flask import session as signed_cookie
from flask_login import login_user
from werkzeug.wrappers import Response as AnyResponse

from domain.cart.queries import count
from domain.orders.commands import merge_carts
from domain.users.commands import begin_session
from domain.users.queries import ShopperView
from domain.wishlist.commands import merge_wishlists
from domain.wishlist.holder import Holder
from domain.wishlist.queries import count_wishes
from storefront.device import device_words, keep_device, own_device
from storefront.session import SignedIn, current_cart_id, place_of, remember_browser, remember_cart
from storefront.wishlist import held_list, remember_wishlist
from web.db import session, transaction

AWAITED = "awaited"
"""Where the signed cookie notes who has shown the password and owes a code."""
PERSONAL = ("/account", "/cart", "/checkout")
"""Where the pages begin that say what is to be said to one shopper."""
PATIENCE = timedelta(minutes=10)
"""How long a code may take to be found and typed."""


@dataclass(frozen=True)
class Awaited:
    """Somebody whose password was right, between the two steps."""

    shopper_id: UUID
    onward: str
    remember: bool


def await_code(shopper_id: UUID, onward: str, *, remember: bool) -> None:
    """Note that the first step is done; the browser is signed in to nothing yet."""
    until = (datetime.now(UTC) + PATIENCE).timestamp()
    signed_cookie[AWAITED] = [str(shopper_id), onward, remember, until]


def awaited() -> Awaited | None:
    """Return who owes a code, or None if nobody does or it took too long."""
    held = signed_cookie.get(AWAITED)
    if not held or held[3] < datetime.now(UTC).timestamp():
        return None
    return Awaited(UUID(held[0]), held[1], held[2])


def let_in(shopper: ShopperView, onward: str, *, remember: bool) -> AnyResponse:
    """Sign a shopper in at this browser and go on, with their one cart; nothing of an earlier session is left.

    What became of the carts is said on the next page. Where that one is the same for everybody, and so can say nothing
    to one of them, the cart comes first.
    """
    device = own_device()
    with transaction() as tx:
        session_id, token = begin_session(
            tx,
            shopper_id=shopper.id,
            browser=device_words(request.user_agent.string),
            place=place_of(request),
            remember=remember,
            now=datetime.now(UTC),
            device=device,
        )
        merged = merge_carts(tx, cart_id=current_cart_id(), shopper_id=shopper.id)
        merge_wishlists(tx, list_id=held_list(), shopper_id=shopper.id)
    signed_cookie.clear()
    login_user(SignedIn(shopper, session_id))
    remember_browser(session_id, token)
    for words in merged.changes:
        flash(words)
    if merged.changes and not onward.startswith(PERSONAL):
        onward = url_for("cart.show")
    response = make_response(redirect(onward, 303))
    keep_device(response, device)
    wishes = count_wishes(session(), Holder(shopper_id=shopper.id))
    remember_wishlist(response, None, wishes, forget=True)
    return remember_cart(response, merged.cart_id, count(session(), merged.cart_id), forget=merged.cart_id is None)
