"""Out of which kept sums a span of days is put together, and which of its days must be counted from the facts.

Whatever is kept, the figures are right: a sum is used only where nothing changed since it was made.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.analytics.periods import Period

DAY, MONTH, HALF, YEAR = "day", "month", "half", "year"
"""The spans that sums are kept of; the third is half a year."""

PARTS = "unnest(CAST(:sizes AS text[]), CAST(:firsts AS date[])) AS part(size, first)"
"""The sums that a Cover is made up of, as what is kept is joined with by `USING (size, first)`."""

# A longer span is kept where it has figures.
_STATE = text(
    """
    SELECT (SELECT timezone FROM analytics.kept_zone) AS timezone,
        ARRAY(SELECT DISTINCT CAST(at AT TIME ZONE :timezone AS date) FROM analytics.fact_changes
            WHERE at >= :since AND at < :until) AS changed,
        ARRAY(SELECT DISTINCT size || ' ' || first FROM analytics.kept_figures
            WHERE size <> 'day' AND first BETWEEN :first AND :last) AS kept
    """
)


@dataclass(frozen=True)
class Cover:
    """The kept sums that make up a span of days, by their size and first day, and the spans that are not kept."""

    timezone: str
    sizes: list[str] = field(default_factory=list)
    firsts: list[date] = field(default_factory=list)
    uncounted: list[Period] = field(default_factory=list)

    @property
    def values(self) -> dict[str, object]:
        """The parameters of a statement that reads both."""
        return {"sizes": self.sizes, "firsts": self.firsts, **moments(self.uncounted, self.timezone)}


def moments(spans: Iterable[Period], timezone: str) -> dict[str, object]:
    """Return the parameters of the statements in counted.py for some spans."""
    found = list(spans)
    return {
        "sinces": [one.since for one in found],
        "untils": [one.until for one in found],
        "timezone": timezone,
    }


def cover(session: Session, span: Period, *, by_day: bool = False) -> Cover:
    """Return what a span is put together of, `by_day` of days alone; one SELECT.

    What changes after it was asked is in what is read then, or is not, as if it had been asked a moment earlier.
    """
    bounds = {"first": span.first, "last": span.last, "since": span.since, "until": span.until}
    state = session.execute(_STATE, bounds | {"timezone": span.timezone}).one()
    found = Cover(span.timezone)
    if state.timezone != span.timezone:
        found.uncounted.append(span)
        return found
    changed, kept = set(state.changed), set() if by_day else set(state.kept)
    uncounted, day = [], span.first
    while day <= span.last:
        size, end = _largest(day, span.last, kept, changed)
        if day in changed:
            uncounted.append(day)
        else:
            found.sizes.append(size)
            found.firsts.append(day)
        day = end + timedelta(days=1)
    found.uncounted.extend(spans_of(uncounted, span.timezone))
    return found


def first_of(size: str, day: date) -> date:
    """Return the first day of the day, month, half or whole year that a day is in."""
    if size == DAY:
        return day
    return day.replace(day=1, month={MONTH: day.month, HALF: 7 if day.month > 6 else 1, YEAR: 1}[size])


def last_of(size: str, first: date) -> date:
    """Return the last day of the day, month, half or whole year that begins so."""
    if size == DAY:
        return first
    return first_of(size, first + timedelta(days={MONTH: 31, HALF: 184, YEAR: 366}[size])) - timedelta(days=1)


def spans_of(days: Iterable[date], timezone: str) -> list[Period]:
    """Return the spans that some days make, those that follow each other as one."""
    spans: list[Period] = []
    for day in sorted(days):
        if spans and spans[-1].last == day - timedelta(days=1):
            spans[-1] = Period(spans[-1].first, day, timezone)
        else:
            spans.append(Period(day, day, timezone))
    return spans


def _largest(day: date, last: date, kept: Collection[str], changed: Collection[date]) -> tuple[str, date]:
    for size in (YEAR, HALF, MONTH):
        end = last_of(size, day)
        if f"{size} {day}" in kept and end <= last and not any(day <= one <= end for one in changed):
            return size, end
    return DAY, day
