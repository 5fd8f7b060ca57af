"""Placing an order, and the way to the page where it is paid, and back."""

from uuid import UUID

from flask import current_app, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from domain.orders.commands import Attempt, Placed, open_first_payment, place_order, start_payment
from domain.orders.errors import CannotPay
from domain.payments.gateways.port import Gateways
from storefront.summary import shop_time
from web.db import sessions
from web.settings import shop_preferences, shop_settings


def gateways() -> Gateways:
    """Return the ways to be paid, in the shop's order."""
    found: Gateways = current_app.extensions["gateways"]
    return found


def ways_to_pay() -> tuple[tuple[str, str, str], ...]:
    """Return the ways on offer that answer now, each with its name, label and hint; all of them when none does.

    An order placed through a gateway that is down is kept, and paid from its page when the gateway is back.
    """
    made, labels = gateways(), shop_preferences().gateway_labels
    every = [(name, made[name]) for name in shop_settings().gateways if name in made]
    answering = [(name, gateway) for name, gateway in every if gateway.available]
    return tuple((name, labels.get(name, gateway.label), gateway.hint) for name, gateway in answering or every)


def place(
    tx: Session, *, cart_id: UUID, token: UUID, agreed_total: int, gateway: str, shopper_id: UUID | None
) -> tuple[Placed, Attempt | None]:
    """Place an order as agreed and open its first payment, by the shop's settings; raises what `place_order` does."""
    settings = shop_settings()
    placed = place_order(
        tx,
        cart_id=cart_id,
        token=token,
        agreed_total=agreed_total,
        gateway=gateway,
        patience=gateways()[gateway].hold,
        currency=settings.currency,
        country=settings.country,
        tax_included=settings.prices_include_tax,
        shopper_id=shopper_id,
        now=shop_time(),
    )
    return placed, open_first_payment(tx, placed)


def payment_address(order_id: UUID, number: str, access_key: str, attempt: Attempt | None = None) -> str:
    """Return where an order is paid; with nothing to pay there, the address to come back to. Raises CannotPay.

    `attempt` is the one that was opened together with the order, if one was.
    """
    back = url_for("orders.come_back", number=number, key=access_key)
    return start_payment(
        sessions(),
        gateways(),
        order_id=order_id,
        return_url=shop_settings().storefront_url + back,
        attempt=attempt,
    )


def to_gateway(order_id: UUID, number: str, access_key: str, attempt: Attempt | None = None) -> Response:
    """Lead to the gateway's page; with nothing to pay there, or no way there, to the order's own, which says why."""
    try:
        address = payment_address(order_id, number, access_key, attempt)
    except CannotPay:
        address = url_for("orders.show", number=number, key=access_key)
    return redirect(address, 303)
