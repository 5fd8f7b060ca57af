"""Joining the staff: a mail, a password, a second factor, and in."""

import re
from datetime import timedelta
from uuid import UUID

import pyotp
import pytest
from sqlalchemy import select, update

from domain.notifications.adapters.templates import render
from domain.notifications.handlers import write_to_invited
from domain.notifications.models import Message
from domain.shared.audit import Search, audit_log
from domain.shared.db import transaction, utcnow
from domain.shared.outbox import OutboxMessage
from domain.users.events import StaffInvited
from domain.users.models import StaffInvitation, StaffMember
from tests.factories.users import NEW_PASSWORD, PASSWORD, make_staff

NEW = {"email": "new@shop.test", "name": "Nora", "role": "orders"}


@pytest.fixture
def invited(staff, sessions, settings):
    """Invite Nora and return the owner's client and the link in the mail."""
    owner = staff("owner", "Maeve")
    assert owner.post("/staff/invitations", data=NEW).location == "/staff"
    return owner, letter_link(sessions, settings)


def letter_link(sessions, settings):
    with transaction(sessions) as tx:
        event = tx.scalars(select(OutboxMessage).where(OutboxMessage.name == "users.staff_invited")).all()[-1]
        write_to_invited(tx, StaffInvited(invitation_id=UUID(event.payload["invitation_id"])))
    with sessions() as reading:
        message = reading.scalars(select(Message).order_by(Message.id.desc())).first()
    assert message.recipient == "new@shop.test"
    letter = render(message.template, message.context, settings)
    assert letter.subject == "Maeve invites you to work at Cornershop"
    assert "Nora" in letter.html
    found = re.search(r"http://localhost(/invitation\?token=\S+)", letter.text)
    assert found
    assert found.group(1).partition("token=")[2] not in str(message.context)  # what lies in the database opens nothing
    return found.group(1)


def test_nora_joins_by_mail_with_a_second_factor_and_comes_back_with_it(app, invited, sessions):
    owner, link = invited
    assert "new@shop.test" in owner.get("/staff").text
    nora = app.test_client()
    assert "Maeve has invited new@shop.test" in nora.get(link).text
    assert nora.get(link).headers["Referrer-Policy"] == "same-origin"
    weak = nora.post(link, data={"name": "Nora", "password": "password1"})
    assert weak.status_code == 422

    joined = nora.post(link, data={"name": "Nora", "password": PASSWORD})
    assert (joined.status_code, joined.location) == (303, "/sign-in/second-factor")
    assert nora.get("/orders").location.startswith("/sign-in")  # not in yet
    assert nora.get("/sign-in/second-factor").status_code == 200
    page = nora.post("/sign-in/second-factor/secret").text
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page).group(1).replace(" ", "")
    assert "<title>QR code for your authenticator app</title>" in page
    assert nora.post("/sign-in/second-factor", data={"code": "000000"}).status_code == 422

    first = pyotp.TOTP(secret).now()
    done = nora.post("/sign-in/second-factor", data={"code": first})
    codes = re.findall(r"<li><code>([a-z0-9]{5}-[a-z0-9]{5})</code>", done.text)
    assert len(set(codes)) == 10
    assert nora.get("/orders").status_code == 200
    assert nora.get("/staff").status_code == 403

    again = app.test_client()
    entered = again.post("/sign-in?next=/orders", data={"email": "new@shop.test", "password": PASSWORD})
    assert entered.location == "/sign-in/code?next=/orders"
    assert again.get("/orders").status_code == 303
    used = again.post(entered.location, data={"code": first})
    assert used.status_code == 422  # the code that turned it on is used up
    soon = pyotp.TOTP(secret).at(utcnow() + timedelta(seconds=30))
    assert again.post(entered.location, data={"code": soon}).location == "/orders"
    assert again.get("/orders").status_code == 200
    assert again.post("/sign-out").status_code == 303
    with sessions() as reading:
        deeds = [(row.action, row.staff_name) for row in audit_log(reading, Search()).rows[:5]]
    assert [action for action, _ in deeds] == [
        "sign_in.leave", "sign_in.prove", "sign_in.enter", "second_factor.confirm", "invitations.accept",
    ]  # fmt: skip
    assert {name for _, name in deeds} == {"Nora"}

    lost = app.test_client()
    lost.post("/sign-in", data={"email": "new@shop.test", "password": PASSWORD})
    assert lost.post("/sign-in/code", data={"code": codes[0].upper()}).location == "/"
    lost.post("/sign-in", data={"email": "new@shop.test", "password": PASSWORD})
    assert lost.post("/sign-in/code", data={"code": codes[0]}).status_code == 422

    with sessions() as reading:
        nobody = reading.scalars(select(StaffMember).where(StaffMember.email == "new@shop.test")).one()
        assert codes[1] not in str(nobody.recovery_hashes)
    reset = owner.post(f"/staff/{nobody.id}/second-factor/reset")
    assert reset.status_code == 303
    assert nora.get("/orders").status_code == 303
    assert again.post("/sign-in", data={"email": "new@shop.test", "password": PASSWORD}).location == (
        "/sign-in/second-factor"
    )


