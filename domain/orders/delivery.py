"""Ways to deliver: where they go, what they cost and how long they take."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from domain.orders.places import Destination
from domain.shared.money import Money

FLAT, BY_WEIGHT, BY_WORTH = "flat", "weight", "worth"
PRICED_BY = {FLAT: "One price", BY_WEIGHT: "By weight", BY_WORTH: "By the worth of the goods"}
"""What the price of a method can depend on, in words."""


@dataclass(frozen=True, kw_only=True)
class Method:
    """A way to deliver. Prices in minor units, days are working days after the one on which the parcel leaves.

    `bands` are pairs of a limit and a price: the first band whose limit, in grams or in minor units of the goods after
    discounts, is not exceeded gives the price; None is no limit, and beyond the last one the method is not offered.
    `price` is that of a method priced flat. What is ordered from `cut_off` on leaves on the next working day.
    """

    code: str
    name: str
    description: str = ""
    carrier: str = ""
    priced_by: str = FLAT
    price: int = 0
    bands: tuple[tuple[int | None, int], ...] = ()
    free_above: int | None = None
    min_days: int = 1
    max_days: int = 3
    cut_off: time | None = None

    @property
    def limited(self) -> bool:
        """Whether there are goods that it does not carry, for their weight or their worth."""
        return self.priced_by != FLAT and all(limit is not None for limit, _ in self.bands)

    def cost(self, *, goods: int, grams: int) -> int | None:
        """What it costs for goods of this worth and weight, or None if it does not carry them."""
        if self.priced_by == FLAT:
            price: int | None = self.price
        else:
            measure = grams if self.priced_by == BY_WEIGHT else goods
            price = next((price for limit, price in self.bands if limit is None or measure <= limit), None)
        if price is not None and self.free_above is not None and goods >= self.free_above:
            return 0
        return price


@dataclass(frozen=True, kw_only=True)
class Zone:
    """Places that have the same ways to deliver: `IE`, `US-CA`, or `*` for the rest of the world."""

    code: str
    name: str
    places: frozenset[str]
    methods: tuple[Method, ...] = ()


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


def zone_of(zones: Iterable[Zone], destination: Destination) -> Zone | None:
    """The zone that names a place most closely: its region before its country, and the rest of the world last."""
    named = {place: zone for zone in zones for place in zone.places}
    return next((named[name] for name in destination.names if name in named), None)


def methods_to(zones: Iterable[Zone], destination: Destination) -> tuple[Method, ...]:
    """The ways to deliver to a place; a zone without any is one that is not delivered to."""
    zone = zone_of(zones, destination)
    return zone.methods if zone else ()


def delivery_options(
    methods: Sequence[Method], *, goods: int, grams: int, currency: str, now: datetime, free: bool = False
) -> tuple[DeliveryOption, ...]:
    """The methods that carry goods of this weight, priced for their worth after discounts, in the methods' order."""
    return tuple(
        DeliveryOption(
            code=method.code,
            name=method.name,
            description=method.description,
            price=Money(0 if free else cost, currency),
            free_above=Money(method.free_above, currency) if method.free_above is not None else None,
            arrives_from=working_days_after(leaves, method.min_days),
            arrives_to=working_days_after(leaves, method.max_days),
        )
        for method in methods
        if (cost := method.cost(goods=goods, grams=grams)) is not None
        for leaves in (leaving_day(now, method.cut_off),)
    )


def leaving_day(now: datetime, cut_off: time | None) -> date:
    """The working day on which a parcel ordered now leaves; `now` and `cut_off` are by the shop's clock."""
    late = cut_off is not None and now.time() >= cut_off and now.weekday() < 5
    return working_days_after(now.date(), 1 if late else 0)


@lru_cache(maxsize=256)
def working_days_after(day: date, days: int) -> date:
    """The day that many working days (Monday to Friday) later; for none, the next working day or the day itself."""
    while day.weekday() >= 5:
        day += timedelta(days=1)
    for _ in range(days):
        day += timedelta(days=3 if day.weekday() == 4 else 1)
    return day
