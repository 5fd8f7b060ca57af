"""An order as the reports count it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.orders.models import Order, OrderLine


@dataclass(frozen=True, kw_only=True)
class OrderFigures:
    """The figures of one order; `total` in minor units of `currency`."""

    placed_at: datetime
    paid_at: datetime | None
    cancelled_at: datetime | None
    currency: str
    total: int
    units: int


def order_figures(session: Session, order_id: UUID) -> OrderFigures | None:
    """Return an order's figures as they now are, or None if there is no such order; one SELECT."""
    units = (
        select(func.coalesce(func.sum(OrderLine.quantity), 0)).where(OrderLine.order_id == Order.id).scalar_subquery()
    )
    row = session.execute(
        select(Order.created_at, Order.paid_at, Order.cancelled_at, Order.currency, Order.total, units.label("units"))
        .where(Order.id == order_id)
    ).one_or_none()  # fmt: skip
    if row is None:
        return None
    return OrderFigures(
        placed_at=row.created_at,
        paid_at=row.paid_at,
        cancelled_at=row.cancelled_at,
        currency=row.currency,
        total=row.total,
        units=row.units,
    )
