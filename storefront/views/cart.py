"""The cart: what is in it, putting in, changing, taking out and putting back."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from htmx_flask import make_response as htmx_response
from werkzeug.wrappers import Response as AnyResponse

from domain.cart import commands, queries
from domain.cart.errors import CannotBuy, NoSuchItem, TooMany
from domain.cart.queries import CartView
from domain.catalog.queries import buyable_by_sku, buyables, product_page
from domain.orders.queries.summary import Summary
from domain.shared.errors import RuleBroken
from storefront.code import CodeState
from storefront.forms.cart import BuyForm, LineForm
from storefront.lists import whole_number
from storefront.session import current_cart_id, current_shopper, remember_cart
from storefront.summary import summary_of
from storefront.views.catalog import answer_product, choose
from web.db import session, transaction
from web.htmx import partials, wants_partial
from web.settings import shop_settings

bp = Blueprint("cart", __name__, url_prefix="/cart")


@dataclass(frozen=True)
class Undo:
    """What was just taken out, and can be put back."""

    sku: str
    quantity: int
    title: str


@bp.get("")
def show() -> AnyResponse:
    """Show the cart, with what was just taken out if the address names it."""
    undo = _undo(request.args.get("removed", ""), whole_number(request.args.get("quantity"), 0))
    return answer_cart(current_cart_id(), undo=undo)


@bp.get("/badge")
def badge() -> Response:
    """Show how many units are in the cart, and the drawer; asked for by pages that are the same for everyone."""
    cart = _cart(current_cart_id())
    response = partials("storefront/cart/_badge.html", "storefront/cart/_drawer.html", cart=cart, added=False)
    return remember_cart(response, cart.id, cart.count)


@bp.post("/lines")
def add_line() -> AnyResponse:
    """Put an item in the cart."""
    form = BuyForm(request.form)
    if not form.validate():
        return _refused(form)
    return _add(form)


@bp.post("/undo")
def undo() -> AnyResponse:
    """Put back what was just taken out."""
    form = BuyForm(request.form)
    if not form.validate():
        return redirect(url_for(".show"), 303)
    return _add(form, back=True)


@bp.post("/lines/<uuid:variant_id>")
def change_line(variant_id: UUID) -> AnyResponse:
    """Set how many of a variant are wanted; 0 takes the line out."""
    cart_id = current_cart_id()
    form = LineForm(request.form)
    if not form.validate():
        return answer_cart(cart_id, problem=form.summary[0][1])
    quantity, before = form.quantity.data, 0
    if cart_id is not None:
        try:
            with transaction() as tx:
                before = commands.change_line(tx, cart_id=cart_id, variant_id=variant_id, quantity=quantity)
        except (RuleBroken, NoSuchItem) as refusal:
            return answer_cart(cart_id, problem=str(refusal))
    removed = before if quantity == 0 else 0
    if wants_partial():
        return answer_cart(cart_id, undo=_undo(str(variant_id), removed))
    left = queries.count(session(), cart_id)
    address = url_for(".show", removed=variant_id, quantity=removed) if removed else url_for(".show")
    return remember_cart(make_response(redirect(address, 303)), cart_id if left else None, left)


def _add(form: BuyForm, *, back: bool = False) -> AnyResponse:
    shopper = current_shopper()
    held = current_cart_id()
    try:
        with transaction() as tx:
            cart_id = commands.add_line(
                tx,
                cart_id=held,
                sku=form.sku.data,
                quantity=form.quantity.data,
                shopper_id=shopper.id if shopper else None,
            )
    except (CannotBuy, TooMany) as refusal:
        if back:
            return answer_cart(held, problem=str(refusal))
        form.refuse("quantity", str(refusal))
        return _refused(form)
    if not wants_partial():
        # A cart opened just now holds what was put in it and nothing else.
        count = form.quantity.data if cart_id != held else queries.count(session(), cart_id)
        return remember_cart(make_response(redirect(url_for(".show"), 303)), cart_id, count)
    if back:
        return answer_cart(cart_id)
    cart = _cart(cart_id)
    names = ("storefront/cart/_drawer.html", "storefront/cart/_badge.html")
    answer = partials(*names, cart=cart, added=True, announce=f"Added to your cart. {_announcement(cart)}")
    return remember_cart(htmx_response(answer, trigger="cart-added"), cart_id, cart.count)


def _refused(form: BuyForm) -> Response:
    """Show the product again, with what is wrong said at the field."""
    item = buyable_by_sku(session(), form.sku.data or "")
    if item is None or not item.on_sale:
        raise NoSuchItem
    page = product_page(session(), item.product_slug, shop_settings().currency)
    selected, choices = choose(page, {"sku": item.sku})
    return answer_product(page, selected=selected, choices=choices, form=form, status=422)


def answer_cart(
    cart_id: UUID | None,
    *,
    undo: Undo | None = None,
    problem: str | None = None,
    code: CodeState | None = None,
    status: int = 200,
) -> Response:
    """Show the cart as it is now: after a change, after a change that was refused, or just so."""
    found, code = summary_of(cart_id), code or CodeState()
    cart, status = found.cart, 422 if problem else status
    context = {"cart": cart, "summary": found, "undo": undo, "problem": problem, "code": code, "code_back": "cart"}
    context["guest"] = current_shopper() is None
    if wants_partial():
        names = ("storefront/cart/_lines.html", "storefront/cart/_badge.html")
        said = problem or (_of_code(found) if code.changed else _announcement(cart))
        # A refused code speaks for itself, as an alert beside its field.
        response = partials(*names, status=status, announce=None if code.refused else said, **context)
    else:
        response = make_response(render_template("storefront/cart/cart.html", **context), status)
    return remember_cart(response, cart.id, cart.count)


def _of_code(found: Summary) -> str:
    if found.code is None:
        return "The code is taken out."
    return found.code_problem or f"The code {found.code} is in your cart."


def _cart(cart_id: UUID | None) -> CartView:
    settings = shop_settings()
    return queries.view_cart(session(), cart_id, currency=settings.currency, locale=settings.locale)


def _undo(variant_id: str, quantity: int) -> Undo | None:
    try:
        wanted = UUID(variant_id)
    except ValueError:
        return None
    item = buyables(session(), [wanted]).get(wanted) if quantity else None
    if item is None or not item.on_sale:
        return None
    title = f"{item.title}, {item.options_label}" if item.options_label else item.title
    return Undo(item.sku, quantity, title)


def _announcement(cart: CartView) -> str:
    return (
        "Your cart is empty."
        if not cart.count
        else f"{cart.count} {'item' if cart.count == 1 else 'items'} in your cart."
    )
