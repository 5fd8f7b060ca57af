"""Staff look after the messages: the log, sending again, previews, tests, switches, stops and alerts."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from domain.notifications.adapters.templates import render
from domain.notifications.events import MessageQueued
from domain.notifications.handlers import Sent, send_message
from domain.notifications.kinds import KINDS, switched_off
from domain.notifications.models import Message
from domain.notifications.samples import LETTERS, TEXTS
from domain.notifications.staff import addresses_for
from domain.notifications.suppression import suppress, why_suppressed
from domain.shared.audit import Search, audit_log
from domain.shared.db import transaction
from tests.admin.conftest import send
from tests.factories.notifications import make_message
from tests.factories.orders import make_order

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def sent(sessions):
    """A message that was sent and one that waits."""
    with transaction(sessions) as tx:
        done = make_message(tx, recipient="ada@example.com")
        send_message.finish(tx, Sent(message_id=done, state="sent", subject="Your order CS-10234", provider_id="<1@x>"))
        make_message(tx, recipient="grace@example.com", template="order_delivered")
    return done


def test_the_log_is_filtered_and_searched_in_two_statements(staff, sent, statements):
    desk = staff("support")

    page = desk.get("/notifications").text
    assert "Your order CS-10234" in page
    assert "grace@example.com" in page
    with statements() as seen:
        part = desk.get("/notifications?state=sent&q=ada@example.com", headers=PART).text
    assert len(seen) == 2  # who is signed in, and the log
    assert "ada@example.com" in part
    assert "grace@example.com" not in part
    assert "No message fits" in desk.get("/notifications?q=nobody@example.com").text


def test_a_message_is_sent_again_by_those_who_may(staff, sent, sessions):
    assert staff("manager").post(f"/notifications/{sent}/copies").status_code == 303
    again = staff("support").post(f"/notifications/{sent}/copies")
    assert again.status_code == 422
    assert "waits to be sent already" in again.text

    with transaction(sessions) as tx:
        assert tx.scalars(select(Message.recipient).where(Message.state == "queued").order_by(Message.id)).all() == [
            "grace@example.com",
            "ada@example.com",
        ]


def test_every_kind_is_shown(staff):
    desk = staff("manager")

    for template, kind in KINDS.items():
        page = desk.get(f"/notifications/kinds/{template}")
        assert page.status_code == 200, template
        assert f"<h1>{kind.title}</h1>" in page.text


def test_a_preview_shows_a_real_order_with_only_its_own_styles(staff, sessions):
    with transaction(sessions) as tx:
        order = make_order(tx, paid=True)
    desk = staff("manager")

    assert order.number in desk.get(f"/notifications/kinds/order_placed?order={order.number}").text
    letter = desk.get(f"/notifications/kinds/order_placed/letter?order={order.number}")
    assert order.number in letter.text
    policy = letter.headers["Content-Security-Policy"]
    assert "style-src 'unsafe-hashes' 'sha256-" in policy
    assert "unsafe-inline" not in policy
    assert len(letter.headers.getlist("Content-Security-Policy")) == 1
    missing = desk.get("/notifications/kinds/order_placed?order=CS-NONE")
    assert (missing.status_code, "There is no order CS-NONE" in missing.text) == (422, True)
    assert desk.get("/notifications/kinds/order_placed/letter?order=CS-NONE").status_code == 422
    assert desk.get("/notifications/kinds/no_such").status_code == 404
    assert desk.get("/notifications/kinds/phone_code/letter").status_code == 404


def test_a_test_goes_to_whoever_asks_for_it_and_to_nobody_else(staff, sessions):
    desk = staff("support")

    assert desk.post("/notifications/kinds/order_shipped/tests", data={"to": "x@example.com"}).status_code == 303

    with transaction(sessions) as tx:
        (message,) = tx.scalars(select(Message))
        assert (message.recipient, message.template) == ("support@shop.test", "order_shipped")
    assert staff("analyst").post("/notifications/kinds/order_shipped/tests").status_code == 403


@pytest.mark.parametrize("template", sorted(LETTERS))
def test_every_kind_of_letter_can_be_tried(staff, sessions, settings, template):
    desk = staff("support")
    page = desk.get(f"/notifications/kinds/{template}").text
    (action,) = re.findall(r'action="([^"]+/tests)"', page)

    assert desk.post(action).status_code == 303

    with transaction(sessions) as tx:
        (message,) = tx.scalars(select(Message))
        assert (message.recipient, message.template, message.channel) == ("support@shop.test", template, "email")
        sending = send_message.prepare(tx, MessageQueued(message_id=message.id))
    # What goes out is what the page shows.
    letter = render(template, sending.context, settings, to=sending.recipient)
    assert f"<strong>{letter.subject}</strong>" in unescape(page)


@pytest.mark.parametrize("template", sorted(set(TEXTS) - set(LETTERS)))
def test_what_is_a_text_message_only_says_that_it_cannot_be_tried(staff, sessions, template):
    desk = staff("support")

    page = desk.get(f"/notifications/kinds/{template}").text

    assert "it cannot be sent to you as a test" in page
    assert "/tests" not in page
    assert desk.post(f"/notifications/kinds/{template}/tests").status_code == 404
    with sessions() as reading:
        assert reading.scalars(select(Message)).all() == []


def test_a_switch_holds_at_once_and_stands_in_the_log(staff, sessions):
    owner = staff("owner")

    assert owner.post("/notifications/kinds/welcome/switch", data={"on": "0"}).status_code == 303
    refused = owner.post("/notifications/kinds/order_placed/switch", data={"on": "0"})

    assert refused.status_code == 422
    assert "is always sent" in refused.text
    assert staff("support").post("/notifications/kinds/welcome/switch", data={"on": "1"}).status_code == 403
    with sessions() as reading:
        assert switched_off(reading) == {"welcome"}
        entry = audit_log(reading, Search(area="letters")).rows[-1]
        assert [(change.table, change.verb) for change in entry.changes] == [("notifications.switched_off", "made")]
    assert owner.post("/notifications/kinds/welcome/switch", data={"on": "1"}).status_code == 303
    with sessions() as reading:
        assert switched_off(reading) == frozenset()


def test_an_address_is_stopped_and_lifted_with_a_reason(staff, sessions):
    owner = staff("owner")
    with transaction(sessions) as tx:
        suppress(tx, email="cross@example.com", reason="complaint")

    for wrong in ({"email": "nobody", "detail": "x"}, {"email": "a@example.com", "detail": ""}):
        assert owner.post("/notifications/stopped", data=wrong).status_code == 422
    assert owner.post("/notifications/stopped", data={"email": "a@example.com", "detail": "Asked"}).status_code == 303
    page = owner.get("/notifications/stopped").text
    assert page.index("a@example.com") < page.index("cross@example.com")
    assert "cross@example.com" not in owner.get("/notifications/stopped?q=a@example.com").text

    lifting = {"email": "cross@example.com", "because": ""}
    assert owner.post("/notifications/stopped/lifting", data=lifting).status_code == 422
    lifting["because"] = "They wrote that it was a slip."
    assert owner.post("/notifications/stopped/lifting", data=lifting).status_code == 303
    assert owner.post("/notifications/stopped/lifting", data=lifting).status_code == 404
    assert "They wrote that it was a slip." in owner.get("/notifications/stopped").text
    with sessions() as reading:
        assert why_suppressed(reading, "cross@example.com") is None
        assert why_suppressed(reading, "a@example.com") == "Staff stopped mail to this address."


def test_alerts_go_to_those_who_are_ticked(staff, sessions):
    owner, support = staff("owner"), staff("support")
    assert owner.get("/notifications/alerts").text.count(" checked") == 5

    kept = send(owner, "/notifications/alerts", {"staff_new_order": ["support@shop.test", "stranger@example.com"]})

    assert kept.status_code == 303
    with sessions() as reading:
        assert addresses_for(reading, "staff_new_order") == ("support@shop.test",)
        assert addresses_for(reading, "staff_daily_summary") == ()
    assert support.post("/notifications/alerts", data={}).status_code == 403
