"""The wishlist: what is on it, putting on, taking off, into the cart, and showing it to others."""

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.cart.commands import add_line
from domain.cart.errors import CannotBuy, NoSuchItem, TooMany
from domain.cart.queries import count
from domain.catalog.queries import buyable_by_sku, buyables
from domain.wishlist import commands, queries
from domain.wishlist.errors import FullWishlist, NoSuchWishlist
from domain.wishlist.holder import Holder
from storefront.session import current_cart_id, current_shopper, remember_cart
from storefront.wishlist import current_holder, remember_wishlist
from web.db import session, transaction
from web.headers import keep_address_private
from web.htmx import partials, wants_partial
from web.settings import shop_settings

bp = Blueprint("wishlist", __name__)


@bp.get("/wishlist")
def show() -> AnyResponse:
    """Show the wishlist of whoever is signed in, or of this browser."""
    found = queries.wishlist(session(), current_holder(), currency=shop_settings().currency)
    link = shop_settings().storefront_url + url_for(".shared", token=found.share_token) if found.share_token else None
    page = render_template("storefront/wishlist/wishlist.html", wishlist=found, link=link, shopper=current_shopper())
    return _remember(make_response(page), None)


@bp.get("/wishlist/heart")
def heart() -> Response:
    """Show whether a variant is on the list; asked for by pages that are the same for everyone."""
    sku = request.args.get("sku", "")
    item = buyable_by_sku(session(), sku)
    held = item is not None and item.variant_id in queries.wishes_of(session(), current_holder())
    return _heart(sku, item.variant_id if item else None, held=held)


@bp.post("/wishlist/items")
def add() -> AnyResponse:
    """Put a variant on the list."""
    sku = request.form.get("sku", "")
    try:
        with transaction() as tx:
            list_id = commands.wish(tx, holder=current_holder(), sku=sku)
    except FullWishlist as refusal:
        if wants_partial():
            return _heart(sku, None, held=False, announce=str(refusal))
        flash(str(refusal))
        return redirect(url_for(".show"), 303)
    own = None if current_shopper() else list_id
    if not wants_partial():
        return _remember(make_response(redirect(url_for(".show"), 303)), own)
    item = buyable_by_sku(session(), sku)
    return _heart(sku, item.variant_id if item else None, held=True, own=own, announce="It is on your wishlist.")


@bp.post("/wishlist/items/<uuid:variant_id>/removal")
def remove(variant_id: UUID) -> AnyResponse:
    """Take a variant off the list."""
    with transaction() as tx:
        commands.unwish(tx, holder=current_holder(), variant_id=variant_id)
    if wants_partial():
        item = buyables(session(), [variant_id]).get(variant_id)
        return _heart(item.sku if item else "", variant_id, held=False, announce="It is off your wishlist.")
    return _remember(make_response(redirect(url_for(".show"), 303)), None)


@bp.post("/wishlist/items/<uuid:variant_id>/move")
def move(variant_id: UUID) -> AnyResponse:
    """Put a wish into the cart, and take it off the list."""
    item = buyables(session(), [variant_id]).get(variant_id)
    shopper, held = current_shopper(), current_cart_id()
    if item is None:
        return redirect(url_for(".show"), 303)
    try:
        with transaction() as tx:
            # Off the list first: whoever takes it off puts it in the cart, however often the button was pressed.
            if not commands.unwish(tx, holder=current_holder(), variant_id=variant_id):
                return redirect(url_for(".show"), 303)
            cart_id = add_line(tx, cart_id=held, sku=item.sku, quantity=1, shopper_id=shopper.id if shopper else None)
    except (CannotBuy, TooMany, NoSuchItem) as refusal:
        flash(f"{item.title}: {refusal}")
        return redirect(url_for(".show"), 303)
    answer = _remember(make_response(redirect(url_for("cart.show"), 303)), None)
    return remember_cart(answer, cart_id, count(session(), cart_id))


@bp.post("/wishlist/sharing")
def share() -> AnyResponse:
    """Open the list to whoever has its link."""
    try:
        with transaction() as tx:
            commands.share(tx, holder=current_holder())
    except NoSuchWishlist:
        flash("Put something on your wishlist first.")
    return redirect(url_for(".show", _anchor="sharing"), 303)


@bp.post("/wishlist/sharing/removal")
def unshare() -> AnyResponse:
    """Close the list again."""
    with transaction() as tx:
        commands.unshare(tx, holder=current_holder())
    return redirect(url_for(".show", _anchor="sharing"), 303)


@bp.get("/wishlists/<token>")
def shared(token: str) -> str:
    """Show a list to whoever has its link."""
    keep_address_private()
    found = queries.shared_wishlist(session(), token, currency=shop_settings().currency)
    return render_template("storefront/wishlist/shared.html", wishlist=found)


def _heart(
    sku: str, variant_id: UUID | None, *, held: bool, own: UUID | None = None, announce: str | None = None
) -> Response:
    answer = partials("storefront/wishlist/_heart.html", announce=announce, sku=sku, variant_id=variant_id, held=held)
    return _remember(answer, own)


def _remember(answer: Response, own: UUID | None) -> Response:
    """Keep how many wishes there are; `own` is the list of a browser that nobody is signed in at."""
    wishes = queries.count_wishes(session(), Holder(list_id=own) if own else current_holder())
    return remember_wishlist(answer, own, wishes)
