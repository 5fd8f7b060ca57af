"""The day's figures, for the first page of the admin."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.orders.models import Order
from domain.orders.states import CANCELLED, PLACED
from domain.shared.money import Money


@dataclass(frozen=True, kw_only=True)
class Today:
    """What came in since a moment: orders that were not cancelled, and the worth of those that are paid."""

    orders: int
    paid: int
    revenue: Money


def today(session: Session, *, since: datetime, currency: str) -> Today:
    """Count the orders placed since a moment; one statement, by the index on the date."""
    is_paid = Order.state.not_in((PLACED, CANCELLED))
    row = session.execute(
        select(
            func.count().filter(Order.state != CANCELLED),
            func.count().filter(is_paid),
            func.coalesce(func.sum(Order.total).filter(is_paid), 0),
        ).where(Order.created_at >= since, Order.currency == currency)
    ).one()
    return Today(orders=row[0], paid=row[1], revenue=Money(int(row[2]), currency))
