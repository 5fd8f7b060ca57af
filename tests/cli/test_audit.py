"""The audit finds each way in which books can be wrong, names it in one line, and finds nothing else."""

import json
import os
import re
import subprocess
import sys

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from cli.audit import report
from cli.audit.command import CHECKS
from cli.environment import child_environment
from domain.cart.commands import change_line
from domain.orders.commands import cancel, open_payment, request_refund, settle_payment, settle_refund, ship
from domain.payments.gateways.port import Outcome, RefundOutcome
from domain.shared.db import Sessions, transaction
from domain.shared.settings import ROOT, Settings
from tests.cli import promotion_forgeries as promotion_forgeries  # it enters its own in the table
from tests.cli.forged_shop import Shop
from tests.cli.forgeries import FORGERIES, Forgery
from tests.factories.cart import make_checkout
from tests.factories.catalog import make_product
from tests.factories.notifications import make_message
from tests.factories.orders import agree, make_order, place


@pytest.fixture
def shop(session: Session) -> Shop:
    make_product(session, sku="MUG", price=1000, on_hand=50)
    numbers = {}
    for name in ("placed", "paid", "shipped", "refunded"):
        order = make_order(session, sku="MUG", quantity=2, paid=name != "placed")
        numbers[name] = order.number
        if name == "shipped":
            ship(session, order_id=order.order_id, actor="Ada", carrier="An Post", tracking_number="RR1")
        if name == "refunded":
            refund_id = request_refund(session, order_id=order.order_id, reason="Broken", actor="Ada")
            settle_refund(session, refund_id=refund_id, outcome=RefundOutcome(state="succeeded"))
    make_message(session)
    session.flush()
    made = Shop(session, **numbers)
    assert made.violations() == {}
    return made


@pytest.mark.parametrize(("promise", "forge"), FORGERIES, ids=[forge.__name__ for _, forge in FORGERIES])
def test_each_violation_is_found_and_no_other(
    shop: Shop, promise: str, forge: Forgery, capsys: pytest.CaptureFixture[str]
) -> None:
    words = forge(shop)

    found = shop.violations()

    assert list(found) == [promise]
    assert report(found) == 1
    bad, line, total = capsys.readouterr().out.splitlines()
    assert bad == f"BAD  {promise}"
    assert re.fullmatch(rf"       (\S+( \S+)?: )?{re.escape(words)}( \S+ \S+)?", line), line
    assert total == "1 violation in 1 checks"


def test_every_check_is_tried() -> None:
    assert {promise for promise, _ in FORGERIES} == {check.promise for check in CHECKS}


def captured(amount: int) -> Outcome:
    return Outcome(state="captured", captured=amount, reference=f"mem_{amount}")


def test_a_payment_for_a_replaced_order_leaves_the_books_right(shop: Shop) -> None:
    cart_id = make_checkout(shop.session, sku="MUG")
    first = place(shop.session, agree(shop.session, cart_id))
    late = open_payment(shop.session, order_id=first.order_id).payment
    line = text("SELECT variant_id FROM cart.lines WHERE cart_id = :id")
    variant_id = shop.session.scalars(line, {"id": cart_id}).one()
    change_line(shop.session, cart_id=cart_id, variant_id=variant_id, quantity=3)
    second = place(shop.session, agree(shop.session, cart_id))
    assert late is not None

    settle_payment(shop.session, payment_id=late.id, outcome=captured(1490))
    assert shop.violations() == {}  # the money is on its way back

    payment = open_payment(shop.session, order_id=second.order_id).payment
    assert payment is not None
    settle_payment(shop.session, payment_id=payment.id, outcome=captured(3490))
    refund = shop.session.scalars(text("SELECT id FROM payments.refunds WHERE state = 'requested'")).one()
    settle_refund(shop.session, refund_id=refund, outcome=RefundOutcome(state="succeeded"))
    assert shop.violations() == {}


@pytest.mark.parametrize("still_there", [True, False])
def test_a_late_payment_leaves_the_books_right(shop: Shop, still_there: bool) -> None:
    make_product(shop.session, sku="LAST", on_hand=1)
    order = make_order(shop.session, sku="LAST")
    payment = open_payment(shop.session, order_id=order.order_id).payment
    assert payment is not None
    cancel(shop.session, order_id=order.order_id, actor="system", reason="It was not paid in time.")
    if not still_there:
        make_order(shop.session, sku="LAST", paid=True)

    settle_payment(shop.session, payment_id=payment.id, outcome=captured(1490))

    assert shop.violations() == {}
    assert shop.state(order.number) == ("paid" if still_there else "cancelled")


def test_what_failed_with_a_reason_is_no_violation(shop: Shop) -> None:
    for state in ("failed", "suppressed"):
        shop.sql("UPDATE notifications.messages SET state = :state, error = '550 no such mailbox'", state=state)
        assert shop.violations() == {}


def test_a_new_handler_owes_nothing_to_events_that_were_done_before(shop: Shop) -> None:
    shop.sql("UPDATE shared.outbox SET relayed_at = now(), done_at = now()")

    assert shop.violations() == {}


def shop_audit(settings: Settings, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "cli", "audit", *words],
        cwd=ROOT,
        env=child_environment(settings, os.environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_command_ends_with_1_when_the_books_are_wrong(settings: Settings, sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG", on_hand=5)

    clean = shop_audit(settings)
    assert (clean.returncode, clean.stderr) == (0, "")
    assert clean.stdout.splitlines()[-1] == f"0 violations in {len(CHECKS)} checks"

    with transaction(sessions) as tx:
        tx.execute(text("UPDATE catalog.stock SET on_hand = 7"))
    wrong = shop_audit(settings)
    assert (wrong.returncode, wrong.stderr) == (1, "")
    assert wrong.stdout.splitlines()[:2] == [
        "BAD  stock on hand equals its ledger", "       MUG: on hand 7, ledger says 5",
    ]  # fmt: skip
    told = shop_audit(settings, "--json")
    assert told.returncode == 1
    assert json.loads(told.stdout)["checks"]["stock on hand equals its ledger"] == [["MUG", "on hand 7, ledger says 5"]]
