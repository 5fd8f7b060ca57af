"""Spans of days by the shop's own calendar, and the ones they are compared with."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST = 3 * 366
"""The most days that one report covers."""
EARLIEST, LATEST = date(1990, 1, 1), date(2190, 1, 1)
"""No shop's business lies before or after these."""

CHOICES = {
    "today": "Today",
    "yesterday": "Yesterday",
    "7": "Last 7 days",
    "30": "Last 30 days",
    "90": "Last 90 days",
    "month": "This month",
    "year": "This year",
}
"""The spans to choose from beside one's own two days; the last days end with today."""
USUAL = "30"


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included, in a time zone; `name` is its key in CHOICES, if it has one."""

    first: date
    last: date
    timezone: str
    name: str | None = None

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def since(self) -> datetime:
        """The moment at which it begins."""
        return datetime.combine(self.first, time.min, ZoneInfo(self.timezone))

    @property
    def until(self) -> datetime:
        """The moment at which it is over."""
        return datetime.combine(self.last + timedelta(days=1), time.min, ZoneInfo(self.timezone))

    @property
    def before(self) -> "Period":
        """The same number of days just before it, to compare it with."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1), self.timezone)


def day_of(now: datetime, timezone: str) -> date:
    """Return which day it is where the shop is."""
    return now.astimezone(ZoneInfo(timezone)).date()


def period(name: str | None, *, first: date | None, last: date | None, now: datetime, timezone: str) -> Period:
    """Return the span that was asked for; what makes no sense is the usual one, never an error."""
    today = day_of(now, timezone)
    sane = first and last and EARLIEST <= first <= last < LATEST and (last - first).days < LONGEST
    if name not in CHOICES and first and last and sane:
        return Period(first, last, timezone)
    name = name if name in CHOICES else USUAL
    if name == "yesterday":
        return Period(today - timedelta(days=1), today - timedelta(days=1), timezone, name)
    start = {
        "today": today,
        "month": today.replace(day=1),
        "year": today.replace(month=1, day=1),
    }.get(name)
    return Period(start or today - timedelta(days=int(name) - 1), today, timezone, name)
