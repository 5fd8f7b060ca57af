"""Who is shopping: the cart in its cookie, and the account of whoever has signed in."""

from uuid import UUID

from flask import Flask, Response, request
from flask_login import UserMixin, current_user

from domain.users.errors import NoSuchShopper
from domain.users.queries import ShopperView, shopper_by_id
from web.auth import QuietLoginManager
from web.db import session
from web.settings import shop_settings

CART = "cart"
COUNT = "cart_count"
"""Tells the script on a cached page that there is a cart to show; it holds a number and nothing else."""
THIRTY_DAYS = 30 * 24 * 3600


class SignedIn(UserMixin):
    """A shopper as Flask-Login wants one; the id changes with the password, which ends older sign-ins."""

    def __init__(self, shopper: ShopperView) -> None:
        self.shopper = shopper

    def get_id(self) -> str:
        """Return what the cookie holds: who, and since which password."""
        return f"{self.shopper.id}:{self.shopper.session_key}"


def init_shoppers(app: Flask) -> None:
    """Let shoppers sign in to an app."""
    manager = QuietLoginManager()
    manager.init_app(app)
    manager.login_view = "account.sign_in"
    manager.login_message = None
    manager.user_loader(_load)


def _load(held: str) -> SignedIn | None:
    who, _, key = held.partition(":")
    try:
        shopper = shopper_by_id(session(), UUID(who))
    except (ValueError, NoSuchShopper):
        return None
    return SignedIn(shopper) if shopper.session_key == key else None


def current_shopper() -> ShopperView | None:
    """Return who is signed in, or None for a guest; a public page must not ask."""
    return current_user.shopper if current_user.is_authenticated else None


def current_cart_id() -> UUID | None:
    """Return the cart this browser has; None for none, or for a cookie that is not ours."""
    try:
        return UUID(request.cookies.get(_cart_cookie(), ""))
    except ValueError:
        return None


def remember_cart(response: Response, cart_id: UUID | None, count: int, *, forget: bool = False) -> Response:
    """Keep a cart in the browser, and how many units are in it; the cart cookie stays when the cart is empty.

    `forget` drops what the browser has: a cart that is somebody else's.
    """
    secure = shop_settings().secure_cookies
    if cart_id is not None:
        response.set_cookie(
            _cart_cookie(), str(cart_id), max_age=THIRTY_DAYS, secure=secure, httponly=True, samesite="Lax"
        )
    elif forget and _cart_cookie() in request.cookies:
        response.delete_cookie(_cart_cookie(), secure=secure, httponly=True, samesite="Lax")
    if count:
        response.set_cookie(COUNT, str(count), max_age=THIRTY_DAYS, secure=secure, samesite="Lax")
    elif COUNT in request.cookies:
        response.delete_cookie(COUNT, secure=secure, samesite="Lax")
    return response


def _cart_cookie() -> str:
    return f"__Host-{CART}" if shop_settings().secure_cookies else CART
