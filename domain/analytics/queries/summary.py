"""The figures of the shop over a span of days."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.analytics.counted import FIGURES
from domain.analytics.cover import PARTS, cover
from domain.analytics.periods import Period
from domain.shared.money import Money, divide_half_up


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What a span of days brought: orders placed, those of them that are paid and stand, and their money.

    `revenue` is what was paid less what was given back, which is `refunded`; `average` is per paid order.
    """

    orders: int
    paid: int
    units: int
    refunded: Money
    revenue: Money
    average: Money


_SUMMARY = text(
    f"""
    SELECT coalesce(sum(orders), 0) AS orders, coalesce(sum(paid), 0) AS paid, coalesce(sum(units), 0) AS units,
        coalesce(sum(refunded), 0) AS refunded, coalesce(sum(revenue), 0) AS revenue
    FROM (
        SELECT orders, paid, units, refunded, revenue FROM analytics.kept_figures
        JOIN {PARTS} USING (size, first)
        WHERE currency = :currency
        UNION ALL
        SELECT orders, paid, units, refunded, revenue FROM ({FIGURES}) counted WHERE currency = :currency
    ) parts
    """  # noqa: S608 - the parts are constants
)


def summary(session: Session, span: Period, *, currency: str) -> Summary:
    """Return the figures of the orders placed in a span of days. Two SELECTs."""
    row = session.execute(_SUMMARY, cover(session, span).values | {"currency": currency}).one()
    paid, revenue = int(row.paid), int(row.revenue)
    return Summary(
        orders=int(row.orders),
        paid=paid,
        units=int(row.units),
        refunded=Money(int(row.refunded), currency),
        revenue=Money(revenue, currency),
        average=Money(divide_half_up(revenue, paid) if paid else 0, currency),
    )
