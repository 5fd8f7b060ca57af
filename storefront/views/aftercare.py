"""What the buyer of an order can do afterwards: cancel it, send goods back, order it again."""

from datetime import UTC, datetime

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.cart.commands import add_line
from domain.cart.errors import CannotBuy, NoSuchItem, TooMany
from domain.cart.queries import view_cart
from domain.orders.commands import ask_return, cancel_own
from domain.orders.commands.load import SHOPPER
from domain.orders.errors import CannotReturn
from domain.orders.queries import OrderPage, aftercare, order_page
from domain.orders.queries.papers import paper
from domain.shared.formats import format_money
from storefront.forms.aftercare import ReturnForm
from storefront.session import current_cart_id, current_shopper, remember_cart
from web.db import session, transaction
from web.headers import keep_address_private
from web.papers import answer_paper
from web.settings import shop_settings

bp = Blueprint("aftercare", __name__, url_prefix="/orders/<number>")


@bp.before_request
def _keep_key() -> None:
    keep_address_private()


@bp.get("/cancellation")
def ask_to_cancel(number: str) -> AnyResponse | str:
    """Ask whether the order should really be cancelled."""
    order = _order(number)
    return render_template("storefront/orders/cancel.html", order=order) if order.can_cancel else _back(order)


@bp.post("/cancellation")
def cancel(number: str) -> AnyResponse:
    """Cancel an order; what was paid goes back by itself."""
    order = _order(number)
    with transaction() as tx:
        cancel_own(tx, order_id=order.id)
    return _back(order)


@bp.get("/returns")
def ask(number: str) -> AnyResponse | str:
    """Ask what should go back, and why."""
    order = _order(number)
    return _form(order, ReturnForm())


@bp.post("/returns")
def send_back(number: str) -> AnyResponse:
    """Note what a buyer wants to send back."""
    order = _order(number)
    form = ReturnForm(request.form)
    quantities = form.read_quantities(request.form, order)
    if form.validate() and not form.form_errors:
        try:
            with transaction() as tx:
                ask_return(
                    tx, order_id=order.id, quantities=quantities, reason=form.reason.data, actor=SHOPPER,
                    now=datetime.now(UTC), days=shop_settings().return_days,
                )  # fmt: skip
        except CannotReturn as refusal:
            form.refuse("", str(refusal))
        else:
            return _back(order)
    return make_response(_form(order, form), 422)


@bp.post("/again")
def again(number: str) -> AnyResponse:
    """Put what an order held in the cart once more, as far as it is still sold; say what is missing or costs more."""
    order, cart_id, shopper = _order(number), current_cart_id(), current_shopper()
    shopper_id = shopper.id if shopper else None
    missing = []
    for line in order.lines:
        try:
            with transaction() as tx:
                cart_id = add_line(
                    tx,
                    cart_id=cart_id,
                    sku=line.sku,
                    quantity=line.quantity,
                    shopper_id=shopper_id,
                )
        except (CannotBuy, NoSuchItem, TooMany) as refusal:
            missing.append(f"{line.title}: {refusal}")
    for words in missing:
        flash(words)
    settings = shop_settings()
    cart = view_cart(session(), cart_id, currency=settings.currency, locale=settings.locale)
    now = {line.sku: line.unit_price for line in cart.lines}
    for line in order.lines:
        if now.get(line.sku, line.unit_price) != line.unit_price:
            prices = (line.unit_price, now[line.sku])
            then, today = (format_money(price.amount, price.currency, settings.locale) for price in prices)
            flash(f"{line.title} cost {then} when you ordered it, and costs {today} now.")
    response = make_response(redirect(url_for("cart.show"), 303))
    return remember_cart(response, cart_id, cart.count)


@bp.get("/papers/<code>")
def show_paper(number: str, code: str) -> AnyResponse:
    """Show an invoice or a credit note."""
    order = _order(number)
    return answer_paper(paper(session(), order.id, code), shop_settings())


def _form(order: OrderPage, form: ReturnForm) -> str:
    care = aftercare(session(), order.id, now=datetime.now(UTC), days=shop_settings().return_days)
    lines = [(line, care.units[line.id]) for line in order.lines if line.id in care.units]
    return render_template(
        "storefront/orders/return.html", order=order, lines=lines, form=form, typed=request.form,
        days=shop_settings().return_days,
    )  # fmt: skip


def _order(number: str) -> OrderPage:
    return order_page(session(), number, access_key=request.args.get("key", ""))


def _back(order: OrderPage) -> AnyResponse:
    return redirect(url_for("orders.show", number=order.number, key=request.args.get("key", "")), 303)
