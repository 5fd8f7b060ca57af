"""Discounts as pure arithmetic: they see amounts, not carts."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.shared.money import divide_half_up, share_out


@dataclass(frozen=True, kw_only=True)
class Portion:
    """So many of a line's units, which are free."""

    variant_id: UUID
    units: int
    of: int


@dataclass(frozen=True, kw_only=True)
class Discount:
    """Something off: `basis_points` (4000 is 40 %), or the `portions` that are free, or `amount` in minor units.

    `only` names the variants it is for (None: all); `free_delivery` also takes the delivery cost away.
    `promotion_id` and `code` say where it comes from.
    """

    label: str
    promotion_id: UUID | None = None
    code: str | None = None
    basis_points: int = 0
    amount: int = 0
    portions: tuple[Portion, ...] = ()
    only: frozenset[UUID] | None = None
    free_delivery: bool = False


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What one discount takes off each line, in minor units and in the lines' order."""

    discount: Discount
    shares: tuple[int, ...]

    @property
    def total(self) -> int:
        """What it takes off in all."""
        return sum(self.shares)


def take_off(lines: Sequence[tuple[UUID, int]], discounts: Sequence[Discount]) -> tuple[Taken, ...]:
    """Apply discounts one after another, each to what the ones before it left, and never below nothing.

    A percentage is taken of the sum and rounded once; the shares of the lines sum to it exactly. A free unit takes
    away its part of what its line still costs, rounded once per line.
    """
    left = [amount for _, amount in lines]
    taken = []
    for discount in discounts:
        shares = _shares([key for key, _ in lines], left, discount)
        left = [amount - share for amount, share in zip(left, shares, strict=True)]
        taken.append(Taken(discount=discount, shares=tuple(shares)))
    return tuple(taken)


def _shares(keys: Sequence[UUID], left: Sequence[int], discount: Discount) -> list[int]:
    if discount.portions:
        free = {portion.variant_id: portion for portion in discount.portions}
        return [
            divide_half_up(amount * free[key].units, free[key].of) if key in free else 0
            for key, amount in zip(keys, left, strict=True)
        ]
    base = [
        amount if discount.only is None or key in discount.only else 0 for key, amount in zip(keys, left, strict=True)
    ]
    whole = sum(base)
    off = divide_half_up(whole * discount.basis_points, 10_000) if discount.basis_points else discount.amount
    return share_out(max(0, min(off, whole)), base) if whole else [0] * len(base)
