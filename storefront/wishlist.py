"""Whose wishlist a browser means: that of whoever is signed in, or the one its own cookie names."""

from uuid import UUID

from flask import Response, request

from domain.wishlist.holder import Holder
from storefront.session import THIRTY_DAYS, current_shopper
from web.settings import shop_settings

LIST = "wishlist"
COUNT = "wishlist_count"
"""Tells the script on a cached page that there are wishes to ask about; it holds a number and nothing else."""
KEPT_FOR = 3 * THIRTY_DAYS


def held_list() -> UUID | None:
    """Return the list that the browser's own cookie names; None for none, or for a cookie that is not ours."""
    try:
        return UUID(request.cookies.get(_cookie(), ""))
    except ValueError:
        return None


def current_holder() -> Holder:
    """Return who has the list that this request is about."""
    shopper = current_shopper()
    return Holder(shopper_id=shopper.id) if shopper else Holder(list_id=held_list())


def remember_wishlist(response: Response, list_id: UUID | None, count: int, *, forget: bool = False) -> Response:
    """Keep a browser's own list in it, and how many wishes there are; `forget` drops the list it has."""
    secure = shop_settings().secure_cookies
    if list_id is not None:
        response.set_cookie(_cookie(), str(list_id), max_age=KEPT_FOR, secure=secure, httponly=True, samesite="Lax")
    elif forget and _cookie() in request.cookies:
        response.delete_cookie(_cookie(), secure=secure, httponly=True, samesite="Lax")
    if count:
        response.set_cookie(COUNT, str(count), max_age=KEPT_FOR, secure=secure, samesite="Lax")
    elif COUNT in request.cookies:
        response.delete_cookie(COUNT, secure=secure, samesite="Lax")
    return response


def _cookie() -> str:
    return f"__Host-{LIST}" if shop_settings().secure_cookies else LIST
