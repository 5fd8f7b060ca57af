"""The way to the page where an order is paid, and back."""

from uuid import UUID

from flask import current_app, redirect, url_for
from werkzeug.wrappers import Response

from domain.orders.commands import Attempt, start_payment
from domain.orders.errors import CannotPay
from domain.payments.gateways.port import Gateways
from web.db import sessions
from web.settings import shop_settings


def gateways() -> Gateways:
    """Return the ways to be paid, in the shop's order."""
    found: Gateways = current_app.extensions["gateways"]
    return found


def to_gateway(order_id: UUID, number: str, access_key: str, attempt: Attempt | None = None) -> Response:
    """Lead to the gateway's page; with nothing to pay there, or no way there, to the order's own, which says why.

    `attempt` is the one that was opened together with the order, if one was.
    """
    address = url_for("orders.come_back", number=number, key=access_key)
    try:
        address = start_payment(
            sessions(),
            gateways(),
            order_id=order_id,
            return_url=shop_settings().storefront_url + address,
            attempt=attempt,
        )
    except CannotPay:
        address = url_for("orders.show", number=number, key=access_key)
    return redirect(address, 303)