def test_new_recovery_codes_take_the_place_of_the_old_ones(app, sessions, staff):
    with transaction(sessions) as tx:
        staff_id = make_staff(tx, exempt=False)
        from domain.users import commands

        secret = commands.begin_second_factor(tx, staff_id=staff_id)
        old = commands.confirm_second_factor(tx, staff_id=staff_id, code=pyotp.TOTP(secret).now(), now=utcnow())
    client = app.test_client()
    client.post("/sign-in", data={"email": "ada@shop.test", "password": PASSWORD})
    client.post("/sign-in/code", data={"code": old[0]})
    assert "You have 9 left" in client.get("/me").text

    assert client.post("/me/recovery-codes", data={"code": "123"}).status_code == 422
    fresh = client.post("/me/recovery-codes", data={"code": old[1]})

    assert fresh.status_code == 200
    assert old[2] not in fresh.text
    assert client.post("/me/recovery-codes", data={"code": old[2]}).status_code == 422
    assert "You have 10 left" in client.get("/me").text


def test_an_invitation_works_once(app, invited):
    _, link = invited
    assert app.test_client().post(link, data={"name": "Nora", "password": PASSWORD}).status_code == 303

    second = app.test_client().post(link, data={"name": "Mallory", "password": NEW_PASSWORD})

    assert second.status_code == 404
    assert "can no longer be used" in second.text
    assert app.test_client().get(link).status_code == 404


def test_an_invitation_that_is_withdrawn_old_forged_or_replaced_opens_nothing(app, invited, sessions, settings):
    owner, link = invited
    forged = link[:-2] + ("AA" if link[-2:] != "AA" else "BB")
    assert app.test_client().get(forged).status_code == 404
    assert app.test_client().get("/invitation").status_code == 404

    owner.post("/staff/invitations", data=NEW)  # a second one takes the first one's place
    assert app.test_client().get(link).status_code == 404
    fresh = letter_link(sessions, settings)
    assert app.test_client().get(fresh).status_code == 200

    with transaction(sessions) as tx:
        tx.execute(update(StaffInvitation).values(expires_at=utcnow() - timedelta(seconds=1)))
    assert app.test_client().get(fresh).status_code == 404
    with sessions() as reading:
        last = reading.scalars(select(StaffInvitation).order_by(StaffInvitation.id.desc())).first()
    assert owner.post(f"/staff/invitations/{last.id}/removal").status_code == 303
    assert owner.post(f"/staff/invitations/{last.id}/removal").status_code == 404
    with sessions() as reading:
        assert reading.scalars(select(StaffMember).where(StaffMember.email == "new@shop.test")).all() == []


def test_who_works_here_already_is_not_invited(staff):
    owner = staff("owner", "Maeve")

    refused = owner.post("/staff/invitations", data=NEW | {"email": "maeve@shop.test"})

    assert refused.status_code == 409
    assert "already an account" in refused.text


def test_by_setting_nobody_needs_a_second_factor(settings, sessions, redis):
    from admin import create_app

    with transaction(sessions) as tx:
        make_staff(tx, exempt=False)
    asked, unasked = (
        create_app(settings=settings.model_copy(update={"staff_second_factor": on}), sessions=sessions, redis=redis)
        for on in (True, False)
    )
    ada = {"email": "ada@shop.test", "password": PASSWORD}

    assert asked.test_client().post("/sign-in", data=ada).location == "/sign-in/second-factor"
    assert unasked.test_client().post("/sign-in", data=ada).location == "/"


def test_guessing_codes_is_slowed_down(app, sessions):
    from domain.users import commands

    with transaction(sessions) as tx:
        staff_id = make_staff(tx, exempt=False)
        secret = commands.begin_second_factor(tx, staff_id=staff_id)
        old = commands.confirm_second_factor(tx, staff_id=staff_id, code=pyotp.TOTP(secret).now(), now=utcnow())
    client = app.test_client()
    client.post("/sign-in", data={"email": "ada@shop.test", "password": PASSWORD})
    for address in range(10):
        elsewhere = {"REMOTE_ADDR": f"192.0.2.{address}"}
        wrong = client.post("/sign-in/code", data={"code": "000000"}, environ_base=elsewhere)
        assert wrong.status_code == 422

    refused = client.post("/sign-in/code", data={"code": old[0]})

    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0


def test_without_a_password_before_it_no_code_is_asked_for(app):
    client = app.test_client()

    for path in ("/sign-in/code", "/sign-in/second-factor"):
        assert client.get(path).location == "/sign-in"
        assert client.post(path, data={"code": "000000"}).location == "/sign-in"
    assert client.post("/sign-in/second-factor/secret").location == "/sign-in"
