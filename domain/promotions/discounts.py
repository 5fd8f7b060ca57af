"""Discounts as pure arithmetic: they see amounts, not carts."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.shared.money import divide_half_up, share_out


@dataclass(frozen=True, kw_only=True)
class Discount:
    """Something off: `basis_points` (4000 is 40 %) or else `amount` in minor units, off all lines or off some.

    `only` names the variants it is for (None: all); `free_delivery` also takes the delivery cost away.
    """

    label: str
    code: str | None = None
    basis_points: int = 0
    amount: int = 0
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

    A percentage is taken of the sum and rounded once; the shares of the lines sum to it exactly.
    """
    left = [amount for _, amount in lines]
    taken = []
    for discount in discounts:
        base = [
            amount if discount.only is None or key in discount.only else 0
            for (key, _), amount in zip(lines, left, strict=True)
        ]
        off = divide_half_up(sum(base) * discount.basis_points, 10_000) if discount.basis_points else discount.amount
        shares = share_out(max(0, min(off, sum(base))), base) if sum(base) else [0] * len(base)
        left = [amount - share for amount, share in zip(left, shares, strict=True)]
        taken.append(Taken(discount=discount, shares=tuple(shares)))
    return tuple(taken)
