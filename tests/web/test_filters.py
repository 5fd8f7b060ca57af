"""Amounts, dates and times as people read them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from domain.shared.money import Money


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Money(123450, "EUR"), "€1,234.50"),
        (Money(0, "EUR"), "€0.00"),
        (Money(-5, "EUR"), "-€0.05"),
        (Money(1500, "JPY"), "JP¥1,500"),
        (Money(1234, "KWD"), "KWD1.234"),
    ],
)
def test_money(client: FlaskClient, amount: Money, text: str) -> None:
    assert client.application.jinja_env.filters["money"](amount) == text


def test_moments_are_told_by_the_clock_of_the_shop(client: FlaskClient) -> None:
    filters = client.application.jinja_env.filters
    moment = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)

    assert filters["date"](moment) == "2 Jul 2026"
    assert filters["date"](date(2026, 7, 1)) == "1 Jul 2026"
    assert filters["datetime"](moment) == "2 Jul 2026, 00:30:00"
    assert filters["time"](moment) == "2026-07-01T23:30:00+00:00"
    assert filters["relative"](datetime.now(UTC) - timedelta(hours=3)) == "3 hours ago"
