"""Letting a shopper in: every way ends here, so that each gets a sign-in of its own and takes the cart along."""

from datetime import UTC, datetime

from flask import flash, make_response, redirect, request
from flask import session as signed_cookie
from flask_login import login_user
from werkzeug.wrappers import Response as AnyResponse

from domain.cart.queries import count
from domain.orders.commands import merge_carts
from domain.users.commands import begin_session
from domain.users.queries import ShopperView
from storefront.device import device_words
from storefront.session import SignedIn, current_cart_id, place_of, remember_browser, remember_cart
from web.db import session, transaction


def let_in(shopper: ShopperView, onward: str, *, remember: bool) -> AnyResponse:
    """Sign a shopper in at this browser and go on, with their one cart; nothing of an earlier session is left.

    What became of the carts is said on the next page.
    """
    with transaction() as tx:
        session_id, token = begin_session(
            tx,
            shopper_id=shopper.id,
            browser=device_words(request.user_agent.string),
            place=place_of(request),
            remember=remember,
            now=datetime.now(UTC),
        )
        merged = merge_carts(tx, cart_id=current_cart_id(), shopper_id=shopper.id)
    signed_cookie.clear()
    login_user(SignedIn(shopper, session_id))
    remember_browser(session_id, token)
    for words in merged.changes:
        flash(words)
    response = make_response(redirect(onward, 303))
    return remember_cart(response, merged.cart_id, count(session(), merged.cart_id), forget=merged.cart_id is None)
