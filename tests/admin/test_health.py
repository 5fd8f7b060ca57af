"""Staff see whether the ways to be paid and to write to people answer."""

import re
from datetime import timedelta

from flask import Flask
from sqlalchemy import update

from domain.notifications import channels
from domain.notifications.models import Message
from domain.orders.commands import note_payment_created, open_payment, settle_payment
from domain.payments.commands import keep_webhook
from domain.payments.gateways.port import NEVER_BEGUN, UNREACHED, Outcome
from domain.payments.models import Payment
from domain.shared.breaker import FAILURES
from domain.shared.db import Sessions, transaction, utcnow
from tests.admin.conftest import StaffClient
from tests.factories.notifications import make_message
from tests.factories.orders import make_order, pay

HOUR = timedelta(hours=1)


def fail(sessions: Sessions, code: str, *, ago: timedelta = timedelta(0)) -> None:
    """Let a payment fail for a reason, so long ago."""
    with transaction(sessions) as tx:
        payment = open_payment(tx, order_id=make_order(tx, gateway="demo").order_id).payment
        assert payment
        settle_payment(tx, payment_id=payment.id, outcome=Outcome(state="failed", failure_code=code))
        tx.execute(update(Payment).where(Payment.id == payment.id).values(settled_at=utcnow() - ago))


def earn(sessions: Sessions, *, ago: timedelta = timedelta(0)) -> None:
    """Let a payment go through, so long ago."""
    with transaction(sessions) as tx:
        payment_id = pay(tx, make_order(tx, gateway="demo").order_id)
        tx.execute(update(Payment).where(Payment.id == payment_id).values(settled_at=utcnow() - ago))


def said(staff: StaffClient, path: str = "/jobs", role: str = "manager") -> str:
    """Return the words of a page about payments and messages."""
    page = staff(role, name=f"A{utcnow().timestamp()}").get(path).text
    return " ".join(re.sub(r"<[^>]+>", " ", page).split()).replace(" .", ".").replace(" :", ":").replace(" ,", ",")


def test_a_gateway_without_trouble_has_its_last_payment_and_its_last_news(
    staff: StaffClient, sessions: Sessions
) -> None:
    assert "No payment has come this way yet. No payment has ever failed because it did not answer." in said(staff)
    earn(sessions)
    fail(sessions, "card_declined")
    with transaction(sessions) as tx:
        keep_webhook(tx, gateway="demo", event_id="1", payload={"id": "1"})

    words = said(staff)
    assert "No trouble Payments go through: the last at " in words
    assert "No payment has ever failed because it did not answer. It last sent news at " in words
    assert "No answer" not in words


def test_payments_that_failed_by_the_gateways_own_fault_are_counted(staff: StaffClient, sessions: Sessions) -> None:
    earn(sessions, ago=3 * HOUR)
    fail(sessions, UNREACHED, ago=30 * HOUR)
    fail(sessions, NEVER_BEGUN, ago=2 * HOUR)
    fail(sessions, "card_declined")
    assert "0 payments failed in the last hour and 1 in the last day because it did not answer" in said(staff)
    assert "No trouble" in said(staff), "an hour without a fault is no trouble at present"

    fail(sessions, UNREACHED, ago=HOUR / 2)
    words = said(staff)
    assert "No answer No payment has gone through since " in words
    assert "1 payment failed in the last hour and 2 in the last day because it did not answer, the last at " in words

    earn(sessions)
    assert "No trouble Payments go through: the last at " in said(staff)


def test_payments_without_an_answer_are_trouble_until_one_goes_through(staff: StaffClient, sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        payment = open_payment(tx, order_id=make_order(tx, gateway="demo").order_id).payment
        assert payment
        note_payment_created(tx, payment_id=payment.id, created=None)

    words = said(staff)
    assert "No payment has gone through yet: the payment service does not answer." in words
    assert "1 payment waits for its answer; the shop goes on asking." in words


def test_letters_that_are_held_back_are_said_to_be_with_since_when_and_how_many(
    staff: StaffClient, sessions: Sessions
) -> None:
    began = utcnow() - HOUR
    with transaction(sessions) as tx:
        channels.take_turn(tx, "email", now=began)
        channels.note_answer(tx, "email", sent=True, now=began)
    assert "No trouble Letters leave: the last at " in said(staff)

    with transaction(sessions) as tx:
        for _ in range(FAILURES):
            channels.note_silence(tx, "email", now=utcnow())
        make_message(tx)
        for until in (timedelta(seconds=5), timedelta(days=7)):
            later = make_message(tx)
            tx.execute(update(Message).where(Message.id == later).values(not_before=utcnow() + until))
        given_up = make_message(tx)
        tx.execute(update(Message).where(Message.id == given_up).values(state="failed"))
    words = said(staff)
    assert re.search(r"No answer No letter has left since [^:]+:[^:]+: the mail server does not answer. 2 wait", words)
    assert "1 letter of the last day was given up: see which." in words

    with transaction(sessions) as tx:
        channels.note_answer(tx, "email", sent=True, now=utcnow())
    assert "No trouble Letters leave: the last at " in said(staff)


def test_the_first_page_tells_of_trouble_alone(staff: StaffClient, sessions: Sessions) -> None:
    earn(sessions, ago=HOUR)
    assert "No payment has gone through" not in said(staff, "/")
    assert "Letters" not in said(staff, "/")

    fail(sessions, UNREACHED)
    with transaction(sessions) as tx:
        for _ in range(FAILURES):
            channels.note_silence(tx, "email", now=utcnow())
    words = said(staff, "/")
    assert "No payment has gone through since " in words
    assert "Letters: No letter has left since " in words
    assert "does not answer" not in said(staff, "/", role="orders")


def test_text_messages_are_told_of_where_the_shop_sends_them(staff: StaffClient, app: Flask) -> None:
    assert "Text messages" not in said(staff)
    app.config["SHOP"] = app.config["SHOP"].model_copy(update={"sms_by": "sns"})
    assert "Text messages No trouble No text message has left yet." in said(staff)


def test_health_costs_two_statements_however_much_there_is(
    staff: StaffClient, sessions: Sessions, app: Flask, statements
) -> None:
    client = staff("manager")
    with statements() as few:
        client.get("/jobs")
    for _ in range(3):
        earn(sessions)
        fail(sessions, UNREACHED)
    with statements() as many:
        client.get("/jobs")

    assert len(many) == len(few)
