"""What is to be fetched from the shelves for some orders, each thing once."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.orders.models import Order, OrderLine
from domain.orders.states import PACKED, PAID


@dataclass(frozen=True)
class PickRow:
    """So many of one thing, for these orders."""

    sku: str
    title: str
    options: str
    units: int
    orders: tuple[str, ...]


def pick_list(session: Session, order_ids: Sequence[UUID]) -> tuple[PickRow, ...]:
    """Return what is still to be sent of orders that are paid, by SKU; one statement."""
    left = OrderLine.quantity - OrderLine.shipped - OrderLine.withdrawn
    rows = session.execute(
        select(
            OrderLine.sku,
            func.min(OrderLine.title).label("title"),
            func.min(OrderLine.options).label("options"),
            func.sum(left).label("units"),
            func.array_agg(func.distinct(Order.number)).label("numbers"),
        )
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.id.in_(order_ids), Order.state.in_((PAID, PACKED)), left > 0)
        .group_by(OrderLine.sku)
        .order_by(OrderLine.sku)
    )
    return tuple(PickRow(row.sku, row.title, row.options, row.units, tuple(sorted(row.numbers))) for row in rows)
