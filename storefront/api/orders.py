"""Orders: how one stands, paying it again, cancelling it, and sending goods back."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from domain.orders.commands import ask_return, cancel_own
from domain.orders.commands.load import SHOPPER
from domain.orders.queries import aftercare, order_page
from domain.orders.queries.access import order_by_link
from domain.shared.errors import DomainError
from storefront.api.caller import ORDER, order_key
from storefront.api.shapes import orders as shapes
from storefront.api.table import api
from storefront.forms.aftercare import ReturnForm
from storefront.payment import payment_address
from web.api import Body
from web.api.deeds import deed
from web.api.forms import answers, refuse
from web.db import session
from web.settings import shop_settings

AREA = "Orders"


class ReturnedLine(Body):
    """How many of a line go back."""

    line_id: UUID
    quantity: Annotated[int, Field(ge=1, le=99_999)]


class NewReturn(Body):
    """What goes back, and why."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]
    lines: Annotated[tuple[ReturnedLine, ...], Field(min_length=1, max_length=100, strict=False)]


@api.get("/orders/<number>", area=AREA, answer=shapes.Order, headers=ORDER)
def show_order(number: str) -> shapes.Order:
    """Show an order: what was bought, how it is paid and where it is."""
    key = order_key(number)
    return shapes.order(order_page(session(), number, access_key=key), key, shop_settings())


@api.post("/orders/<number>/payments", area=AREA, answer=shapes.PaymentStarted, headers=ORDER)
def pay_order(number: str) -> Any:
    """Start paying, or go on with an attempt that is still open; it is never doubled."""
    key = order_key(number)
    order_id = order_by_link(session(), number, access_key=key)
    with deed() as act:
        pass  # the key is taken; paying opens transactions of its own, since the gateway is asked in between
    try:
        payment_address(order_id, number, key)
    except DomainError:
        act.comes_to_nothing()
        raise
    page = order_page(session(), number, access_key=key)
    waits = page.payment.redirect_url if page.payment else None
    return act.ends({"redirect_url": waits, "order": shapes.order(page, key, shop_settings())})


@api.post("/orders/<number>/cancellation", area=AREA, answer=shapes.Order, headers=ORDER, status=200)
def cancel_order(number: str) -> Any:
    """Cancel an order; what was paid goes back by itself."""
    key = order_key(number)
    with deed() as act:
        cancel_own(act.tx, order_id=order_by_link(act.tx, number, access_key=key))
        act.tx.flush()
        page = order_page(act.tx, number, access_key=key)
        act.answers(shapes.order(page, key, shop_settings()), status=200)
    return act.answer


@api.get("/orders/<number>/returns", area=AREA, answer=shapes.ReturnList, headers=ORDER)
def list_returns(number: str) -> shapes.ReturnList:
    """List what was asked to go back and what became of it, and what can still be sent back."""
    order_id = order_by_link(session(), number, access_key=order_key(number))
    care = aftercare(session(), order_id, now=datetime.now(UTC), days=shop_settings().return_days)
    return shapes.returns(care)


@api.post("/orders/<number>/returns", area=AREA, body=NewReturn, answer=shapes.Order, headers=ORDER,
          example={"reason": "Too small", "lines": [{"line_id": "0192f0c1-7d5b-7000-8000-000000000001",
                                                     "quantity": 1}]})  # fmt: skip
def return_goods(body: NewReturn, number: str) -> Any:
    """Ask to send goods back; the answer comes by mail."""
    form = ReturnForm(answers({"reason": body.reason}))
    refuse(form, {"reason": "#/reason"})
    key, settings = order_key(number), shop_settings()
    with deed() as act:
        ask_return(
            act.tx,
            order_id=order_by_link(act.tx, number, access_key=key),
            quantities={line.line_id: line.quantity for line in body.lines},
            reason=form.reason.data,
            actor=SHOPPER,
            now=datetime.now(UTC),
            days=settings.return_days,
        )
        act.tx.flush()
        act.answers(shapes.order(order_page(act.tx, number, access_key=key), key, settings))
    return act.answer
