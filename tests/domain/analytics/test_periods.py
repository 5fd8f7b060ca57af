"""Spans of days begin and end with the shop's own day, through changes of the clock."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.analytics.periods import period

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", date(2026, 11, 30), date(2026, 11, 30)),
        ("yesterday", date(2026, 11, 29), date(2026, 11, 29)),
        ("7", date(2026, 11, 24), date(2026, 11, 30)),
        ("month", date(2026, 11, 1), date(2026, 11, 30)),
        ("year", date(2026, 1, 1), date(2026, 11, 30)),
        (None, date(2026, 11, 1), date(2026, 11, 30)),
        ("nonsense", date(2026, 11, 1), date(2026, 11, 30)),
    ],
)
def test_a_span_by_its_name(name: str | None, first: date, last: date) -> None:
    found = period(name, first=None, last=None, now=NOW, timezone="Europe/Dublin")
    assert (found.first, found.last) == (first, last)


def test_ones_own_days_and_the_same_number_before_them() -> None:
    found = period("own", first=date(2026, 3, 28), last=date(2026, 3, 30), now=NOW, timezone="Europe/Dublin")

    assert (found.before.first, found.before.last) == (date(2026, 3, 25), date(2026, 3, 27))
    # The clock went forward on the 29th.
    assert found.until - found.since == timedelta(hours=72)
    assert found.until.astimezone(UTC) - found.since.astimezone(UTC) == timedelta(hours=71)


def test_days_that_make_no_sense_give_the_usual_span() -> None:
    for first, last in ((date(2026, 3, 2), date(2026, 3, 1)), (date(1, 1, 1), date(2026, 3, 1)), (None, NOW.date())):
        found = period("own", first=first, last=last, now=NOW, timezone="Europe/Dublin")
        assert (found.first, found.last, found.name) == (date(2026, 11, 1), date(2026, 11, 30), "30")
