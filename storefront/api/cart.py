"""The cart: what is in it, putting in, changing, taking out, and the code."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy.orm import Session

from domain.cart import commands
from domain.cart.errors import NoSuchCart
from domain.cart.limits import MAX_PER_LINE
from domain.orders.commands import enter_code, remove_code
from domain.promotions.errors import CodeRefused
from storefront.api.caller import CART, caller, cart_id, held_cart
from storefront.api.shapes import cart as shapes
from storefront.api.table import api
from storefront.forms.code import CodeForm
from storefront.summary import shop_time, summary_of
from storefront.throttle import offer_throttle
from web.api import Body
from web.api.deeds import deed
from web.api.forms import answers, refuse
from web.api.matching import match
from web.api.slowdown import slow_down
from web.db import session, transaction
from web.settings import shop_settings

AREA = "Cart"


class NewLine(Body):
    """Something for the cart; it adds to what is there of it already."""

    sku: Annotated[str, Field(min_length=1, max_length=80)]
    quantity: Annotated[int, Field(ge=1, le=MAX_PER_LINE)] = 1


class Quantity(Body):
    """How many are wanted in all; 0 takes the line out."""

    quantity: Annotated[int, Field(ge=0, le=MAX_PER_LINE)]


class Code(Body):
    """A code for something off."""

    code: Annotated[str, Field(min_length=1, max_length=80)]


@api.get("/cart", area=AREA, answer=shapes.Cart, headers=CART)
def show_cart() -> shapes.Cart:
    """Show the cart with what it costs now.

    Without a token, or with that of a cart that is gone, it is empty.
    """
    return shapes.cart(summary_of(cart_id(), session()))


@api.post("/cart/lines", area=AREA, body=NewLine, answer=shapes.Cart, headers=CART, refusals=(404,),
          example={"sku": "MUG-1", "quantity": 2})  # fmt: skip
def add_line(body: NewLine) -> object:
    """Put something in the cart.

    Without a cart one is opened: keep its `token`.
    """
    shopper = caller()
    with deed() as act:
        held = commands.add_line(
            act.tx,
            cart_id=cart_id(act.tx),
            sku=body.sku,
            quantity=body.quantity,
            shopper_id=shopper.id if shopper else None,
        )
        act.answers(_cart(act.tx, held))
    return act.answer


@api.put("/cart/lines/<uuid:variant_id>", area=AREA, body=Quantity, answer=shapes.Cart, headers=CART,
         example={"quantity": 3})  # fmt: skip
def change_line(body: Quantity, variant_id: UUID) -> shapes.Cart:
    """Set how many of a variant are wanted."""
    with transaction() as tx:
        held = _matched(tx)
        commands.change_line(tx, cart_id=held, variant_id=variant_id, quantity=body.quantity)
        return _cart(tx, held)


@api.delete("/cart/lines/<uuid:variant_id>", area=AREA, answer=shapes.Cart, headers=CART)
def drop_line(variant_id: UUID) -> shapes.Cart:
    """Take a line out of the cart."""
    with transaction() as tx:
        held = _matched(tx)
        commands.change_line(tx, cart_id=held, variant_id=variant_id, quantity=0)
        return _cart(tx, held)


@api.put("/cart/code", area=AREA, body=Code, answer=shapes.Cart, headers=CART, refusals=(404,),
         example={"code": "WELCOME10"})  # fmt: skip
def put_code(body: Code) -> shapes.Cart:
    """Put a code in the cart in place of any other; one that cannot apply is refused with the reason."""
    settings, form = shop_settings(), CodeForm(answers({"code": body.code}))
    refuse(form, {"code": "#/code"})
    mine = cart_id()
    if mine is None:
        raise NoSuchCart
    throttle = offer_throttle(mine)
    slow_down(throttle)
    try:
        with transaction() as tx:
            held = _matched(tx)
            enter_code(
                tx,
                cart_id=held,
                code=body.code,
                currency=settings.currency,
                country=settings.country,
                locale=settings.locale,
                now=shop_time(),
            )
            return _cart(tx, held)
    except CodeRefused:
        throttle.note_failure()
        raise


@api.delete("/cart/code", area=AREA, answer=shapes.Cart, headers=CART, refusals=(404,))
def drop_code() -> shapes.Cart:
    """Take the code out of the cart."""
    with transaction() as tx:
        held = _matched(tx)
        remove_code(tx, cart_id=held)
        return _cart(tx, held)


def _matched(tx: Session) -> UUID:
    """Lock the cart and see that it is what the caller has seen."""
    held = held_cart(tx)
    match(_cart(tx, held))
    return held


def _cart(tx: Session, held: UUID) -> shapes.Cart:
    return shapes.cart(summary_of(held, tx))
