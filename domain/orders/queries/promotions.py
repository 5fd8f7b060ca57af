"""Which promotions a cart gets, given what its shopper has ordered before."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, exists, func, literal, not_, select
from sqlalchemy.orm import Session

from domain.cart.queries import CartView, Contents
from domain.orders.models import Order
from domain.orders.states import CANCELLED, PLACED
from domain.promotions.choice import Choice, Cost, choose
from domain.promotions.queries import offers, without_own
from domain.promotions.rules import Goods


def promotions_for(session: Session, found: Contents, cart: CartView, *, now: datetime, cost: Cost) -> Choice:
    """Choose the promotions for a cart; one statement, and one or two more where a limit is in play."""
    if not cart.lines:
        return Choice()
    email, has_ordered = found.checkout.email, False
    rules = offers(session, code=found.code, email=email, now=now)
    if any(rule.limit_total or rule.limit_per_customer or rule.first_order for rule in rules):
        unpaid, has_ordered = _past(session, cart_id=found.cart_id, email=email)
        rules = without_own(session, rules, order_ids=unpaid, email=email)
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
    return choose(rules, goods, code=found.code, has_ordered=has_ordered, now=now, cost=cost)


def _past(session: Session, *, cart_id: UUID | None, email: str | None) -> tuple[list[UUID], bool]:
    """Return this cart's orders that are still unpaid, and whether the address has any other order that stands."""
    own = and_(Order.cart_id == literal(cart_id), Order.state == PLACED)
    unpaid = select(func.array_agg(Order.id)).where(own).scalar_subquery()
    earlier = exists().where(Order.email == literal(email), Order.state != CANCELLED, not_(own))
    row = session.execute(select(unpaid.label("unpaid"), earlier.label("earlier"))).one()
    return list(row.unpaid or ()), bool(row.earlier)
