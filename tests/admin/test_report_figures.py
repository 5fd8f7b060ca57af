"""The figures above the reports, in exact numbers, and what they are compared with."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from domain.analytics.commands import keep_account, keep_cart, keep_opinion
from domain.analytics.models import OrderFact
from domain.analytics.sums import sum_up
from domain.analytics.visits import count_visit
from domain.shared.db import Sessions, transaction
from tests.admin.conftest import StaffClient

DAY = date(2026, 3, 10)
"""The day that is reported on. No test depends on the day it runs on."""
BEFORE = DAY - timedelta(days=1)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def order(tx: Session, day: date, total: int, *, units: int = 1, refunded: int = 0, state: str = "paid") -> None:
    at = noon(day)
    fact = OrderFact(
        order_id=uuid4(), placed_at=at, currency="EUR", country="IE", total=total, units=units, refunded=refunded,
        paid_at=None if state == "placed" else at, cancelled_at=at if state == "cancelled" else None,
    )  # fmt: skip
    tx.add(fact)
    tx.flush()


def carts(tx: Session, day: date, count: int, *moments: str) -> None:
    for _ in range(count):
        keep_cart(tx, uuid4(), opened_at=noon(day), **dict.fromkeys(moments, noon(day)))


def two_days(tx: Session) -> None:
    """Trade on two days: more on the second, with more given back and fewer of the begun checkouts paid."""
    order(tx, BEFORE, 1000, refunded=100)
    order(tx, BEFORE, 1000)
    order(tx, DAY, 1280, units=3, refunded=150)
    order(tx, DAY, 1150)
    order(tx, DAY, 999, state="placed")
    order(tx, DAY, 5000, units=9, refunded=5000, state="cancelled")
    carts(tx, BEFORE, 2)
    carts(tx, BEFORE, 2, "checkout_at", "ordered_at", "paid_at")
    carts(tx, DAY, 2)
    carts(tx, DAY, 1, "checkout_at")
    carts(tx, DAY, 2, "checkout_at", "ordered_at")
    carts(tx, DAY, 3, "checkout_at", "ordered_at", "paid_at")
    carts(tx, DAY, 4, "merged_at")
    for day, visitors, accounts, scores in ((BEFORE, 4, 1, (3,)), (DAY, 5, 2, (5, 4))):
        for number in range(visitors):
            count_visit(tx, day=day, browser=str(number), product=number < 3)
        for _ in range(accounts):
            keep_account(tx, uuid4(), verified_at=noon(day))
        for score in scores:
            keep_opinion(tx, order_id=uuid4(), score=score, answered_at=noon(day))


def shown(client: Any, first: date, last: date) -> dict[str, list[str]]:
    """What stands above the reports of a span: by the name of each figure, its lines."""
    page = client.get(f"/reports?first={first}&last={last}").text
    found = re.findall(r"<div><dt>(.*?)</dt>(.*?)</div>", page, re.DOTALL)
    return {name: [words(line) for line in re.findall(r"<dd.*?</dd>", rest, re.DOTALL)] for name, rest in found}


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


@pytest.mark.parametrize("summed", [False, True], ids=["counted", "from sums"])
def test_every_figure_stands_beside_the_one_before(staff: StaffClient, sessions: Sessions, summed: bool) -> None:
    with transaction(sessions) as tx:
        two_days(tx)
        if summed:
            sum_up(tx, timezone="Europe/Dublin", today=DAY + timedelta(days=1))
    client = staff("analyst")

    assert shown(client, DAY, DAY) == {
        "Revenue": ["€22.80", "up 20% on the span before"],
        "Orders": ["4", "2 paid", "up 100% on the span before"],
        "Average order": ["€11.40", "up 20% on the span before"],
        "Units": ["4", "up 100% on the span before"],
        "Refunds": ["€1.50", "up 50% on the span before"],
        "Registration conversion": ["40.0%", "2 new accounts", "up 60% on the span before"],
        "Cart abandonment": ["37.5%", "down 25% on the span before"],
        "Order completion": ["50.0%", "paid of begun checkouts", "down 50% on the span before"],
        "Satisfaction": ["4.5 of 5", "2 answers", "up 50% on the span before"],
        "Stars in reviews": ["–", "0 reviews"],
    }
    steps = client.get(f"/reports/funnel.csv?first={DAY}&last={DAY}").text.lstrip("\ufeff").splitlines()
    assert [line.rpartition(",")[2] for line in steps] == ["How many", "5", "3", "8", "6", "5", "3"]


def test_what_got_better_is_marked_as_good_and_what_got_worse_as_bad(staff: StaffClient, sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        two_days(tx)
    page = staff("analyst").get(f"/reports?first={DAY}&last={DAY}").text

    marks = re.findall(r'<dt>([^<]+)</dt>(?:(?!<dt>).)*?class="change change-(\w+)"', page, re.DOTALL)

    assert dict(marks) == {
        "Revenue": "good",
        "Orders": "good",
        "Average order": "good",
        "Units": "good",
        "Refunds": "bad",
        "Registration conversion": "good",
        "Cart abandonment": "good",
        "Order completion": "bad",
        "Satisfaction": "good",
    }


def test_with_nothing_before_there_is_no_comparison(staff: StaffClient, sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        two_days(tx)
    client = staff("analyst")

    assert shown(client, BEFORE, BEFORE) == {
        "Revenue": ["€19.00"],
        "Orders": ["2", "2 paid"],
        "Average order": ["€9.50"],
        "Units": ["2"],
        "Refunds": ["€1.00"],
        "Registration conversion": ["25.0%", "1 new account"],
        "Cart abandonment": ["50.0%"],
        "Order completion": ["100.0%", "paid of begun checkouts"],
        "Satisfaction": ["3.0 of 5", "1 answer"],
        "Stars in reviews": ["–", "0 reviews"],
    }
    page = client.get(f"/reports?first={BEFORE}&last={BEFORE}").text
    assert "No order was placed on the days before, so there is nothing to compare with." in page


def test_after_the_last_business_all_is_down_and_shares_of_nothing_are_a_dash(
    staff: StaffClient, sessions: Sessions
) -> None:
    with transaction(sessions) as tx:
        two_days(tx)
    after = DAY + timedelta(days=1)

    found = shown(staff("analyst"), after, after)

    assert found["Revenue"] == ["€0.00", "down 100% on the span before"]
    assert found["Refunds"] == ["€0.00", "down 100% on the span before"]
    assert [found[name][0] for name in ("Registration conversion", "Cart abandonment", "Satisfaction")] == ["–"] * 3


def test_the_same_as_before_is_said_without_a_mark(staff: StaffClient, sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        for day in (BEFORE, DAY):
            order(tx, day, 1000)
    client = staff("analyst")

    assert shown(client, DAY, DAY)["Revenue"] == ["€10.00", "as before on the span before"]
    assert (
        "change-" not in client.get(f"/reports?first={DAY}&last={DAY}").text.partition("<dl")[2].partition("</dl>")[0]
    )
