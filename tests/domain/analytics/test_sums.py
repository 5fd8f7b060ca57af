"""Kept sums say what counting the facts says, through every change, and reports read them where they can."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.analytics.cover import Cover, cover, last_of
from domain.analytics.models import CartFact, LineFact, OrderFact
from domain.analytics.periods import Period
from domain.analytics.queries import by_day, funnel, shares, summary, top_products
from domain.analytics.sums import forget, sum_up

ZONE = "Europe/Dublin"
TODAY = date(2026, 11, 30)
LONG = Period(date(2024, 12, 20), TODAY, ZONE)
SPANS = (
    LONG,
    Period(date(2025, 1, 1), date(2025, 12, 31), ZONE),
    Period(date(2026, 1, 15), date(2026, 10, 31), ZONE),
    Period(TODAY - timedelta(days=29), TODAY, ZONE),
)


def sell(session: Session, at: datetime, *, sku: str = "MUG", code: str | None = None, paid: bool = True) -> OrderFact:
    """Write down an order of two lines and its cart, as the handlers would."""
    order = OrderFact(
        order_id=uuid4(), placed_at=at, currency="EUR", country="IE", code=code, total=1500, units=3,
        paid_at=at if paid else None,
    )  # fmt: skip
    session.add(order)
    session.flush()
    for name, units in ((sku, 1), ("JUG", 2)):
        session.add(
            LineFact(line_id=uuid4(), order_id=order.order_id, sku=name, title=name.title(), category_path="table",
                     units=units, total=500 * units)
        )  # fmt: skip
    session.add(CartFact(cart_id=uuid4(), opened_at=at, ordered_at=at, paid_at=order.paid_at))
    session.flush()
    return order


def everything(session: Session, span: Period) -> list[object]:
    """Every figure of a span of days."""
    return [
        summary(session, span, currency="EUR"),
        by_day(session, span, currency="EUR"),
        top_products(session, span, currency="EUR"),
        *(shares(session, by, span, currency="EUR") for by in ("category", "country", "code")),
        funnel(session, span),
    ]


def counted(session: Session) -> list[object]:
    """Every figure with no sum kept."""
    with session.begin_nested() as savepoint:
        forget(session)
        found = [everything(session, span) for span in SPANS]
        savepoint.rollback()
    return found


def keep(session: Session, timezone: str = ZONE) -> None:
    while sum_up(session, timezone=timezone, today=TODAY):
        pass


def moments() -> st.SearchStrategy[datetime]:
    # Midnights of both clocks, the changes of the clock, and the ends of months and years are the hard ones.
    hard = (datetime(2025, 12, 31, 23, 59, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
            datetime(2026, 6, 30, 23, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, 59, tzinfo=UTC))  # fmt: skip
    between = st.datetimes(datetime(2024, 12, 20), datetime(2026, 11, 30), timezones=st.just(UTC))
    return st.one_of(st.sampled_from(hard), between)


@settings(max_examples=25)
@given(
    first=st.lists(moments(), min_size=1, max_size=8),
    later=st.lists(st.tuples(moments(), st.sampled_from(("sell", "refund", "cancel", "cart")), st.booleans())),
)
def test_sums_say_what_counting_says(
    session: Session, first: list[datetime], later: list[tuple[datetime, str, bool]]
) -> None:
    with session.begin_nested() as savepoint:
        orders = [sell(session, at, code="SPRING", paid=index != 2) for index, at in enumerate(first)]
        keep(session)
        for index, (at, what, kept) in enumerate(later):
            order = orders[index % len(orders)]
            if what == "sell":
                orders.append(sell(session, at, sku="CUP"))
            elif what == "refund":
                order.refunded = 100
            elif what == "cancel":
                order.cancelled_at = at
            else:
                session.add(CartFact(cart_id=uuid4(), opened_at=at))
            session.flush()
            if kept:
                keep(session)
            assert [everything(session, span) for span in SPANS] == counted(session)
        savepoint.rollback()


def test_a_long_span_is_put_together_of_a_year_a_half_months_and_days(session: Session) -> None:
    for month in range(1, 25):
        sell(session, datetime(2025 + (month - 1) // 12, (month - 1) % 12 + 1, 15, 12, tzinfo=UTC))
    keep(session)

    found = cover(session, LONG)
    parts = list(zip(found.sizes, found.firsts, strict=True))
    assert parts[11:19] == [
        ("day", date(2024, 12, 31)),
        ("year", date(2025, 1, 1)),
        ("half", date(2026, 1, 1)),
        *(("month", date(2026, month, 1)) for month in range(7, 11)),
        ("day", date(2026, 11, 1)),
    ]
    assert found.uncounted == []


def test_what_changed_is_counted_until_it_is_summed_up_and_no_more_than_that(session: Session) -> None:
    old = sell(session, datetime(2026, 5, 7, 12, tzinfo=UTC))
    sell(session, datetime(2026, 5, 20, 12, tzinfo=UTC))
    keep(session)
    may = Period(date(2026, 5, 1), date(2026, 5, 31), ZONE)
    assert cover(session, may) == Cover(ZONE, ["month"], [date(2026, 5, 1)], [])

    old.refunded = 400
    session.flush()
    stale = cover(session, may)
    assert stale.uncounted == [Period(date(2026, 5, 7), date(2026, 5, 7), ZONE)]
    assert (len(stale.firsts), set(stale.sizes)) == (30, {"day"})
    assert summary(session, may, currency="EUR").revenue.amount == 2600

    keep(session)
    assert cover(session, may).sizes == ["month"]
    assert summary(session, may, currency="EUR").revenue.amount == 2600


def test_the_month_that_is_not_over_is_kept_by_its_days(session: Session) -> None:
    sell(session, datetime(2026, 11, 3, 12, tzinfo=UTC))
    keep(session)

    november = Period(date(2026, 11, 1), TODAY, ZONE)
    assert set(cover(session, november).sizes) == {"day"}
    sum_up(session, timezone=ZONE, today=TODAY + timedelta(days=1))
    assert cover(session, november).sizes == ["month"]


def test_another_clock_makes_every_sum_anew(session: Session) -> None:
    sell(session, datetime(2026, 5, 7, 23, 30, tzinfo=UTC))
    keep(session)
    tokyo = Period(date(2026, 5, 8), date(2026, 5, 8), "Asia/Tokyo")

    assert cover(session, tokyo).uncounted == [tokyo]
    assert summary(session, tokyo, currency="EUR").orders == 1
    keep(session, "Asia/Tokyo")
    assert cover(session, tokyo).uncounted == []
    assert summary(session, tokyo, currency="EUR").orders == 1


def test_more_days_than_one_round_takes_are_taken_by_the_next(session: Session) -> None:
    for day in range(40):
        sell(session, datetime(2026, 9, 1, 12, tzinfo=UTC) + timedelta(days=day))

    assert [sum_up(session, timezone=ZONE, today=TODAY) for _ in range(3)] == [31, 9, 0]
    assert cover(session, Period(date(2026, 9, 1), date(2026, 10, 31), ZONE)).sizes == ["month", "month"]


def test_reports_read_no_fact_of_what_is_kept(session: Session) -> None:
    sell(session, datetime(2026, 5, 7, 12, tzinfo=UTC))
    keep(session)
    # Past the triggers: only who reads the facts sees it.
    session.execute(text("SET LOCAL session_replication_role = replica"))
    session.execute(text("UPDATE analytics.order_facts SET total = 1"))
    session.execute(text("UPDATE analytics.line_facts SET total = 1"))

    assert summary(session, LONG, currency="EUR").revenue.amount == 1500
    assert [one.amount.amount for one in top_products(session, LONG, currency="EUR")] == [1000, 500]


@pytest.mark.parametrize(
    ("size", "first", "last"),
    [
        ("day", date(2026, 2, 28), date(2026, 2, 28)),
        ("month", date(2024, 2, 1), date(2024, 2, 29)),
        ("month", date(2026, 12, 1), date(2026, 12, 31)),
        ("half", date(2024, 1, 1), date(2024, 6, 30)),
        ("half", date(2025, 7, 1), date(2025, 12, 31)),
        ("year", date(2024, 1, 1), date(2024, 12, 31)),
        ("year", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_the_last_day_of_a_span(size: str, first: date, last: date) -> None:
    assert last_of(size, first) == last
