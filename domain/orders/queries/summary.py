"""What a cart costs: the one quote beside the cart and the shopper's answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from sqlalchemy.orm import Session

from domain.cart.queries import CartView, CheckoutView, Step, contents, price
from domain.orders.delivery import DeliveryOption
from domain.orders.places import destination_of
from domain.orders.queries.delivery import countries_of, terms_for
from domain.orders.queries.promotions import promotions_for
from domain.orders.quote import Item, Quote, quote
from domain.promotions.discounts import Discount
from domain.promotions.rules import Refusal
from domain.promotions.words import refusal_words


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What the cart page, the checkout and the order all show; `countries` are those delivered to, or none for all.

    `code` is the one in the cart; if it does not apply, `code_problem` says why in the shopper's words.
    """

    cart: CartView
    checkout: CheckoutView
    quote: Quote
    code: str | None = None
    code_refusal: Refusal | None = None
    code_problem: str | None = None
    countries: tuple[str, ...] = ()

    @property
    def step(self) -> Step:
        """The first step that still misses an answer; a delivery that is no longer offered is one."""
        return "delivery" if self.checkout.step == "review" and self.quote.method is None else self.checkout.step

    @property
    def options(self) -> tuple[DeliveryOption, ...]:
        """The ways to deliver, with price and dates."""
        return self.quote.options


def checkout_summary(
    session: Session,
    cart_id: UUID | None,
    *,
    currency: str,
    country: str,
    now: datetime,
    locale: str = "en_GB",
    tax_included: bool = True,
) -> Summary:
    """A cart with its answers and its quote; two statements. `country` is assumed until an address is given."""
    found = contents(session, cart_id)
    checkout = found.checkout
    destination = destination_of(checkout.shipping_address, otherwise=country)
    terms = terms_for(
        session, destination=destination, cart_id=found.cart_id, email=checkout.email, code=found.code, now=now
    )
    cart = price(found, currency=currency, locale=locale, held=terms.held)
    items = [
        Item(
            variant_id=line.variant_id,
            unit_price=line.unit_price.amount,
            quantity=line.quantity,
            tax_class=line.tax_class,
            weight_grams=line.weight_grams,
        )
        for line in cart.lines
    ]

    @cache
    def quoted_with(discounts: tuple[Discount, ...]) -> Quote:
        return quote(
            items,
            methods=terms.methods,
            method=checkout.delivery_method,
            rates=terms.rates,
            tax_included=tax_included,
            currency=currency,
            now=now,
            discounts=discounts,
        )

    # The choice of promotions asks what some of them cost, and the quote of those chosen is one of the answers.
    def quoted(discounts: Sequence[Discount]) -> Quote:
        return quoted_with(tuple(discounts))

    choice = promotions_for(
        cart,
        terms.offers,
        code=found.code,
        has_ordered=terms.has_ordered,
        now=now,
        cost=lambda discounts: quoted(discounts).total.amount,
    )
    refusal = choice.refusal
    return Summary(
        countries=countries_of(terms.zones),
        cart=cart,
        checkout=checkout,
        quote=quoted(choice.discounts),
        code=found.code,
        code_refusal=refusal,
        code_problem=refusal_words(refusal, code=found.code, currency=currency, locale=locale, now=now)
        if refusal and found.code
        else None,
    )
