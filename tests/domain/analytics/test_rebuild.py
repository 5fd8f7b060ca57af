"""Counting everything anew brings back the figures that events kept, whatever became of the tables they are kept in."""

import argparse
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from cli import recount
from domain.analytics import rebuild
from domain.analytics.periods import Period, day_of
from domain.analytics.queries import by_day, funnel, opinions, shares, summary, top_products
from domain.analytics.sums import keep_sums
from domain.notifications.opinions import keep_opinion
from domain.orders.commands import cancel, request_refund
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.settings import Settings
from domain.users.commands import ask_registration, confirm_registration
from domain.users.models import MailedLink
from tests.domain.analytics.test_recount import give_back, hear
from tests.factories.cart import make_cart
from tests.factories.catalog import make_product
from tests.factories.orders import make_order
from tests.factories.users import PASSWORD, make_shopper

ZONE = "Europe/Dublin"
FACTS = ("order_facts", "line_facts", "account_facts", "opinion_facts")
EMPTIED = [f"DELETE FROM analytics.{name}" for name in ("line_facts", "order_facts", "cart_facts", *FACTS[2:])]  # noqa: S608
FALSE = [
    "UPDATE analytics.order_facts SET total = 1, refunded = 9, units = 77, country = 'DE', paid_at = NULL",
    "UPDATE analytics.order_facts SET cancelled_at = CASE WHEN cancelled_at IS NULL THEN placed_at END",
    "UPDATE analytics.line_facts SET total = 3, units = 5, back = 2",
    "UPDATE analytics.cart_facts SET paid_at = NULL, ordered_at = NULL",
    "UPDATE analytics.kept_figures SET orders = 9, paid = 8, units = 7, revenue = 6",
    "UPDATE analytics.kept_carts SET carts = 9, checkouts = 8, ordered = 7, paid = 6",
    "DELETE FROM analytics.kept_shares",
    "DELETE FROM analytics.fact_changes",
]


def trade(session: Session) -> None:
    """Do some of everything that is counted, and have the reports hear of it."""
    mug = make_product(session, sku="MUG", price=1000, on_hand=50)
    kept, back, gone = (make_order(session, sku=mug.sku, quantity=2, paid=True) for _ in range(3))
    make_order(session, sku=mug.sku)
    give_back(session, request_refund(session, order_id=back.order_id, reason="A chip.", actor="Ada", amount=150))
    cancel(session, order_id=gone.order_id, actor="Ada", reason="Changed their mind.")
    make_cart(session, sku=mug.sku)
    for score in (2, 4):
        keep_opinion(session, order_id=kept.order_id, score=score, words="")
    for email in ("a@example.com", "b@example.com"):
        ask_registration(session, email=email, password=PASSWORD, name="A", browser="one", now=utcnow())
    for link in session.scalars(select(MailedLink)).all():
        confirm_registration(session, link_id=link.id, browser="one", password="", now=utcnow())
    make_shopper(session, email="unverified@example.com")
    hear(session, backwards=False)


def figures(sessions: Sessions, span: Period) -> list[object]:
    """Every figure of a report, and the facts that are copied whole."""
    with sessions() as session:
        facts = [session.execute(text(f"SELECT * FROM analytics.{name} ORDER BY 1")).all() for name in FACTS]  # noqa: S608
        return [
            summary(session, span, currency="EUR"),
            by_day(session, span, currency="EUR"),
            top_products(session, span, currency="EUR"),
            *(shares(session, by, span, currency="EUR") for by in ("category", "country")),
            funnel(session, span),
            opinions(session, span),
            facts,
        ]


@pytest.mark.parametrize("spoiled", [EMPTIED, FALSE], ids=["emptied", "falsified"])
def test_counting_anew_brings_the_figures_back(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch, spoiled: list[str]
) -> None:
    monkeypatch.setattr(rebuild, "STEP", 3)
    today = day_of(utcnow(), ZONE)
    # A day more on both sides: midnight may pass meanwhile.
    span = Period(today - timedelta(days=1), today + timedelta(days=1), ZONE)
    with transaction(sessions) as tx:
        trade(tx)
    keep_sums(sessions, timezone=ZONE)
    before = figures(sessions, span)
    with transaction(sessions) as tx:
        for statement in spoiled:
            tx.execute(text(statement))
    assert figures(sessions, span) != before

    told = list(rebuild.rebuild(sessions, timezone=ZONE))

    assert figures(sessions, span) == before
    assert told[:-1] == [("orders", 3), ("orders", 4), ("carts", 2), ("accounts", 2), ("answers", 1)]
    with sessions() as session:
        # What was kept by events, in numbers: otherwise nothing is compared with nothing.
        found, came, said = summary(session, span, currency="EUR"), funnel(session, span), opinions(session, span)
        assert (found.orders, found.paid, found.units, found.refunded.amount) == (4, 2, 4, 150)
        assert (came.carts, came.checkouts, came.ordered, came.paid, came.accounts) == (5, 4, 4, 3, 2)
        assert said.scores == ((5, 0), (4, 1), (3, 0), (2, 0), (1, 0))
        days = "SELECT count(DISTINCT first) FROM analytics.kept_carts WHERE size = 'day'"
        assert told[-1] == ("days", session.scalar(text(days)))
        assert session.scalar(text("SELECT count(*) FROM analytics.fact_changes")) == 0


def test_the_command_says_how_far_it_is(
    sessions: Sessions, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with transaction(sessions) as tx:
        trade(tx)
        tx.execute(text("DELETE FROM analytics.opinion_facts"))

    assert recount.run(argparse.Namespace(), settings) == 0

    *progress, last = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0].strip() for line in progress] == [
        "orders", "carts", "accounts", "answers", "days", "promotions",
    ]  # fmt: skip
    assert progress[:4] == ["  orders: 4", "  carts: 2", "  accounts: 2", "  answers: 1"]
    assert last.startswith("Counted anew: 4 orders, 2 carts, 2 accounts, 1 answers, ")
    with sessions() as session:
        assert session.scalar(text("SELECT score FROM analytics.opinion_facts")) == 4
