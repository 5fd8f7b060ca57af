"""The cart, and the checkout with its quote."""

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from domain.cart.queries import CartLineView
from domain.orders.queries.summary import Summary
from domain.orders.quote import Quote
from storefront.api.shapes.catalogue import Picture, picture
from web.api import Money, money
from web.api.answers import optional_money
from web.api.shapes import DiscountShape, PostalAddress, TaxShape, address, discounts, taxes

Token = Annotated[
    str | None, Field(description="Whoever has it has the cart: send it as `Cart-Token`. Null without a cart.")
]


class Line(TypedDict):
    """One line at today's price; `notice` says what has changed since, `problem` whether that stops the checkout."""

    variant_id: str
    sku: str
    slug: str
    title: str
    options: str
    quantity: int
    unit_price: Money
    compare_at: Money | None
    total: Money
    available: int
    notice: str | None
    problem: bool
    picture: Picture | None


class QuoteShape(TypedDict):
    """What it costs: `total` is `subtotal` less `discount` plus `delivery`, plus `tax` where prices exclude it."""

    subtotal: Money
    discount: Money
    discounts: list[DiscountShape]
    delivery: Money
    delivery_estimated: bool
    tax: Money
    taxes: list[TaxShape]
    tax_included: bool
    total: Money


class Cart(TypedDict):
    """A cart with what it costs now; `ready` says whether it can go to the checkout as it is."""

    token: Token
    lines: list[Line]
    count: int
    code: str | None
    code_problem: str | None
    quote: QuoteShape
    ready: bool


class DeliveryOptionShape(TypedDict):
    """A way to deliver, as this order would get it."""

    code: str
    name: str
    description: str
    price: Money
    arrives_from: Annotated[str, Field(json_schema_extra={"format": "date"})]
    arrives_to: Annotated[str, Field(json_schema_extra={"format": "date"})]


class WayToPay(TypedDict):
    """A way to pay; `name` is what an order asks for."""

    name: str
    label: str
    hint: str


class CheckoutShape(TypedDict):
    """The way to an order: what was answered, the first `step` that misses an answer, and what can be chosen.

    `agreement` goes with the order: it changes with everything that was agreed to.
    """

    step: str
    agreement: str | None
    email: str | None
    phone: str | None
    shipping_address: PostalAddress | None
    billing_address: PostalAddress | None
    delivery: str | None
    delivery_options: list[DeliveryOptionShape]
    countries: Annotated[list[str], Field(description="Those we deliver to; an empty list stands for all.")]
    ways_to_pay: list[WayToPay]
    cart: Cart


def cart(found: Summary) -> Cart:
    """Write a cart."""
    view = found.cart
    return {
        "token": str(view.id) if view.id else None,
        "lines": [_line(line) for line in view.lines],
        "count": view.count,
        "code": found.code,
        "code_problem": found.code_problem,
        "quote": quote(found.quote),
        "ready": bool(view.lines) and not view.has_problem,
    }


def _line(line: CartLineView) -> Line:
    return {
        "variant_id": str(line.variant_id),
        "sku": line.sku,
        "slug": line.product_slug,
        "title": line.title,
        "options": line.options_label,
        "quantity": line.quantity,
        "unit_price": money(line.unit_price),
        "compare_at": optional_money(line.compare_at),
        "total": money(line.total),
        "available": line.available,
        "notice": line.notice,
        "problem": line.problem,
        "picture": picture(line.picture),
    }


def quote(found: Quote) -> QuoteShape:
    """Write what a cart costs."""
    return {
        "subtotal": money(found.subtotal),
        "discount": money(found.discount),
        "discounts": discounts(found.discounts),
        "delivery": money(found.delivery),
        "delivery_estimated": found.delivery_estimated,
        "tax": money(found.tax),
        "taxes": taxes(found.taxes),
        "tax_included": found.tax_included,
        "total": money(found.total),
    }


def checkout(found: Summary, ways: tuple[tuple[str, str, str], ...]) -> CheckoutShape:
    """Write where a checkout stands."""
    answers, method = found.checkout, found.quote.method
    return {
        "step": found.step,
        "agreement": str(answers.token) if answers.token else None,
        "email": answers.email,
        "phone": answers.phone,
        "shipping_address": address(answers.shipping_address),
        "billing_address": address(answers.billing_address),
        "delivery": method.code if method else None,
        "delivery_options": [
            {
                "code": option.code,
                "name": option.name,
                "description": option.description,
                "price": money(option.price),
                "arrives_from": option.arrives_from.isoformat(),
                "arrives_to": option.arrives_to.isoformat(),
            }
            for option in found.options
        ]
        if answers.shipping_address
        else [],
        "countries": list(found.countries),
        "ways_to_pay": [{"name": name, "label": label, "hint": hint} for name, label, hint in ways],
        "cart": cart(found),
    }
