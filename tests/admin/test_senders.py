"""From whom messages come is decided in the admin, checked, and holds for the next message."""

from email.utils import parseaddr
from uuid import uuid4

import pytest

from domain.notifications.adapters.mail import as_mail
from domain.notifications.adapters.templates import render
from domain.notifications.models import Message
from domain.shared.db import Sessions, transaction
from domain.shared.preferences import in_force, save_preferences
from domain.shared.settings import Settings
from tests.admin.conftest import StaffClient, send, version_of

SENDERS = {
    "from_name": "Zoë & Söhne",
    "from_address": "shop@corner.example",
    "mail_reply_to": "help@corner.example",
    "sms_sender": "Corner1",
}


def test_mail_comes_from_there_and_answers_go_there(staff: StaffClient, sessions: Sessions, settings: Settings) -> None:
    client = staff("owner")

    assert send(client, "/settings/senders", SENDERS).status_code == 303

    page = client.get("/settings/senders").text
    assert 'value="Zoë &amp; Söhne"' in page
    assert 'value="help@corner.example"' in page
    found = in_force(sessions, settings)
    letter = render("welcome", {"name": "Ada"}, found, to="ada@example.com")
    mail = as_mail(letter, to="ada@example.com", message_id=uuid4(), settings=found)
    assert (mail["From"].addresses[0].display_name, mail["From"].addresses[0].addr_spec, str(mail["Reply-To"])) == (
        "Zoë & Söhne",
        "shop@corner.example",
        "help@corner.example",
    )
    assert found.sms_sender == "Corner1"


def test_without_an_address_for_answers_they_go_to_the_sender(
    staff: StaffClient, sessions: Sessions, settings: Settings
) -> None:
    client = staff("owner")
    send(client, "/settings/senders", SENDERS)
    send(client, "/settings/senders", SENDERS | {"mail_reply_to": "", "sms_sender": ""})

    found = in_force(sessions, settings)
    letter = render("welcome", {"name": "Ada"}, found, to="ada@example.com")
    assert "Reply-To" not in as_mail(letter, to="ada@example.com", message_id=uuid4(), settings=found)
    assert (found.mail_reply_to, found.sms_sender) == (None, None)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("from_address", "nobody", "Enter an address"),
        ("from_address", "", "Enter an address"),
        ("from_address", "a@b.example>\r\nBcc: x@y.example", "Enter an address"),
        ("from_name", "A, B", "without commas"),
        ("from_name", "A <x@y.example>", "without commas"),
        ("mail_reply_to", "A <x@y.example>", "Enter one address"),
        ("mail_reply_to", "x@y.example, z@y.example", "Enter one address"),
        ("sms_sender", "Corner shop", "without blanks"),
        ("sms_sender", "12345", "at least one of them a letter"),
        ("sms_sender", "ab", "3 to 11"),
    ],
)
def test_what_is_no_sender_is_said_and_nothing_is_kept(
    staff: StaffClient, sessions: Sessions, settings: Settings, field: str, value: str, words: str
) -> None:
    answer = send(staff("owner"), "/settings/senders", SENDERS | {field: value})

    assert (answer.status_code, words in answer.text) == (422, True)
    assert in_force(sessions, settings) == settings


def test_a_letter_goes_to_whoever_asks_for_it(staff: StaffClient, sessions: Sessions) -> None:
    answer = staff("owner").post("/settings/senders/tests", follow_redirects=True)

    assert "A letter is on its way to owner@shop.test" in answer.text
    with sessions() as reading:
        [message] = reading.query(Message).all()
    assert (message.template, message.recipient) == ("welcome", "owner@shop.test")


def test_a_shop_that_was_renamed_meanwhile_does_not_keep_its_old_name_as_the_sender(
    staff: StaffClient, sessions: Sessions, settings: Settings
) -> None:
    client = staff("owner")
    _rename(sessions, settings, "Old corner")
    page = client.get("/settings/senders").text
    assert 'value="Old corner"' in page
    _, address = parseaddr(settings.mail_from)
    own = {"from_name": "Old corner", "from_address": address, "mail_reply_to": "help@corner.example", "sms_sender": ""}
    seen = version_of(page, "/settings/senders")
    _rename(sessions, settings, "New corner")

    late = client.post("/settings/senders", data=own | {"version": seen})

    assert (late.status_code, "<del>Old corner</del>" in late.text, "<ins>New corner</ins>" in late.text) == (
        409, True, True,
    )  # fmt: skip
    assert parseaddr(in_force(sessions, settings).mail_from) == ("New corner", address)
    assert in_force(sessions, settings).mail_reply_to == settings.mail_reply_to


def test_another_name_of_the_shop_is_no_matter_where_the_sender_was_decided(
    staff: StaffClient, sessions: Sessions, settings: Settings
) -> None:
    client = staff("owner")
    send(client, "/settings/senders", SENDERS)
    seen = version_of(client.get("/settings/senders").text, "/settings/senders")
    _rename(sessions, settings, "New corner")

    saved = client.post("/settings/senders", data=SENDERS | {"sms_sender": "Corner2", "version": seen})

    assert (saved.status_code, in_force(sessions, settings).sms_sender) == (303, "Corner2")


def _rename(sessions: Sessions, settings: Settings, name: str) -> None:
    with transaction(sessions) as tx:
        save_preferences(tx, {"name": name}, settings=settings)
