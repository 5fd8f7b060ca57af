"""What was sold: day by day, and shared out by product, category, country and code."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.analytics.counted import FIGURES, SHARES
from domain.analytics.cover import PARTS, cover
from domain.analytics.periods import Period
from domain.shared.money import Money

MOST = 50
"""How many products, categories, countries or codes a report lists, the largest first."""


@dataclass(frozen=True)
class DayFigures:
    """One day: orders placed, those of them that are paid and stand, and what they brought less what went back."""

    day: date
    orders: int
    paid: int
    revenue: Money


@dataclass(frozen=True)
class Share:
    """What one product, category, country or code brought; `key` is a SKU, a path or a code, `label` in words.

    `amount` is what was paid for its lines before anything came back, of a country or a code the orders' revenue;
    `back` is how many of its units came back or were never sent.
    """

    key: str
    label: str
    orders: int
    units: int
    back: int
    amount: Money


_BY_DAY = text(
    f"""
    SELECT first AS day, orders, paid, revenue FROM analytics.kept_figures
    JOIN {PARTS} USING (size, first)
    WHERE currency = :currency
    UNION ALL SELECT first, orders, paid, revenue FROM ({FIGURES}) counted WHERE currency = :currency
    """  # noqa: S608 - the parts are constants
)
# What leads is found first: to add up everything of each of twenty thousand products takes three times as long.
BREAKDOWNS = {
    by: text(
        f"""
        WITH part AS MATERIALIZED (
            SELECT * FROM {PARTS}
        ), fresh AS MATERIALIZED (
            SELECT key, label, orders, units, back, amount FROM ({counted}) counted WHERE currency = :currency
        ), top AS MATERIALIZED (
            SELECT key FROM (
                SELECT key, amount FROM part JOIN analytics.kept_shares kept USING (size, first)
                WHERE kept.by = '{by}' AND kept.currency = :currency
                UNION ALL SELECT key, amount FROM fresh
            ) parts
            GROUP BY key ORDER BY sum(amount) DESC, key LIMIT :most
        )
        SELECT key, max(label) AS label, sum(orders) AS orders, sum(units) AS units, sum(back) AS back,
            sum(amount) AS amount
        FROM (
            SELECT top.key, kept.label, kept.orders, kept.units, kept.back, kept.amount FROM part CROSS JOIN top
            JOIN analytics.kept_shares kept ON kept.by = '{by}' AND kept.size = part.size AND kept.first = part.first
                AND kept.currency = :currency AND kept.key = top.key
            UNION ALL SELECT * FROM fresh WHERE key IN (SELECT key FROM top)
        ) parts
        GROUP BY key ORDER BY amount DESC, key
        """  # noqa: S608
    )
    for by, counted in SHARES.items()
}
"""What sales are shared out by."""


def by_day(session: Session, span: Period, *, currency: str) -> tuple[DayFigures, ...]:
    """Return the figures of each day of a span, those without an order too; amounts in the currency. Two SELECTs."""
    values = cover(session, span, by_day=True).values | {"currency": currency}
    rows = {row.day: row for row in session.execute(_BY_DAY, values)}
    days = [span.first + timedelta(days=i) for i in range(span.days)]
    return tuple(
        DayFigures(day, int(rows[day].orders), int(rows[day].paid), Money(int(rows[day].revenue), currency))
        if day in rows
        else DayFigures(day, 0, 0, Money(0, currency))
        for day in days
    )


def top_products(session: Session, span: Period, *, currency: str) -> tuple[Share, ...]:
    """Return what sold best by SKU, of paid orders that stand. Two SELECTs."""
    return shares(session, "product", span, currency=currency)


def shares(session: Session, by: str, span: Period, *, currency: str) -> tuple[Share, ...]:
    """Return sales by `product`, `category`, `country` or `code`, of paid orders that stand; raises KeyError.

    Two SELECTs.
    """
    rows = session.execute(BREAKDOWNS[by], cover(session, span).values | {"currency": currency, "most": MOST})
    return tuple(
        Share(row.key, row.label, int(row.orders), int(row.units), int(row.back), Money(int(row.amount), currency))
        for row in rows
    )
