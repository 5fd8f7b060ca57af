"""What customers have ordered and spent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.orders.models import Order
from domain.orders.states import CANCELLED
from domain.payments.queries import money_of
from domain.shared.money import Money


@dataclass(frozen=True)
class Spending:
    """How many orders, what was paid for those that stand less what went back, and when the last was."""

    orders: int
    spent: tuple[Money, ...]
    last_at: datetime


def spending(session: Session, shopper_ids: Sequence[UUID]) -> dict[UUID, Spending]:
    """Return it for each of some customers who has ordered; one statement.

    Cancelled orders count as orders and not as spent. What was paid beyond a total is on its way back and not spent.
    """
    stands = Order.paid_at.is_not(None) & (Order.state != CANCELLED)
    spent = func.least(Order.total, money_of(Order.__table__.c.id))
    rows = session.execute(
        select(
            Order.shopper_id,
            Order.currency,
            func.count().label("orders"),
            func.coalesce(func.sum(spent).filter(stands), 0).label("spent"),
            func.max(Order.created_at).label("last_at"),
        )
        .where(Order.shopper_id.in_(shopper_ids))
        .group_by(Order.shopper_id, Order.currency)
        .order_by(Order.currency)
    ).all()
    return {
        shopper_id: Spending(
            sum(row.orders for row in own),
            tuple(Money(int(row.spent), row.currency) for row in own),
            max(row.last_at for row in own),
        )
        for shopper_id in {row.shopper_id for row in rows}
        for own in [[row for row in rows if row.shopper_id == shopper_id]]
    }
