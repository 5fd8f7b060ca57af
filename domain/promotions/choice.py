"""Which promotions an order gets: the written rule of order and stacking, as a pure function.

1. Automatic promotions come first, the highest priority leading (of equal ones the older), then the code: at most one.
2. Each takes its part of what the ones before it left, and is only taken if the shopper then pays less in all, delivery
   and tax included: a discount never makes an order dearer, and a code that would save nothing is not used up.
3. An exclusive promotion stands alone. Of the ways that are left, all that can stand together or one exclusive
   promotion, the shopper gets the one that costs least; if two cost the same, the first of these.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.promotions.discounts import Discount
from domain.promotions.rules import Goods, Reason, Refusal, Rule, check, discount_of

Cost = Callable[[Sequence[Discount]], int]
"""What the whole order costs with some discounts, in minor units."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The discounts an order gets, in their order, and why the code, if one was given, is not among them."""

    discounts: tuple[Discount, ...] = ()
    refusal: Refusal | None = None


def choose(
    rules: Sequence[Rule], goods: Sequence[Goods], *, code: str | None, has_ordered: bool, now: datetime, cost: Cost
) -> Choice:
    """Choose the promotions that apply; `rules` holds the automatic ones, and the code's if there is such a code."""
    given = next((rule for rule in rules if code is not None and rule.code == code), None)
    automatic = sorted((rule for rule in rules if rule.code is None), key=lambda rule: (-rule.priority, rule.id))
    refusal = None
    if code is not None:
        unknown = Refusal(reason=Reason.UNKNOWN)
        refusal = check(given, goods, has_ordered=has_ordered, now=now) if given else unknown
    fitting = [rule for rule in automatic if check(rule, goods, has_ordered=has_ordered, now=now) is None]
    if given and refusal is None:
        fitting.append(given)
    best = _best(fitting, goods, cost)
    if given and refusal is None and given not in best:
        refusal = _outdone(given, best, goods, cost)
    return Choice(discounts=tuple(discount_of(rule, goods) for rule in best), refusal=refusal)


def _best(rules: Sequence[Rule], goods: Sequence[Goods], cost: Cost) -> list[Rule]:
    together: list[Rule] = []
    lowest = cost(())
    for rule in (rule for rule in rules if not rule.exclusive):
        price = cost([discount_of(one, goods) for one in (*together, rule)])
        if price < lowest:
            together.append(rule)
            lowest = price
    best = together
    for rule in (rule for rule in rules if rule.exclusive):
        price = cost([discount_of(rule, goods)])
        if price < lowest:
            best, lowest = [rule], price
    return best


def _outdone(given: Rule, best: Sequence[Rule], goods: Sequence[Goods], cost: Cost) -> Refusal:
    """Say why a code that would apply by itself is left out: something else saves more, or it saves nothing."""
    stands_apart = given.exclusive or any(rule.exclusive for rule in best)
    if stands_apart and best and cost([discount_of(given, goods)]) < cost(()):
        return Refusal(reason=Reason.NOT_WITH, rule=given, other=" and ".join(rule.name for rule in best))
    return Refusal(reason=Reason.NO_GAIN, rule=given)
