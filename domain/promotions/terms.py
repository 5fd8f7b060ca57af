"""What staff decide of a promotion, and what makes no sense in it."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Self
from uuid import UUID

from domain.promotions.kinds import AMOUNT, BUY_GET, KINDS, PERCENT

if TYPE_CHECKING:
    from domain.promotions.models import Promotion


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The terms of a promotion; amounts in minor units, `basis_points` 1000 is 10 %, no limit is None.

    Without categories and products it is for everything; `codes` are left out of an automatic one.
    """

    name: str
    kind: str
    basis_points: int = 0
    amount: int = 0
    buy: int = 0
    get: int = 0
    automatic: bool = False
    active: bool = True
    priority: int = 0
    exclusive: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    category_ids: tuple[UUID, ...] = ()
    product_ids: tuple[UUID, ...] = ()
    min_quantity: int = 0
    min_subtotal: int = 0
    first_order: bool = False
    limit_total: int | None = None
    limit_per_customer: int | None = None
    announcement: str = ""

    @classmethod
    def of(cls, promotion: "Promotion") -> Self:
        """Return the terms a promotion has."""
        values = {field.name: getattr(promotion, field.name) for field in fields(cls)}
        lists = {name: tuple(values[name]) for name in ("category_ids", "product_ids")}
        return cls(**values | lists)

    def problems(self) -> dict[str, str]:
        """Return what makes no sense, by field; empty if all is well."""
        found: dict[str, str] = {}
        if not self.name.strip():
            found["name"] = "Enter a name: shoppers read it beside what is taken off."
        if self.kind not in KINDS:
            found["kind"] = "Choose what the promotion gives."
        if self.kind == PERCENT and not 1 <= self.basis_points <= 10_000:
            found["percent"] = "Enter a percentage above 0 and up to 100."
        if self.kind == AMOUNT and self.amount <= 0:
            found["amount"] = "Enter an amount above zero."
        if self.kind == BUY_GET and self.buy < 1:
            found["buy"] = "Enter how many must be bought: 1 or more."
        if self.kind == BUY_GET and self.get < 1:
            found["get"] = "Enter how many are free then: 1 or more."
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            found["ends_at"] = "Choose an end after the start."
        for name in ("limit_total", "limit_per_customer"):
            limit = getattr(self, name)
            if limit is not None and limit < 1:
                found[name] = "Enter 1 or more, or leave it empty for no limit."
        for name in ("min_quantity", "min_subtotal"):
            if getattr(self, name) < 0:
                found[name] = "Enter zero or more."
        return found
