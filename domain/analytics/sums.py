"""Keeping the sums that reports are put together of, so that none of them adds up the whole shop.

They are never counted on: a day of which something changed is summed up anew from the facts, and a month or a year
from the days. So there is nothing in them that could drift, and whoever reads them knows which to leave alone
(cover.py).
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from domain.analytics.counted import CARTS, FIGURES, SHARES
from domain.analytics.cover import DAY, HALF, MONTH, YEAR, first_of, last_of, moments, spans_of
from domain.analytics.periods import day_of
from domain.shared.db import Sessions, transaction, utcnow

DAYS = 31
"""How many days are summed up in one transaction."""

TABLES = ("kept_figures", "kept_shares", "kept_carts")

# The row is locked, so that of two who sum up at once the second waits.
_ZONE = text(
    """
    INSERT INTO analytics.kept_zone AS kept (one, timezone) VALUES (true, '')
    ON CONFLICT (one) DO UPDATE SET timezone = kept.timezone RETURNING timezone
    """
)
_SET_ZONE = text("UPDATE analytics.kept_zone SET timezone = :timezone")
_MARK_ALL = text(
    """
    INSERT INTO analytics.fact_changes (at)
    SELECT min(at) FROM (
        SELECT placed_at AS at FROM analytics.order_facts UNION ALL SELECT opened_at FROM analytics.cart_facts
    ) facts GROUP BY CAST(at AT TIME ZONE :timezone AS date)
    """
)
_CHANGED = text(
    "SELECT DISTINCT CAST(at AT TIME ZONE :timezone AS date) AS day FROM analytics.fact_changes"
    " ORDER BY day LIMIT :most"
).bindparams(bindparam("most", DAYS))
_TAKE = text("DELETE FROM analytics.fact_changes WHERE CAST(at AT TIME ZONE :timezone AS date) = ANY(:days)")
_DAYS = (
    text(f"INSERT INTO analytics.kept_figures SELECT 'day', counted.* FROM ({FIGURES}) counted"),  # noqa: S608
    text(f"INSERT INTO analytics.kept_carts SELECT 'day', counted.* FROM ({CARTS}) counted"),  # noqa: S608
    *(
        text(
            f"""
            INSERT INTO analytics.kept_shares SELECT '{by}', 'day', counted.* FROM ({counted}) counted
            ORDER BY first, currency, key
            """  # noqa: S608
        )
        for by, counted in SHARES.items()
    ),
)
# Rows that are read together are written together, in the order of their index.
_ADD_UP = tuple(
    text(
        f"""
        INSERT INTO analytics.{table} (size, first, {columns})
        SELECT CAST(:size AS text), part.first, {kept}
        FROM unnest(CAST(:firsts AS date[]), CAST(:lasts AS date[])) AS part(first, last)
        JOIN analytics.{table} day ON day.size = 'day' AND day.first BETWEEN part.first AND part.last
        GROUP BY part.first{grouped} ORDER BY part.first{grouped}
        """  # noqa: S608 - the parts are written here
    )
    for table, columns, kept, grouped in (
        (
            "kept_figures", "currency, orders, paid, units, refunded, revenue",
            "currency, sum(orders), sum(paid), sum(units), sum(refunded), sum(revenue)", ", currency",
        ),
        (
            "kept_shares", "by, currency, key, label, orders, units, back, amount",
            "by, currency, key, max(label), sum(orders), sum(units), sum(back), sum(amount)", ", by, currency, key",
        ),
        ("kept_carts", "carts, checkouts, ordered, paid", "sum(carts), sum(checkouts), sum(ordered), sum(paid)", ""),
    )
)  # fmt: skip
_KEPT = text("SELECT DISTINCT size, first FROM analytics.kept_figures")
_LEFT = text("SELECT DISTINCT CAST(at AT TIME ZONE :timezone AS date) FROM analytics.fact_changes")


def keep_sums(sessions: Sessions, *, timezone: str) -> int:
    """Sum up everything that changed, some days at a time; returns how many days that were."""
    total = 0
    while True:
        with transaction(sessions) as tx:
            days = sum_up(tx, timezone=timezone, today=day_of(utcnow(), timezone))
        total += days
        if days < DAYS:
            return total


def sum_up(session: Session, *, timezone: str, today: date) -> int:
    """Sum up anew days of which something changed, and the longer spans that are over; returns how many days.

    What was summed up by another clock is forgotten first.
    """
    if session.scalar(_ZONE) != timezone:
        forget(session)
        session.execute(_SET_ZONE, {"timezone": timezone})
        session.execute(_MARK_ALL, {"timezone": timezone})
    days = session.scalars(_CHANGED, {"timezone": timezone}).all()
    # A change that is committed after the marks are taken leaves one of its own, and is read here or the next time.
    session.execute(_TAKE, {"timezone": timezone, "days": list(days)})
    _drop(session, DAY, days)
    values = moments(spans_of(days, timezone), timezone)
    for statement in _DAYS:
        session.execute(statement, values)
    for size in (MONTH, HALF, YEAR):
        firsts = _to_add_up(session, size, days, timezone=timezone, today=today)
        _drop(session, size, firsts)
        values = {"size": size, "firsts": firsts, "lasts": [last_of(size, first) for first in firsts]}
        for statement in _ADD_UP:
            session.execute(statement, values)
    return len(days)


def forget(session: Session) -> None:
    """Forget every sum: until they are made anew, reports count from the facts."""
    session.scalar(_ZONE)  # one after the other with whoever sums up
    session.execute(text("DELETE FROM analytics.fact_changes"))
    for table in TABLES:
        session.execute(text(f"DELETE FROM analytics.{table}"))  # noqa: S608 - names written above
    session.execute(_SET_ZONE, {"timezone": ""})


def _to_add_up(session: Session, size: str, days: Sequence[date], *, timezone: str, today: date) -> list[date]:
    """Return which spans of this size are over, have all their days kept, and are not kept or hold one that changed."""
    kept = [(row.size, row.first) for row in session.execute(_KEPT)]
    whole = {first for of, first in kept if of == size}
    over = {first_of(size, first) for of, first in kept if of == DAY and last_of(size, first_of(size, first)) < today}
    changed = {first_of(size, day) for day in days}
    unkept = {first_of(size, day) for day in session.scalars(_LEFT, {"timezone": timezone})}
    return sorted(over & (changed | over - whole) - unkept)


def _drop(session: Session, size: str, firsts: Sequence[date]) -> None:
    for table in TABLES:
        statement = f"DELETE FROM analytics.{table} WHERE size = :size AND first = ANY(:firsts)"  # noqa: S608
        session.execute(text(statement), {"size": size, "firsts": list(firsts)})
