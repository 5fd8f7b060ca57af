"""How carts come along; for the reports, which count how many lead to an order."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.shared.events import Event


@dataclass(frozen=True, kw_only=True)
class CartOpened(Event):
    """A shopper put a first thing in a new cart."""

    name: ClassVar[str] = "cart.cart_opened"
    cart_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CheckoutBegun(Event):
    """The shopper of a cart gave the first answers on the way to an order."""

    name: ClassVar[str] = "cart.checkout_begun"
    cart_id: UUID
    at: datetime


@dataclass(frozen=True, kw_only=True)
class CartMerged(Event):
    """All that a cart held was taken into another one, at a sign-in."""

    name: ClassVar[str] = "cart.cart_merged"
    cart_id: UUID
    into: UUID
    at: datetime
