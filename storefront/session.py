"""Who is shopping: the cart in its cookie, and the account of whoever has signed in."""

import ipaddress
from datetime import UTC, datetime
from uuid import UUID

from flask import Flask, Request, Response, g, request
from flask import session as signed_cookie
from flask_login import UserMixin, current_user, login_user

from domain.users.commands import see_session, take_up_session
from domain.users.commands.sessions import REMEMBERED, SEEN_EVERY
from domain.users.errors import NoSuchShopper
from domain.users.queries import ShopperView, shopper_by_session
from storefront.held import THIRTY_DAYS, Held
from web.auth import QuietLoginManager
from web.db import session, transaction
from web.settings import shop_settings

CART = Held("cart", "cart_count", THIRTY_DAYS)


class SignedIn(UserMixin):
    """A shopper at a browser, as Flask-Login wants one; the cookie holds the sign-in's id, which is new each time."""

    def __init__(self, shopper: ShopperView, session_id: UUID) -> None:
        self.shopper, self.session_id = shopper, session_id

    def get_id(self) -> str:
        """Return what the cookie holds."""
        return str(self.session_id)


def init_shoppers(app: Flask) -> None:
    """Let shoppers sign in to an app."""
    manager = QuietLoginManager()
    manager.init_app(app)
    manager.login_view = "account.sign_in"
    manager.login_message = None
    manager.user_loader(_load)
    manager.request_loader(_remembered)
    app.after_request(_keep_remembered)


def _load(held: str) -> SignedIn | None:
    try:
        found = shopper_by_session(session(), UUID(held))
    except (ValueError, NoSuchShopper):
        return None
    now = datetime.now(UTC)
    if now - found.last_seen_at > SEEN_EVERY:
        # A note in passing: it changes nothing that anybody asked for, and is taken again if it is lost.
        with transaction() as tx:
            see_session(tx, session_id=found.id, place=place_of(request), now=now)
    return SignedIn(found.shopper, found.id)


def _remembered(asked: Request) -> SignedIn | None:
    """Sign a remembered browser in again, which changes its token: a copy can be used once and is then found out."""
    held, _, token = asked.cookies.get(_remember_cookie(), "").partition(":")
    fresh = None
    try:
        session_id = UUID(held)
        with transaction() as tx:
            try:
                _, fresh = take_up_session(
                    tx, session_id=session_id, token=token, place=place_of(asked), now=datetime.now(UTC)
                )
                known = True
            except NoSuchShopper:
                known = False  # and committed: if it was a copy, every sign-in has ended
        if not known:
            raise NoSuchShopper
        found = shopper_by_session(session(), session_id)
    except (ValueError, NoSuchShopper):
        if held:
            g.remember = ""
        return None
    if fresh:
        g.remember = f"{session_id}:{fresh}"
    signed_cookie.clear()
    user = SignedIn(found.shopper, found.id)
    login_user(user)
    return user


def remember_browser(session_id: UUID, token: str | None) -> None:
    """Have this answer keep a browser signed in, or no longer."""
    g.remember = f"{session_id}:{token}" if token else ""


def forget_browser() -> None:
    """Have this answer take from the browser what keeps it signed in."""
    g.remember = ""


def _keep_remembered(response: Response) -> Response:
    kept: str | None = g.get("remember")
    if kept is None:
        return response
    secure = shop_settings().secure_cookies
    if kept:
        seconds = int(REMEMBERED.total_seconds())
        response.set_cookie(_remember_cookie(), kept, max_age=seconds, secure=secure, httponly=True, samesite="Lax")
    elif _remember_cookie() in request.cookies:
        response.delete_cookie(_remember_cookie(), secure=secure, httponly=True, samesite="Lax")
    return response


def _remember_cookie() -> str:
    return "__Host-remember" if shop_settings().secure_cookies else "remember"


def place_of(asked: Request) -> str:
    """Return the network address without the part that stands for one household."""
    try:
        address = ipaddress.ip_address(asked.remote_addr or "")
    except ValueError:
        return ""
    net = ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False)
    return str(net).replace(".0/24", ".x").replace("::/48", ":…")


def current_session_id() -> UUID | None:
    """Return the sign-in of this browser, or None for a guest."""
    return current_user.session_id if current_user.is_authenticated else None


def current_shopper() -> ShopperView | None:
    """Return who is signed in, or None for a guest; a public page must not ask."""
    return current_user.shopper if current_user.is_authenticated else None


def signed_in_shopper() -> ShopperView:
    """Return who is signed in, on a page that only shoppers reach."""
    shopper: ShopperView = current_user.shopper
    return shopper


def current_cart_id() -> UUID | None:
    """Return the cart this browser has; None for none, or for a cookie that is not ours."""
    return CART.current()


def remember_cart(response: Response, cart_id: UUID | None, count: int, *, forget: bool = False) -> Response:
    """Keep a cart in the browser, and how many units are in it; the cart cookie stays when the cart is empty.

    `forget` drops what the browser has: a cart that is somebody else's.
    """
    return CART.remember(response, cart_id, count, forget=forget)
