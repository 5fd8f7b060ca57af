"""What will not last two weeks is listed, and what just lasts is not."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.analytics.periods import day_of
from domain.analytics.queries import AtRisk, stock_at_risk
from domain.shared.db import utcnow
from tests.domain.analytics.test_sums import sell
from tests.factories.catalog import make_product

ZONE = "Europe/Dublin"


def at_risk(session: Session) -> tuple[AtRisk, ...]:
    return stock_at_risk(session, today=day_of(utcnow(), ZONE), timezone=ZONE)


@pytest.mark.parametrize(
    ("left", "days"),
    [(13, 13), (14, None), (0, 0)],
)
def test_thirty_sold_in_thirty_days_need_fourteen(session: Session, left: int, days: int | None) -> None:
    make_product(session, sku="CUP", title="Cup", on_hand=0)
    session.execute(text("UPDATE catalog.stock SET sell_when_out = true, on_hand = :left"), {"left": left})
    for _ in range(30):
        sell(session, utcnow(), sku="CUP")
    # What can be ordered when it is out does not run out.
    assert at_risk(session) == ()

    session.execute(text("UPDATE catalog.stock SET sell_when_out = false"))
    assert at_risk(session) == (() if days is None else (AtRisk("CUP", "Cup", left, 30, days),))


def test_the_next_to_run_out_comes_first(session: Session) -> None:
    make_product(session, sku="CUP", title="Cup", on_hand=3)
    make_product(session, sku="JUG", title="Jug", on_hand=2)
    for _ in range(10):
        sell(session, utcnow(), sku="CUP")

    # Of each order's jugs there are two.
    assert [(one.sku, one.sold, one.days) for one in at_risk(session)] == [("JUG", 20, 3), ("CUP", 10, 9)]
