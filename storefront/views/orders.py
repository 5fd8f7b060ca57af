"""An order as its buyer sees it, by the link that holds its key."""

from datetime import UTC, datetime

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.cart.queries import count
from domain.orders.commands import check_payment
from domain.orders.queries import OrderPage, aftercare, order_page
from domain.orders.queries.access import order_by_link
from domain.orders.queries.papers import papers_of_order
from storefront.live import ASK_EVERY, Watched
from storefront.payment import gateways, to_gateway
from storefront.session import current_cart_id, current_shopper, remember_cart
from web.db import session, sessions
from web.headers import keep_address_private
from web.htmx import partials
from web.settings import shop_settings

bp = Blueprint("orders", __name__, url_prefix="/orders/<number>")

watched = Watched()
"""What the open pages of this process ask for."""


@bp.before_request
def _keep_key() -> None:
    keep_address_private()


@bp.get("")
def show(number: str) -> str:
    """Show an order: what was bought, how it is paid and where it is."""
    order = _order(number)
    placed = request.args.get("placed") == "1"
    offer = placed and order.state != "placed" and current_shopper() is None
    care = None
    if order.sent:
        care = aftercare(session(), order.id, now=datetime.now(UTC), days=shop_settings().return_days)
    return render_template(
        "storefront/orders/order.html",
        **_context(order),
        placed=placed,
        offer_account=offer,
        care=care,
        key=_key(),
        papers=papers_of_order(session(), order.id) if order.state != "placed" else (),
    )


@bp.get("/status")
def status(number: str) -> Response:
    """Show the part that changes, or 204 while nothing has; an open page asks again and again until the end."""
    version = watched.version(session(), number, access_key=_key())
    if request.args.get("v") == version:
        return make_response("", 204)
    return partials("storefront/orders/_status.html", **_context(_order(number)))


@bp.get("/return")
def come_back(number: str) -> AnyResponse:
    """Come back from the gateway: what it says when asked counts, not what this address says."""
    order_id = order_by_link(session(), number, access_key=_key())
    check_payment(sessions(), gateways(), order_id=order_id, now=datetime.now(UTC))
    address = url_for(".show", number=number, key=_key(), placed=1)
    left = count(session(), current_cart_id())
    return remember_cart(make_response(redirect(address, 303)), None, left)


@bp.post("/payments")
def pay_again(number: str) -> AnyResponse:
    """Try to pay once more; an attempt that is still open is gone on with, never doubled."""
    return to_gateway(order_by_link(session(), number, access_key=_key()), number, _key())


def _key() -> str:
    return request.args.get("key", "")


def _order(number: str) -> OrderPage:
    return order_page(session(), number, access_key=_key())


def _context(order: OrderPage) -> dict[str, object]:
    settings = shop_settings()
    link = {"number": order.number, "key": _key()}
    return {
        "order": order,
        "bank": {
            "holder": settings.bank_holder,
            "iban": settings.bank_iban,
            "bic": settings.bank_bic,
            "name": settings.bank_name,
        },
        "live_url": url_for(".status", v=order.version, **link) if order.live else None,
        "ask_every": ASK_EVERY,
        "retry_url": url_for(".pay_again", **link),
        "refresh_url": url_for(".show", **link),
    }
