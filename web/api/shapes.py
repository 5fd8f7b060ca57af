"""What answers of both apps are made of: addresses, discounts and taxes."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from domain.orders.queries.parts import DiscountView, TaxView
from domain.orders.quote import QuotedDiscount, QuotedTax
from web.api.answers import Money, money

Moment = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class DiscountShape(TypedDict):
    """Something that is taken off."""

    label: str
    code: str | None
    amount: Money
    free_delivery: bool


class TaxShape(TypedDict):
    """All tax of one rate; a basis point is a hundredth of a per cent."""

    name: str
    basis_points: str
    net: Money
    amount: Money


class PostalAddress(TypedDict):
    """Where a parcel goes; `country` is ISO 3166-1 alpha-2."""

    name: str
    company: str
    line1: str
    line2: str
    city: str
    region: str
    postcode: str
    country: str


# In the order in which they are written: that of a set differs from process to process, and with it the ETag would.
_ADDRESS = tuple(PostalAddress.__annotations__)


def discounts(found: Iterable[QuotedDiscount | DiscountView]) -> list[DiscountShape]:
    """Write what is taken off a cart, or was taken off an order."""
    return [
        {"label": one.label, "code": one.code, "amount": money(one.amount), "free_delivery": one.free_delivery}
        for one in found
    ]


def taxes(found: Iterable[QuotedTax | TaxView]) -> list[TaxShape]:
    """Write the tax of a cart or an order, by rate."""
    return [
        {
            "name": one.name,
            "basis_points": str(one.basis_points),
            "net": money(one.net),
            "amount": money(one.amount),
        }
        for one in found
    ]


def address(kept: dict[str, Any] | None) -> PostalAddress | None:
    """Write an address that may be missing."""
    if not kept:
        return None
    return {name: str(kept.get(name) or "") for name in _ADDRESS}  # type: ignore[return-value]
