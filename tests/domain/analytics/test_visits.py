"""Visitors are counted once a day and known to nobody afterwards."""

from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.analytics.periods import Period
from domain.analytics.queries import empty_searches, funnel
from domain.analytics.visits import close_days, count_search, count_visit

MONDAY = date(2026, 11, 30)
SPAN = Period(MONDAY - timedelta(days=6), MONDAY, "Europe/Dublin")


def visits(session: Session) -> tuple[int, int]:
    found = funnel(session, SPAN)
    return found.visitors, found.saw_product


def test_a_browser_counts_once_a_day_and_as_having_seen_a_product_from_its_first_one(session: Session) -> None:
    for product in (False, True, False):
        count_visit(session, day=MONDAY, browser="192.0.2.7 Firefox", product=product)
    count_visit(session, day=MONDAY, browser="192.0.2.8 Firefox", product=False)
    count_visit(session, day=MONDAY - timedelta(days=1), browser="192.0.2.7 Firefox", product=False)

    assert visits(session) == (3, 1)


def test_nothing_that_is_kept_names_the_browser(session: Session) -> None:
    count_visit(session, day=MONDAY, browser="192.0.2.7 Firefox", product=False)

    kept = session.execute(text("SELECT * FROM analytics.visits")).one()
    assert len(kept.visitor) == 32
    assert b"192.0.2.7" not in kept.visitor


def test_a_day_that_is_over_becomes_two_numbers_and_its_secret_is_gone(session: Session) -> None:
    for days, product in ((0, False), (1, True), (2, True), (2, False), (3, False)):
        count_visit(session, day=MONDAY - timedelta(days=days), browser=f"{days} {product}", product=product)
    before = visits(session)

    assert close_days(session, today=MONDAY) == 2
    assert close_days(session, today=MONDAY) == 0

    assert visits(session) == before == (5, 2)
    left = "SELECT (SELECT count(*) FROM analytics.visits), (SELECT count(*) FROM analytics.visit_salts)"
    assert session.execute(text(left)).one() == (2, 2)


def test_a_late_visit_of_a_closed_day_is_added(session: Session) -> None:
    day = MONDAY - timedelta(days=2)
    for browser in ("one", "two"):
        count_visit(session, day=day, browser=browser, product=False)
        close_days(session, today=MONDAY)

    assert visits(session) == (2, 0)


def test_searches_that_found_nothing_are_listed_by_how_often(session: Session) -> None:
    for words, empty in (("Teapot", False), (" tea  cosy", True), ("tea cosy", True), ("urn", True), ("  ", True)):
        count_search(session, day=MONDAY, words=words, empty=empty)

    assert [(one.words, one.searches, one.empty) for one in empty_searches(session, SPAN)] == [
        ("tea cosy", 2, 2),
        ("urn", 1, 1),
    ]


def test_invented_words_fill_no_table(session: Session) -> None:
    session.execute(
        text("INSERT INTO analytics.search_facts SELECT :day, 'w' || n, 1, 0 FROM generate_series(1, 2000) n"),
        {"day": MONDAY},
    )
    count_search(session, day=MONDAY, words="one more", empty=True)
    count_search(session, day=MONDAY, words="w7", empty=True)

    assert [(one.words, one.searches) for one in empty_searches(session, SPAN)] == [("w7", 2)]
