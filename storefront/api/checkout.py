"""The checkout: who orders and where it goes, how it travels, and the order itself."""

from contextlib import suppress
from typing import Annotated, Any
from uuid import UUID

from flask import abort, request, url_for
from pydantic import Field
from sqlalchemy.orm import Session

from domain.cart.commands import save_address, save_delivery
from domain.cart.errors import NoSuchCart
from domain.notifications import topics
from domain.orders.errors import CannotPay, IncompleteCheckout
from domain.orders.queries import order_page
from storefront.api.caller import CART, caller, cart_id, held_cart
from storefront.api.shapes import cart as shapes
from storefront.api.shapes import orders as order_shapes
from storefront.api.table import api
from storefront.forms.checkout import ADDRESS, BILLING, DeliveryForm, DetailsForm, OrderForm
from storefront.navigation import delivery_countries
from storefront.payment import payment_address, place, ways_to_pay
from storefront.summary import summary_of, too_much
from web.api import Body
from web.api.bodies import invalid
from web.api.deeds import deed
from web.api.forms import answers, refuse
from web.api.matching import match
from web.db import session, transaction
from web.settings import shop_settings

AREA = "Checkout"
ADA = {"name": "Aoife Byrne", "line1": "12 Harbour Road", "city": "Howth", "postcode": "D13 X2Y4", "country": "IE"}

Text = Annotated[str, Field(max_length=300)]


class Address(Body):
    """A postal address, in any script; `country` is ISO 3166-1 alpha-2."""

    name: Text
    line1: Text
    city: Text
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    company: Text = ""
    line2: Text = ""
    region: Text = ""
    postcode: Text = ""


class Details(Body):
    """How to reach the shopper, where to deliver and, where that differs, whom to bill."""

    email: Annotated[str, Field(min_length=3, max_length=254)]
    phone: Annotated[str, Field(max_length=40)] = ""
    shipping_address: Address
    billing_address: Address | None = None
    remind: Annotated[bool, Field(description="Write once if something is left in the cart.")] = False


class Delivery(Body):
    """How the order travels: the `code` of one of the options."""

    delivery: Annotated[str, Field(min_length=1, max_length=80)]


class Agreed(Body):
    """The total that the shopper has seen."""

    amount: Annotated[int, Field(ge=0, lt=10**15)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class NewOrder(Body):
    """The agreement: which answers, at which total, paid how."""

    agreement: UUID
    agreed_total: Agreed
    way_to_pay: Annotated[str, Field(min_length=1, max_length=40)]


@api.get("/checkout", area=AREA, answer=shapes.CheckoutShape, headers=CART)
def show_checkout() -> shapes.CheckoutShape:
    """Show the answers so far, what can be chosen, and what it costs."""
    return shapes.checkout(summary_of(cart_id(), session()), ways_to_pay())


@api.put("/checkout/details", area=AREA, body=Details, answer=shapes.CheckoutShape, headers=CART, refusals=(404,),
         example={"email": "aoife@example.test", "shipping_address": ADA})  # fmt: skip
def put_details(body: Details) -> shapes.CheckoutShape:
    """Say who orders, and where the parcel goes."""
    form = _details(body)
    billing = form.billing()
    with transaction() as tx:
        held = _matched(tx)
        save_address(
            tx,
            cart_id=held,
            email=form.email.data,
            phone=form.phone.data,
            shipping_address=form.shipping().as_dict(),
            billing_address=billing.as_dict() if billing else None,
        )
        if body.remind:
            topics.say(tx, email=form.email.data, topic="reminders", wanted=True)
        found = summary_of(held, tx)
        if found.cart.lines and not found.options:
            abort(invalid([{"pointer": "#/shipping_address/country", "detail": too_much(found)}]))
        return shapes.checkout(found, ways_to_pay())


@api.put("/checkout/delivery", area=AREA, body=Delivery, answer=shapes.CheckoutShape, headers=CART, refusals=(404,),
         example={"delivery": "post"})  # fmt: skip
def put_delivery(body: Delivery) -> shapes.CheckoutShape:
    """Say how the parcel travels."""
    with transaction() as tx:
        held = _matched(tx)
        found = summary_of(held, tx)
        if found.step == "details":
            raise IncompleteCheckout("details")
        form = DeliveryForm(answers({"method": body.delivery}))
        form.offer([(option.code, option.name) for option in found.options])
        refuse(form, {"method": "#/delivery"})
        save_delivery(tx, cart_id=held, method=body.delivery)
        return shapes.checkout(summary_of(held, tx), ways_to_pay())


@api.post("/orders", area=AREA, body=NewOrder, answer=order_shapes.Order, headers=CART, refusals=(404,),
          example={"agreement": "3f1c5d1e-6d52-4a8e-9a3f-6f0f6a1f7b11", "way_to_pay": "demo",
                   "agreed_total": {"amount": 2900, "currency": "EUR"}})  # fmt: skip
def place_order(body: NewOrder) -> Any:
    """Place the order as agreed; the same agreement twice gives one order.

    Keep the `key`, and send the shopper to `payment.redirect_url`.
    """
    _check(body)
    shopper = caller()
    with deed() as act:
        held = cart_id(act.tx)
        if held is None:
            raise NoSuchCart
        placed, attempt = place(
            act.tx,
            cart_id=held,
            token=body.agreement,
            agreed_total=body.agreed_total.amount,
            gateway=body.way_to_pay,
            shopper_id=shopper.id if shopper else None,
        )
    with suppress(CannotPay):  # a repeat, long after: the order itself says how it stands
        payment_address(placed.order_id, placed.number, placed.access_key, attempt)
    page = order_page(session(), placed.number, access_key=placed.access_key)
    where = url_for("api.show_order", number=placed.number)
    return act.ends(order_shapes.order(page, placed.access_key, shop_settings()), headers={"Location": where})


def _details(body: Details) -> DetailsForm:
    """Put the answers into the form of the page, and refuse what it refuses."""
    values: dict[str, Any] = {"email": body.email, "phone": body.phone, **body.shipping_address.model_dump()}
    places = {name: f"#/shipping_address/{name}" for name in ADDRESS}
    if body.billing_address is not None:
        values |= {"billing_differs": "y"}
        values |= {BILLING + name: value for name, value in body.billing_address.model_dump().items()}
        places |= {BILLING + name: f"#/billing_address/{name}" for name in ADDRESS}
    form = DetailsForm(answers(values))
    form.offer(delivery_countries(), shop_settings().locale)
    refuse(form, places | {"email": "#/email", "phone": "#/phone"})
    return form


def _check(body: NewOrder) -> None:
    """Refuse what the form of the last step refuses."""
    form = OrderForm(
        answers({"token": body.agreement, "agreed_total": body.agreed_total.amount, "gateway": body.way_to_pay})
    )
    form.offer([(name, label) for name, label, _ in ways_to_pay()])
    refuse(form, {"token": "#/agreement", "agreed_total": "#/agreed_total/amount", "gateway": "#/way_to_pay"})
    if body.agreed_total.currency != shop_settings().currency:
        words = f"This shop sells in {shop_settings().currency}."
        abort(invalid([{"pointer": "#/agreed_total/currency", "detail": words}]))


def _matched(tx: Session) -> UUID:
    """Lock the cart and see that its checkout is what the caller has seen."""
    held = held_cart(tx)
    if "If-Match" not in request.headers or not request.if_match.star_tag:
        match(shapes.checkout(summary_of(held, tx), ways_to_pay()))
    return held
