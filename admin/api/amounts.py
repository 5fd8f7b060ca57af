"""Amounts that programs send: in the shop's currency, or refused."""

from typing import Annotated

from flask import abort
from pydantic import Field

from web.api import Body
from web.api.bodies import invalid
from web.settings import shop_settings


class Price(Body):
    """An amount in the shop's currency."""

    amount: Annotated[int, Field(ge=0, lt=10**9)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


def minor_units(price: Price, pointer: str) -> int:
    """Return an amount in minor units; answers 422 for another currency than the shop's."""
    currency = shop_settings().currency
    if price.currency != currency:
        abort(invalid([{"pointer": f"{pointer}/currency", "detail": f"This shop sells in {currency}."}]))
    return price.amount
