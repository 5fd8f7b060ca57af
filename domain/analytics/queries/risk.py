"""Which stock will not last, at the pace at which it was sold lately."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.analytics.counted import SHARES
from domain.analytics.cover import PARTS, cover
from domain.analytics.periods import Period
from domain.catalog.queries import levels_below

PACE_DAYS = 30
LASTING_DAYS = 14
"""What sold in the last thirty days says how long the stock lasts; under two weeks it is at risk."""
MOST = 500
"""How many of the best sellers are looked at."""


@dataclass(frozen=True)
class AtRisk:
    """A variant whose stock will not last; `days` is how long it will, 0 for one that is out."""

    sku: str
    title: str
    available: int
    sold: int
    days: int


_SOLD = text(
    f"""
    SELECT key AS sku, sum(CAST(units - back AS integer)) AS units
    FROM (
        SELECT key, units, back FROM analytics.kept_shares
        JOIN {PARTS} USING (size, first)
        WHERE by = 'product'
        UNION ALL SELECT key, units, back FROM ({SHARES["product"]}) counted
    ) parts
    GROUP BY key HAVING sum(CAST(units - back AS integer)) > 0 ORDER BY units DESC, key LIMIT :most
    """  # noqa: S608 - the parts are constants
)


def stock_at_risk(session: Session, *, today: date, timezone: str) -> tuple[AtRisk, ...]:
    """Return the variants on sale whose stock lasts less than two weeks, what is out first. Three SELECTs."""
    pace = Period(today - timedelta(days=PACE_DAYS - 1), today, timezone)
    rows = session.execute(_SOLD, cover(session, pace).values | {"most": MOST}).all()
    sold = {row.sku: int(row.units) for row in rows}
    # As many as sell in that time, rounded up: fewer than that do not last.
    lasting = {sku: -(-units * LASTING_DAYS // PACE_DAYS) for sku, units in sold.items()}
    found = [
        AtRisk(sku, f"{level.title}, {level.label}" if level.label else level.title, level.available, sold[sku],
               level.available * PACE_DAYS // sold[sku])
        for sku, level in levels_below(session, lasting).items()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.days, -one.sold, one.sku)))
