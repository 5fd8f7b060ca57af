"""The one quote: what a cart costs, to the cent, in one pure function that every page and the order itself use.

The rounding rule, once for all: an amount is rounded half up (away from zero) to the minor unit, once per discount and
once per tax rate, on the sum it is taken of; its shares per line are found by largest remainder, so they always sum.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from domain.orders.delivery import DeliveryOption, Method, delivery_options
from domain.orders.tax.rates import NO_TAX, STANDARD, Rate, rate_of
from domain.orders.tax.shares import split_delivery, taxes_of
from domain.promotions.discounts import Discount, take_off
from domain.shared.money import Money


@dataclass(frozen=True, kw_only=True)
class Item:
    """So many of one variant at a price in minor units."""

    variant_id: UUID
    unit_price: int
    quantity: int
    tax_class: str = STANDARD
    weight_grams: int = 0


@dataclass(frozen=True, kw_only=True)
class QuotedLine:
    """One line: `total = unit_price * quantity - discount`; `tax` is in it or comes on top, as the quote says."""

    variant_id: UUID
    unit_price: Money
    quantity: int
    discount: Money
    total: Money
    tax: Money
    tax_name: str
    tax_basis_points: Decimal


@dataclass(frozen=True, kw_only=True)
class QuotedTax:
    """All tax of one rate: `amount` on goods and delivery worth `net` without it, `delivery` of it on delivery."""

    name: str
    basis_points: Decimal
    net: Money
    amount: Money
    delivery: Money


@dataclass(frozen=True, kw_only=True)
class QuotedDiscount:
    """What one discount takes off in all, and of each line in the lines' order; `free_delivery` comes on top."""

    label: str
    code: str | None
    amount: Money
    promotion_id: UUID | None = None
    shares: tuple[int, ...] = ()
    free_delivery: bool = False


@dataclass(frozen=True, kw_only=True)
class Quote:
    """`total = subtotal - discount + delivery`, plus `tax` where prices exclude it; `tax` is all tax in the total.

    `taxes` has the same tax by rate, the highest first; a rate of zero is in it too, what bears no tax is not.
    `method` is the chosen delivery, or None; then `delivery` is that of the first option, as an estimate.
    """

    lines: tuple[QuotedLine, ...]
    subtotal: Money
    discount: Money
    discounts: tuple[QuotedDiscount, ...]
    delivery: Money
    delivery_tax: Money
    tax: Money
    taxes: tuple[QuotedTax, ...]
    tax_included: bool
    total: Money
    options: tuple[DeliveryOption, ...]
    method: DeliveryOption | None

    @property
    def delivery_estimated(self) -> bool:
        """Whether the delivery cost may still change, because no method is chosen."""
        return self.method is None


def quote(
    items: Sequence[Item],
    *,
    methods: Sequence[Method],
    method: str | None,
    rates: Mapping[str, Rate],
    tax_included: bool,
    currency: str,
    now: datetime,
    discounts: Sequence[Discount] = (),
) -> Quote:
    """Work out what the items cost, delivered; `methods` are those that go there, `rates` those that hold there."""
    gross = [item.unit_price * item.quantity for item in items]
    taken = take_off([(item.variant_id, amount) for item, amount in zip(items, gross, strict=True)], discounts)
    off = [sum(one.shares[i] for one in taken) for i in range(len(items))]
    net = [amount - less for amount, less in zip(gross, off, strict=True)]
    free = any(discount.free_delivery for discount in discounts)
    grams = sum(item.weight_grams * item.quantity for item in items)
    options = delivery_options(methods, goods=sum(net), grams=grams, currency=currency, now=now, free=free)
    chosen = next((option for option in options if option.code == method), None)
    estimate = chosen or next(iter(options), None)
    delivery = estimate.price.amount if estimate and items else 0
    goods = [(amount, rate_of(rates, item.tax_class)) for amount, item in zip(net, items, strict=True)]
    bearing = [*goods, *split_delivery(delivery, goods, gross, rates)]
    taxes = taxes_of(bearing, included=tax_included)
    tax, delivery_tax = sum(taxes), sum(taxes[len(items) :])

    def money(amount: int) -> Money:
        return Money(amount, currency)

    return Quote(
        lines=tuple(
            QuotedLine(
                variant_id=item.variant_id,
                unit_price=money(item.unit_price),
                quantity=item.quantity,
                discount=money(off[i]),
                total=money(net[i]),
                tax=money(taxes[i]),
                tax_name=goods[i][1].name,
                tax_basis_points=goods[i][1].basis_points,
            )
            for i, item in enumerate(items)
        ),
        subtotal=money(sum(gross)),
        discount=money(sum(off)),
        discounts=tuple(
            QuotedDiscount(
                label=one.discount.label,
                code=one.discount.code,
                amount=money(one.total),
                promotion_id=one.discount.promotion_id,
                shares=one.shares,
                free_delivery=one.discount.free_delivery,
            )
            for one in taken
        ),
        delivery=money(delivery),
        delivery_tax=money(delivery_tax),
        tax=money(tax),
        taxes=_by_rate(bearing, taxes, goods=len(items), included=tax_included, currency=currency),
        tax_included=tax_included,
        total=money(sum(net) + delivery + (0 if tax_included else tax)),
        options=options,
        method=chosen,
    )


def _by_rate(
    bearing: Sequence[tuple[int, Rate]], taxes: Sequence[int], *, goods: int, included: bool, currency: str
) -> tuple[QuotedTax, ...]:
    """The taxes by rate; the first `goods` amounts are lines, the others parts of the delivery."""
    found = []
    for rate in sorted({rate for amount, rate in bearing if amount and rate != NO_TAX}, key=_highest_first):
        places = [i for i, (_, borne) in enumerate(bearing) if borne == rate]
        amount = sum(taxes[i] for i in places)
        worth = sum(bearing[i][0] for i in places)
        found.append(
            QuotedTax(
                name=rate.name,
                basis_points=rate.basis_points,
                net=Money(worth - amount if included else worth, currency),
                amount=Money(amount, currency),
                delivery=Money(sum(taxes[i] for i in places if i >= goods), currency),
            )
        )
    return tuple(found)


def _highest_first(rate: Rate) -> tuple[Decimal, str]:
    return -rate.basis_points, rate.name
