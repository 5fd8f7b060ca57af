"""What a cart costs: the one quote beside the cart and the shopper's answers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from domain.cart.queries import CartView, CheckoutView, contents, price
from domain.orders.queries.delivery import countries_of, terms_for
from domain.orders.quote import DeliveryOption, Item, Quote, quote


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What the cart page, the checkout and the order all show; `countries` are those that can be delivered to."""

    cart: CartView
    checkout: CheckoutView
    quote: Quote
    countries: tuple[str, ...] = ()

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
    """A cart with its answers and its quote; three statements. `country` is assumed until an address is given."""
    found = contents(session, cart_id)
    checkout = found.checkout
    destination = checkout.country or country
    methods, rates, held = terms_for(session, country=destination, cart_id=found.cart_id)
    cart = price(session, found, currency=currency, locale=locale, held=held)
    return Summary(
        countries=countries_of(methods),
        cart=cart,
        checkout=checkout,
        quote=quote(
            [
                Item(
                    variant_id=line.variant_id,
                    unit_price=line.unit_price.amount,
                    quantity=line.quantity,
                    tax_class=line.tax_class,
                )
                for line in cart.lines
            ],
            methods=methods,
            method=checkout.delivery_method,
            destination=destination,
            rates=rates,
            tax_included=tax_included,
            currency=currency,
            now=now,
        ),
    )
