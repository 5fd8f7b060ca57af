"""An order as the reports count it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.orders.models import Order, OrderLine
from domain.payments import queries as payments


@dataclass(frozen=True, kw_only=True)
class LineFigures:
    """One line of an order: what was sold of it and how much of that came back; `total` in minor units."""

    line_id: UUID
    variant_id: UUID
    sku: str
    title: str
    units: int
    back: int
    total: int


@dataclass(frozen=True, kw_only=True)
class OrderFigures:
    """The figures of one order, in minor units of `currency`.

    `refunded` is what of a paid order's total is no longer with the shop; what was paid beyond the total is not in it.
    """

    placed_at: datetime
    paid_at: datetime | None
    cancelled_at: datetime | None
    currency: str
    country: str
    code: str | None
    total: int
    refunded: int
    lines: tuple[LineFigures, ...]

    @property
    def units(self) -> int:
        """How many units were ordered."""
        return sum(line.units for line in self.lines)


_ORDER = select(
    Order.created_at, Order.paid_at, Order.cancelled_at, Order.currency,
    Order.shipping_address["country"].astext.label("country"), Order.discounts, Order.total,
)  # fmt: skip
_LINES = select(
    OrderLine.id, OrderLine.variant_id, OrderLine.sku, OrderLine.title, OrderLine.quantity, OrderLine.total,
    (OrderLine.returned + OrderLine.withdrawn).label("back"),
).order_by(OrderLine.position)  # fmt: skip


def order_figures(session: Session, order_id: UUID) -> OrderFigures | None:
    """Return an order's figures as they now are, or None if there is no such order; three SELECTs."""
    row = session.execute(_ORDER.where(Order.id == order_id)).one_or_none()
    if row is None:
        return None
    kept = sum(one.captured - one.refunded for one in payments.captured_of_order(session, order_id))
    lines = session.execute(_LINES.where(OrderLine.order_id == order_id))
    return OrderFigures(
        placed_at=row.created_at,
        paid_at=row.paid_at,
        cancelled_at=row.cancelled_at,
        currency=row.currency,
        country=row.country or "",
        code=next((one["code"] for one in row.discounts if one["code"]), None),
        total=row.total,
        refunded=max(row.total - kept, 0) if row.paid_at else 0,
        lines=tuple(
            LineFigures(
                line_id=line.id,
                variant_id=line.variant_id,
                sku=line.sku,
                title=line.title,
                units=line.quantity,
                back=line.back,
                total=line.total,
            )
            for line in lines
        ),
    )


def cart_of_order(session: Session, order_id: UUID) -> UUID | None:
    """Return the cart that an order was made of, or None if there is no such order."""
    return session.scalar(select(Order.cart_id).where(Order.id == order_id))


def order_ids(session: Session, *, after: UUID | None, limit: int) -> Sequence[UUID]:
    """Return the ids of orders in their order, the ones behind `after`; for whoever goes through all of them."""
    statement = select(Order.id).order_by(Order.id).limit(limit)
    return session.scalars(statement.where(Order.id > after) if after else statement).all()
