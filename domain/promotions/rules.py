"""A promotion's rule as pure data: what it is for, when it applies, and why it does not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from uuid import UUID

from domain.promotions.discounts import Discount, Portion
from domain.promotions.kinds import AMOUNT, BUY_GET, FREE_DELIVERY, PERCENT


@dataclass(frozen=True, kw_only=True)
class Goods:
    """A line as promotions see it; `unit_price` in minor units."""

    variant_id: UUID
    product_id: UUID
    category_path: str
    unit_price: int
    quantity: int

    @property
    def amount(self) -> int:
        """What the line costs before any discount."""
        return self.unit_price * self.quantity


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A promotion as it applies to one shopper: its terms, and how often it and they have used it.

    `code` is the one the shopper gave, None for an automatic promotion. `categories` are pairs of path and name, a
    category standing for all below it too; `products` pairs of id and title; with neither it is for everything.
    """

    id: UUID
    name: str
    kind: str
    basis_points: int = 0
    amount: int = 0
    buy: int = 0
    get: int = 0
    code: str | None = None
    active: bool = True
    priority: int = 0
    exclusive: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    scoped: bool = False
    categories: tuple[tuple[str, str], ...] = ()
    products: tuple[tuple[UUID, str], ...] = ()
    min_quantity: int = 0
    min_subtotal: int = 0
    first_order: bool = False
    limit_total: int | None = None
    limit_per_customer: int | None = None
    used: int = 0
    used_by_customer: int = 0

    def covers(self, goods: Goods) -> bool:
        """Whether it is for this line."""
        if not self.scoped:
            return True
        return any(product_id == goods.product_id for product_id, _ in self.products) or any(
            f"{goods.category_path}/".startswith(f"{path}/") for path, _ in self.categories
        )

    @property
    def units_needed(self) -> int:
        """How many units of what it is for it takes."""
        return max(self.min_quantity, self.buy + self.get if self.kind == BUY_GET else 0)


class Reason(Enum):
    """Why a promotion does not apply."""

    UNKNOWN = "unknown"
    ENDED = "ended"
    NOT_YET = "not yet"
    USED_UP = "used up"
    USED_BY_YOU = "used by you"
    NOT_FIRST_ORDER = "not the first order"
    OUT_OF_SCOPE = "for other goods"
    TOO_LITTLE = "worth too little"
    TOO_FEW = "too few"
    NOT_WITH = "not with another"
    NO_GAIN = "saves nothing"


CURABLE = frozenset({Reason.OUT_OF_SCOPE, Reason.TOO_LITTLE, Reason.TOO_FEW, Reason.NOT_WITH, Reason.NO_GAIN})
"""What another cart would change: a code refused for one of these stays in the cart and waits."""


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A promotion that does not apply, why, and what is missing (minor units or units); `other` is what it met."""

    reason: Reason
    rule: Rule | None = None
    missing: int = 0
    other: str = ""

    @property
    def curable(self) -> bool:
        """Whether another cart would change it."""
        return self.reason in CURABLE


def check(rule: Rule, goods: Sequence[Goods], *, has_ordered: bool, now: datetime) -> Refusal | None:
    """Return why a promotion does not apply to these goods, or None if it does.

    What no cart could change comes first. Quantity and worth are those of the goods it is for, before any discount.
    """
    covered = [line for line in goods if rule.covers(line)]
    units, worth = sum(line.quantity for line in covered), sum(line.amount for line in covered)
    if not rule.active or (rule.ends_at is not None and now >= rule.ends_at):
        return Refusal(reason=Reason.ENDED, rule=rule)
    if rule.starts_at is not None and now < rule.starts_at:
        return Refusal(reason=Reason.NOT_YET, rule=rule)
    if rule.limit_total is not None and rule.used >= rule.limit_total:
        return Refusal(reason=Reason.USED_UP, rule=rule)
    if rule.limit_per_customer is not None and rule.used_by_customer >= rule.limit_per_customer:
        return Refusal(reason=Reason.USED_BY_YOU, rule=rule)
    if rule.first_order and (has_ordered or rule.used_by_customer):
        return Refusal(reason=Reason.NOT_FIRST_ORDER, rule=rule)
    if not covered:
        return Refusal(reason=Reason.OUT_OF_SCOPE, rule=rule)
    if units < rule.units_needed:
        return Refusal(reason=Reason.TOO_FEW, rule=rule, missing=rule.units_needed - units)
    if worth < rule.min_subtotal:
        return Refusal(reason=Reason.TOO_LITTLE, rule=rule, missing=rule.min_subtotal - worth)
    return None


def discount_of(rule: Rule, goods: Sequence[Goods]) -> Discount:
    """Return what a promotion takes off these goods."""
    covered = [line for line in goods if rule.covers(line)]
    return Discount(
        label=rule.name,
        promotion_id=rule.id,
        code=rule.code,
        basis_points=rule.basis_points if rule.kind == PERCENT else 0,
        amount=rule.amount if rule.kind == AMOUNT else 0,
        portions=_cheapest(covered, rule.buy, rule.get) if rule.kind == BUY_GET else (),
        only=frozenset(line.variant_id for line in covered) if rule.scoped else None,
        free_delivery=rule.kind == FREE_DELIVERY,
    )


def _cheapest(goods: Sequence[Goods], buy: int, get: int) -> tuple[Portion, ...]:
    """Of every `buy + get` units `get` are free, and those are the cheapest of all; equal ones in the lines' order."""
    free = sum(line.quantity for line in goods) // (buy + get) * get
    portions = []
    for line in sorted(goods, key=lambda line: line.unit_price):
        units = min(free, line.quantity)
        free -= units
        if units:
            portions.append(Portion(variant_id=line.variant_id, units=units, of=line.quantity))
    return tuple(portions)
