"""The figures of the shop, as the dashboard shows them."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.analytics.models import OrderFact
from domain.shared.money import Money, divide_half_up


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What a span of time brought: orders placed, those of them that are paid and stand, and their money.

    `revenue` is what was paid less what was given back, which is `refunded`; `average` is per paid order.
    """

    orders: int
    paid: int
    units: int
    refunded: Money
    revenue: Money
    average: Money


def summary(session: Session, *, since: datetime, currency: str, until: datetime | None = None) -> Summary:
    """Return the figures of the orders placed in a span of time, `until` left out; one SELECT."""
    stands = OrderFact.paid_at.is_not(None) & OrderFact.cancelled_at.is_(None)
    statement = select(
        func.count(),
        func.count().filter(stands),
        func.coalesce(func.sum(OrderFact.units).filter(stands), 0),
        func.coalesce(func.sum(OrderFact.refunded).filter(stands), 0),
        func.coalesce(func.sum(OrderFact.total - OrderFact.refunded).filter(stands), 0),
    ).where(OrderFact.placed_at >= since, OrderFact.currency == currency)
    if until is not None:
        statement = statement.where(OrderFact.placed_at < until)
    orders, paid, units, refunded, revenue = session.execute(statement).one()
    return Summary(
        orders=orders,
        paid=paid,
        units=int(units),
        refunded=Money(int(refunded), currency),
        revenue=Money(int(revenue), currency),
        average=Money(divide_half_up(int(revenue), paid) if paid else 0, currency),
    )


def today(session: Session, *, now: datetime, timezone: str, currency: str) -> Summary:
    """Return the figures since midnight where the shop is."""
    midnight = now.astimezone(ZoneInfo(timezone)).replace(hour=0, minute=0, second=0, microsecond=0)
    return summary(session, since=midnight, currency=currency)
