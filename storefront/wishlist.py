"""Whose wishlist a browser means: that of whoever is signed in, or the one its own cookie names."""

from uuid import UUID

from flask import Response

from domain.wishlist.holder import Holder
from storefront.held import THIRTY_DAYS, Held
from storefront.session import current_shopper

LIST = Held("wishlist", "wishlist_count", 3 * THIRTY_DAYS)


def held_list() -> UUID | None:
    """Return the list that the browser's own cookie names; None for none, or for a cookie that is not ours."""
    return LIST.current()


def current_holder() -> Holder:
    """Return who has the list that this request is about."""
    shopper = current_shopper()
    return Holder(shopper_id=shopper.id) if shopper else Holder(list_id=held_list())


def remember_wishlist(response: Response, list_id: UUID | None, count: int, *, forget: bool = False) -> Response:
    """Keep a browser's own list in it, and how many wishes there are; `forget` drops the list it has."""
    return LIST.remember(response, list_id, count, forget=forget)
