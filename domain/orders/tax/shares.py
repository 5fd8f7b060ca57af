"""Working out tax: rounded once per rate on the sum that bears it, then shared out to the cent."""

from collections.abc import Mapping, Sequence

from domain.orders.tax.rates import DELIVERY, SCALE, STANDARD, Rate, rate_of
from domain.shared.money import divide_half_up, share_out

WHOLE = 10_000 * SCALE

Bearing = tuple[int, Rate]
"""An amount in minor units, and the rate that it bears."""


def tax_on(amount: int, rate: Rate, *, included: bool) -> int:
    """The tax on an amount in minor units: the part of it that is tax where it is included, else what comes on top."""
    parts = int(rate.basis_points * SCALE)
    return divide_half_up(amount * parts, WHOLE + parts if included else WHOLE)


def taxes_of(bearing: Sequence[Bearing], *, included: bool) -> list[int]:
    """The tax of each amount; for each rate the shares sum to the tax of the sum, by largest remainder."""
    taxes = [0] * len(bearing)
    for rate in dict.fromkeys(rate for _, rate in bearing):
        places = [i for i, (_, borne) in enumerate(bearing) if borne == rate]
        amounts = [bearing[i][0] for i in places]
        tax = tax_on(sum(amounts), rate, included=included)
        for i, share in zip(places, share_out(tax, amounts), strict=True):
            taxes[i] = share
    return taxes


def split_delivery(
    delivery: int, goods: Sequence[Bearing], before_discounts: Sequence[int], rates: Mapping[str, Rate]
) -> list[Bearing]:
    """Delivery in the parts that bear each rate.

    It is an ancillary service and shares the fate of the goods: the parts are as the goods' worth after discounts
    (before them, if nothing is left). A place with a rate for delivery of its own bears that instead.
    """
    if DELIVERY in rates:
        return [(delivery, rates[DELIVERY])]
    weights: dict[Rate, int] = {}
    worth = [amount for amount, _ in goods]
    for amount, (_, rate) in zip(worth if any(worth) else before_discounts, goods, strict=True):
        weights[rate] = weights.get(rate, 0) + amount
    if not any(weights.values()):
        return [(delivery, rate_of(rates, STANDARD))]
    return list(zip(share_out(delivery, list(weights.values())), weights, strict=True))
