"""The one quote: what a cart costs, to the cent, in one pure function that every page and the order itself use.

The rounding rule, once for all: an amount is rounded half up (away from zero) to the minor unit, once per discount and
once per tax rate, on the sum it is taken of; its shares per line are found by largest remainder, so they always sum.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from domain.promotions.discounts import Discount, take_off
from domain.shared.money import Money, divide_half_up, share_out

STANDARD = "standard"
DELIVERY = "delivery"
"""The tax class of delivery, where a country has a rate of its own for it; else it bears the standard rate."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """So many of one variant at a price in minor units."""

    variant_id: UUID
    unit_price: int
    quantity: int
    tax_class: str = STANDARD


@dataclass(frozen=True, kw_only=True)
class Method:
    """A way to deliver; no countries means all of them. Prices in minor units, days are working days."""

    code: str
    name: str
    description: str = ""
    carrier: str = ""
    countries: tuple[str, ...] = ()
    price: int = 0
    free_above: int | None = None
    min_days: int = 1
    max_days: int = 3


@dataclass(frozen=True, kw_only=True)
class DeliveryOption:
    """A delivery method as this order would get it; `price` is 0 once the goods are worth `free_above`."""

    code: str
    name: str
    description: str
    price: Money
    free_above: Money | None
    arrives_from: date
    arrives_to: date


@dataclass(frozen=True, kw_only=True)
class QuotedLine:
    """One line: `total = unit_price * quantity - discount`; `tax` is in it or comes on top, as the quote says."""

    variant_id: UUID
    unit_price: Money
    quantity: int
    discount: Money
    total: Money
    tax: Money
    tax_basis_points: int


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

    `method` is the chosen delivery, or None; then `delivery` is that of the first option, as an estimate.
    """

    lines: tuple[QuotedLine, ...]
    subtotal: Money
    discount: Money
    discounts: tuple[QuotedDiscount, ...]
    delivery: Money
    delivery_tax: Money
    tax: Money
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
    destination: str | None,
    rates: Mapping[str, int],
    tax_included: bool,
    currency: str,
    now: datetime,
    discounts: Sequence[Discount] = (),
) -> Quote:
    """Work out what the items cost, delivered; `rates` are the destination's tax rates by class, in basis points."""
    gross = [item.unit_price * item.quantity for item in items]
    taken = take_off([(item.variant_id, amount) for item, amount in zip(items, gross, strict=True)], discounts)
    off = [sum(one.shares[i] for one in taken) for i in range(len(items))]
    net = [amount - less for amount, less in zip(gross, off, strict=True)]
    free = any(discount.free_delivery for discount in discounts)
    options = delivery_options(methods, destination=destination, goods=sum(net), currency=currency, now=now, free=free)
    chosen = next((option for option in options if option.code == method), None)
    estimate = chosen or next(iter(options), None)
    delivery = estimate.price.amount if estimate and items else 0
    points = [rate_of(rates, item.tax_class) for item in items]
    *taxes, delivery_tax = _taxes([*net, delivery], [*points, rate_of(rates, DELIVERY)], included=tax_included)
    tax = sum(taxes) + delivery_tax

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
                tax_basis_points=points[i],
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
        tax_included=tax_included,
        total=money(sum(net) + delivery + (0 if tax_included else tax)),
        options=options,
        method=chosen,
    )


def delivery_options(
    methods: Sequence[Method],
    *,
    destination: str | None,
    goods: int,
    currency: str,
    now: datetime,
    free: bool = False,
) -> tuple[DeliveryOption, ...]:
    """The methods that go to a country, priced for goods of this worth after discounts, in the methods' order."""
    return tuple(
        DeliveryOption(
            code=method.code,
            name=method.name,
            description=method.description,
            price=Money(0 if free or _is_free(method, goods) else method.price, currency),
            free_above=Money(method.free_above, currency) if method.free_above is not None else None,
            arrives_from=working_days_after(now.date(), method.min_days),
            arrives_to=working_days_after(now.date(), method.max_days),
        )
        for method in methods
        if destination is None or not method.countries or destination in method.countries
    )


def working_days_after(day: date, days: int) -> date:
    """The day that many working days (Monday to Friday) later; for none, the next working day or the day itself."""
    while day.weekday() >= 5:
        day += timedelta(days=1)
    for _ in range(days):
        day += timedelta(days=3 if day.weekday() == 4 else 1)
    return day


def rate_of(rates: Mapping[str, int], tax_class: str) -> int:
    """The rate of a class in basis points; a class without one of its own bears the standard rate, if there is one."""
    return rates.get(tax_class, rates.get(STANDARD, 0))


def _is_free(method: Method, goods: int) -> bool:
    return method.free_above is not None and goods >= method.free_above


def _taxes(amounts: Sequence[int], points: Sequence[int], *, included: bool) -> list[int]:
    """The tax of each amount: rounded once per rate on the sum that bears it, then shared out."""
    taxes = [0] * len(amounts)
    for rate in sorted(set(points)):
        bearing = [i for i, point in enumerate(points) if point == rate]
        base = sum(amounts[i] for i in bearing)
        tax = divide_half_up(base * rate, 10_000 + rate if included else 10_000)
        for i, share in zip(bearing, share_out(tax, [amounts[i] for i in bearing]), strict=True):
            taxes[i] = share
    return taxes
