"""Money: integer minor units with a currency, and the one rounding rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from domain.shared.errors import DomainError

_EXPONENTS = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0,
    "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
    "CLF": 4, "UYW": 4,
}  # fmt: skip
"""The currencies whose minor unit is not a hundredth, by ISO 4217.

Not taken from Babel: its data is of the decimals people use, and gives the Iraqi dinar none where ISO, and so the
payment services, have three.
"""


def exponent(currency: str) -> int:
    """Return how many decimals a currency's minor unit has (ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD."""
    return _EXPONENTS.get(currency, 2)


class CurrencyMismatch(DomainError):
    """Two amounts of different currencies were put together."""


@dataclass(frozen=True, order=False, slots=True)
class Money:
    """An amount in minor units of one currency: Money(1250, "EUR") is twelve euros fifty."""

    amount: int
    currency: str

    def _same(self, other: "Money") -> None:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be added or compared.")

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, quantity: int) -> "Money":
        return Money(self.amount * quantity, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount <= other.amount

    def __bool__(self) -> bool:
        return self.amount != 0

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Return nothing of a currency."""
        return cls(0, currency)


def divide_half_up(numerator: int, denominator: int) -> int:
    """Divide whole numbers and round halves away from zero: the shop's one rounding rule for money.

    It is the commercial rule that EU VAT practice and most tax offices accept for a line or a total.
    """
    if denominator <= 0:
        raise ValueError("The denominator must be positive.")
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def share_out(total: int, weights: Sequence[int]) -> list[int]:
    """Share an amount of minor units out by weight so that the parts sum to it exactly (largest remainder).

    Equal remainders go to the earlier part. With no weight at all the parts are shared out evenly.
    Source: Hamilton's method of apportionment. Raises ValueError for a negative weight.
    """
    if not weights:
        if total:
            raise ValueError("There is nothing to share the amount among.")
        return []
    if any(weight < 0 for weight in weights):
        raise ValueError("A weight cannot be negative.")
    if sum(weights) == 0:
        weights = [1] * len(weights)
    sign, amount, whole = (-1 if total < 0 else 1), abs(total), sum(weights)
    parts = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
    for i in by_remainder[: amount - sum(parts)]:
        parts[i] += 1
    return [sign * part for part in parts]
