"""Which promotions a cart gets, given what its shopper has ordered before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, not_, select

from domain.cart.queries import CartView
from domain.orders.models import Order
from domain.orders.states import CANCELLED, PLACED
from domain.promotions.choice import Choice, Cost, choose
from domain.promotions.queries import offers_beside, to_rules
from domain.promotions.rules import Goods

_OWN = and_(Order.cart_id == bindparam("cart_id"), Order.state == PLACED)
OFFERS = offers_beside(select(Order.id).where(_OWN))
"""The promotions that could apply, as part of a statement that has `cart_id` and the values of `offer_values`."""
HAS_ORDERED = exists().where(Order.email == bindparam("email"), Order.state != CANCELLED, not_(_OWN))
"""Whether the address has an order that stands, beside the unpaid one of this very cart."""


def promotions_for(
    cart: CartView,
    offers: Sequence[dict[str, Any]] | None,
    *,
    code: str | None,
    has_ordered: bool,
    now: datetime,
    cost: Cost,
) -> Choice:
    """Choose the promotions for a cart out of what `OFFERS` gave."""
    if not cart.lines:
        return Choice()
    goods = [
        Goods(
            variant_id=line.variant_id,
            product_id=line.product_id,
            category_path=line.category_path,
            unit_price=line.unit_price.amount,
            quantity=line.quantity,
        )
        for line in cart.lines
    ]
    return choose(to_rules(offers, code=code), goods, code=code, has_ordered=has_ordered, now=now, cost=cost)
