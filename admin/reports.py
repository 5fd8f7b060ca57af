"""The tables of the reports: what a page shows behind a chart and what a spreadsheet gets are the same rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from domain.analytics import queries
from domain.analytics.periods import Period
from domain.analytics.queries import DayFigures, Opinions, Share
from domain.notifications.opinions import SCORES
from domain.shared.money import Money, exponent
from domain.shared.spreadsheet import safe_cell

MOST_BARS = 62
"""Above so many days a chart shows weeks."""

Row = Sequence[str | int | Money]


@dataclass(frozen=True)
class Table:
    """A table in words: its columns and its rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def _days(session: Session, span: Period, currency: str) -> Table:
    rows = [(one.day.isoformat(), one.orders, one.paid, one.revenue) for one in _by_day(session, span, currency)]
    return Table(("Day", "Orders", "Paid", "Revenue"), tuple(rows))


def _by_day(session: Session, span: Period, currency: str) -> Sequence[DayFigures]:
    return queries.by_day(session, span, currency=currency)


def _products(session: Session, span: Period, currency: str) -> Table:
    found = queries.top_products(session, span, currency=currency)
    rows = tuple((one.key, one.label, one.orders, one.units, one.back, one.amount) for one in found)
    return Table(("SKU", "Product", "Orders", "Units", "Came back", "Sold for"), rows)


def _broken_down(by: str, name: str) -> Callable[[Session, Period, str], Table]:
    def table(session: Session, span: Period, currency: str) -> Table:
        found: Sequence[Share] = queries.shares(session, by, span, currency=currency)
        rows = tuple((one.label or "None any more", one.orders, one.units, one.amount) for one in found)
        return Table((name, "Orders", "Units", "Revenue" if by != "category" else "Sold for"), rows)

    return table


def _funnel(session: Session, span: Period, currency: str) -> Table:
    return Table(("Step", "How many"), queries.funnel(session, span).steps)


def _searches(session: Session, span: Period, currency: str) -> Table:
    found = queries.empty_searches(session, span)
    return Table(
        ("Searched for", "Times", "Found nothing"), tuple((one.words, one.searches, one.empty) for one in found)
    )


def table_of_answers(found: Opinions) -> Table:
    """Return how many gave each score of an order, in words."""
    return Table(("Score", "Answers"), tuple((f"{score} · {SCORES[score]}", count) for score, count in found.scores))


def table_of_stars(found: Opinions) -> Table:
    """Return how many gave each number of stars, in words."""
    rows = tuple((f"{stars} star{'s' if stars > 1 else ''}", count) for stars, count in found.scores)
    return Table(("Stars", "Reviews"), rows)


def _opinions(session: Session, span: Period, currency: str) -> Table:
    return table_of_answers(queries.opinions(session, span))


def _reviews(session: Session, span: Period, currency: str) -> Table:
    return table_of_stars(queries.reviews(session, span))


def _risk(session: Session, span: Period, currency: str) -> Table:
    found = queries.stock_at_risk(session, today=span.last, timezone=span.timezone)
    rows = tuple((one.sku, one.title, one.available, one.sold, one.days) for one in found)
    return Table(("SKU", "Product", "Can be sold", "Sold in 30 days", "Lasts for days"), rows)


TABLES: dict[str, Callable[[Session, Period, str], Table]] = {
    "days": _days,
    "products": _products,
    "categories": _broken_down("category", "Category"),
    "countries": _broken_down("country", "Country"),
    "codes": _broken_down("code", "Code"),
    "funnel": _funnel,
    "searches": _searches,
    "satisfaction": _opinions,
    "reviews": _reviews,
    "stock-at-risk": _risk,
}
"""Every table by the name of its file."""


def bars_of(days: Sequence[DayFigures]) -> list[DayFigures]:
    """Return what a chart shows of some days: each of them, or the weeks they make, named by their first day."""
    if len(days) <= MOST_BARS:
        return list(days)
    weeks: dict[object, list[DayFigures]] = {}
    for one in days:
        weeks.setdefault(one.day - timedelta(days=one.day.weekday()), []).append(one)
    return [
        DayFigures(
            week[0].day,
            sum(one.orders for one in week),
            sum(one.paid for one in week),
            sum((one.revenue for one in week), Money.zero(week[0].revenue.currency)),
        )
        for week in weeks.values()
    ]


def as_number(value: str | int | Money) -> str:
    """Write a value as spreadsheets read it: amounts in whole units of their currency with a point.

    A text that a spreadsheet would take for a formula gets an apostrophe before it: a shopper's search or a title
    is never run.
    """
    if isinstance(value, Money):
        return str(Decimal(value.amount).scaleb(-exponent(value.currency)))
    return str(safe_cell(value))
