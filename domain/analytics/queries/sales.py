"""What was sold: day by day, and shared out by product, category, country and code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

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


_STANDS = "o.paid_at IS NOT NULL AND o.cancelled_at IS NULL"
_WITHIN = "o.placed_at >= :since AND o.placed_at < :until AND o.currency = :currency"
_BY_DAY = text(
    f"""
    SELECT CAST(o.placed_at AT TIME ZONE :timezone AS date) AS day, count(*) AS orders,
        count(*) FILTER (WHERE {_STANDS}) AS paid,
        coalesce(sum(o.total - o.refunded) FILTER (WHERE {_STANDS}), 0) AS revenue
    FROM analytics.order_facts o WHERE {_WITHIN} GROUP BY day
    """  # noqa: S608 - the parts are written above
)
_OF_LINES = """
    SELECT {key} AS key, {label} AS label, count(DISTINCT o.order_id) AS orders, sum(l.units) AS units,
        sum(l.back) AS back, sum(l.total) AS amount
    FROM analytics.order_facts o JOIN analytics.line_facts l USING (order_id)
    WHERE {within} AND {stands} GROUP BY {key} ORDER BY amount DESC, key LIMIT :most
"""
_OF_ORDERS = """
    SELECT {key} AS key, {key} AS label, count(*) AS orders, sum(o.units) AS units, 0 AS back,
        sum(o.total - o.refunded) AS amount
    FROM analytics.order_facts o WHERE {within} AND {stands} AND {key} <> '' GROUP BY {key}
    ORDER BY amount DESC, key LIMIT :most
"""


def _statement(sql: str, **parts: str) -> str:
    return sql.format(within=_WITHIN, stands=_STANDS, **parts)


_PRODUCTS = text(_statement(_OF_LINES, key="l.sku", label="max(l.title)"))
BREAKDOWNS = {
    "category": text(_statement(_OF_LINES, key="l.category_path", label="l.category_path")),
    "country": text(_statement(_OF_ORDERS, key="o.country")),
    "code": text(_statement(_OF_ORDERS, key="o.code")),
}
"""What sales are shared out by."""


def by_day(session: Session, span: Period, *, currency: str) -> tuple[DayFigures, ...]:
    """Return the figures of each day of a span, those without an order too; amounts in the currency. One SELECT."""
    rows = {row.day: row for row in session.execute(_BY_DAY, _bounds(span, currency) | {"timezone": span.timezone})}
    days = [span.first + timedelta(days=i) for i in range(span.days)]
    return tuple(
        DayFigures(day, rows[day].orders, rows[day].paid, Money(int(rows[day].revenue), currency))
        if day in rows
        else DayFigures(day, 0, 0, Money(0, currency))
        for day in days
    )


def top_products(session: Session, span: Period, *, currency: str) -> tuple[Share, ...]:
    """Return what sold best by SKU, of paid orders that stand. One SELECT."""
    return _shares(session.execute(_PRODUCTS, _bounds(span, currency) | {"most": MOST}).all(), currency)


def shares(session: Session, by: str, span: Period, *, currency: str) -> tuple[Share, ...]:
    """Return sales by `category`, `country` or `code`, of paid orders that stand. One SELECT; raises KeyError."""
    return _shares(session.execute(BREAKDOWNS[by], _bounds(span, currency) | {"most": MOST}).all(), currency)


def _bounds(span: Period, currency: str) -> dict[str, object]:
    return {"since": span.since, "until": span.until, "currency": currency}


def _shares(rows: Sequence[object], currency: str) -> tuple[Share, ...]:
    return tuple(
        Share(row.key, row.label, row.orders, int(row.units), int(row.back), Money(int(row.amount), currency))  # type: ignore[attr-defined]
        for row in rows
    )
