"""What shoppers change about themselves, and the second step of their sign-in."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import select

from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.settings import Settings
from domain.users.models import SavedAddress, Shopper
from tests.factories.users import NEW_PASSWORD, PASSWORD, make_shopper
from tests.storefront.conftest import DETAILS
from tests.storefront.conftest import Shopper as Guest
from tests.storefront.mails import link_in, mails

EMAIL, NEW_EMAIL = "grace@example.com", "hopper@example.com"
HOME = {name: DETAILS[name] for name in ("name", "line1", "city", "postcode", "country")}


@pytest.fixture
def grace(sessions: Sessions, redis: Redis, new_client: Callable[[], FlaskClient]) -> Callable[[], FlaskClient]:
    """Open browsers at which Grace is signed in."""
    with transaction(sessions) as tx:
        make_shopper(tx, email=EMAIL)

    def open_browser() -> FlaskClient:
        client = new_client()
        assert sign_in(client).status_code == 303
        return client

    return open_browser


def sign_in(client: FlaskClient, **changes: str):  # type: ignore[no-untyped-def]
    return client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD} | changes)


def row(sessions: Sessions) -> Shopper:
    with transaction(sessions) as tx:
        return tx.scalars(select(Shopper).where(Shopper.name != "Other")).one()


def test_the_name_is_changed(grace: Callable[[], FlaskClient]) -> None:
    client = grace()

    assert client.post("/account/name", data={"name": " Rear  Admiral "}).headers["Location"] == "/account/details"

    page = client.get("/account/details").text
    assert 'value="Rear Admiral"' in page
    assert "Your name is changed." in page
    assert client.post("/account/name", data={"name": "x" * 201}).status_code == 422


def test_a_new_password_takes_the_present_one_and_signs_others_out(
    grace: Callable[[], FlaskClient], sessions: Sessions, settings: Settings
) -> None:
    here, other = grace(), grace()
    before = row(sessions).password_hash
    for wrong in ({"present": "x", "password": NEW_PASSWORD}, {"present": PASSWORD, "password": "short"}, {}):
        answer = here.post("/account/password", data=wrong)
        assert answer.status_code == 422
        assert "There is a problem" in answer.text
    assert row(sessions).password_hash == before
    assert other.get("/account").status_code == 200

    assert here.post("/account/password", data={"present": PASSWORD, "password": NEW_PASSWORD}).status_code == 303

    assert here.get("/account").status_code == 200
    assert other.get("/account").status_code == 302
    assert sign_in(other, password=NEW_PASSWORD).status_code == 303
    assert sorted(one.subject for one in mails(sessions, settings, EMAIL)) == [
        "New sign-in to your account at Cornershop",
        "Your password was changed at Cornershop",
    ]


def test_a_new_address_counts_once_it_is_confirmed_there_and_the_old_one_is_told(
    grace: Callable[[], FlaskClient], sessions: Sessions, settings: Settings
) -> None:
    client = grace()
    assert client.post("/account/email", data={"email": NEW_EMAIL, "present": "x"}).status_code == 422
    assert client.post("/account/email", data={"email": "x", "present": PASSWORD}).status_code == 422
    assert client.post("/account/email", data={"email": NEW_EMAIL, "present": PASSWORD}).status_code == 303
    assert row(sessions).email == EMAIL
    [letter] = mails(sessions, settings, NEW_EMAIL)
    assert NEW_EMAIL in client.get(link_in(letter)).text
    assert row(sessions).email == EMAIL
    token = link_in(letter).partition("token=")[2]

    assert client.post("/account/email/confirmation", data={"token": token}).status_code == 303

    changed = row(sessions)
    assert (changed.email, changed.verified_at is not None) == (NEW_EMAIL, True)
    assert [one.subject for one in mails(sessions, settings, EMAIL)] == [
        "Your e-mail address was changed at Cornershop"
    ]
    assert client.post("/account/email/confirmation", data={"token": token}).status_code == 410


def test_a_link_for_a_new_address_serves_only_the_account_that_asked(
    grace: Callable[[], FlaskClient], new_client: Callable[[], FlaskClient], sessions: Sessions, settings: Settings
) -> None:
    grace().post("/account/email", data={"email": NEW_EMAIL, "present": PASSWORD})
    [letter] = mails(sessions, settings, NEW_EMAIL)
    with transaction(sessions) as tx:
        make_shopper(tx, email="other@example.com", name="Other")
    other = new_client()
    sign_in(other, email="other@example.com")

    assert other.get(link_in(letter)).status_code == 410
    token = link_in(letter).partition("token=")[2]
    assert other.post("/account/email/confirmation", data={"token": token}).status_code == 410
    assert row(sessions).email == EMAIL


def test_an_address_with_an_account_cannot_be_taken_and_asking_does_not_tell(
    grace: Callable[[], FlaskClient], sessions: Sessions, settings: Settings
) -> None:
    with transaction(sessions) as tx:
        make_shopper(tx, email=NEW_EMAIL, name="Other")

    assert grace().post("/account/email", data={"email": NEW_EMAIL, "present": PASSWORD}).status_code == 303

    assert [one.subject for one in mails(sessions, settings, NEW_EMAIL)] == [
        "You have an account already at Cornershop"
    ]


def test_addresses_are_kept_changed_and_removed_and_one_is_the_default(
    grace: Callable[[], FlaskClient], goods: object, sessions: Sessions
) -> None:
    client = grace()
    for line1, extra in (("1 First Row", {}), ("2 Second Row", {"default": "y"}), ("3 Third Row", {})):
        answer = client.post("/account/addresses/new", data=HOME | {"line1": line1} | extra)
        assert answer.headers["Location"] == "/account/addresses"
    assert client.post("/account/addresses/new", data=HOME | {"line1": ""}).status_code == 422

    def book() -> list[tuple[str, bool]]:
        with transaction(sessions) as tx:
            rows = tx.scalars(select(SavedAddress).order_by(SavedAddress.id))
            return [(one.address["line1"], one.is_default) for one in rows]

    assert book() == [("1 First Row", False), ("2 Second Row", True), ("3 Third Row", False)]
    first, second, _ = paths = re.findall(r"/account/addresses/[0-9a-f-]{36}(?=\")", _in_order(client))
    assert len(paths) == 3
    assert "2 Second Row" in client.get(first).text
    client.post(f"{first}/removal")
    assert book() == [("1 First Row", True), ("3 Third Row", False)]
    assert client.post(second, data=HOME | {"line1": "1 Changed Row"}).status_code == 303
    assert book()[0] == ("1 Changed Row", True)


def test_nobody_sees_or_changes_the_addresses_of_another(
    grace: Callable[[], FlaskClient], new_client: Callable[[], FlaskClient], goods: object, sessions: Sessions
) -> None:
    grace().post("/account/addresses/new", data=HOME)
    with transaction(sessions) as tx:
        address_id = tx.scalars(select(SavedAddress.id)).one()
        make_shopper(tx, email="other@example.com", name="Other")
    other = new_client()
    sign_in(other, email="other@example.com")

    assert HOME["line1"] not in other.get("/account/addresses").text
    assert other.get(f"/account/addresses/{address_id}").status_code == 404
    assert other.post(f"/account/addresses/{address_id}", data=HOME | {"line1": "Mine now"}).status_code == 404
    other.post(f"/account/addresses/{address_id}/removal")
    with transaction(sessions) as tx:
        assert tx.scalars(select(SavedAddress)).one().address["line1"] == HOME["line1"]


def test_the_checkout_is_filled_in_from_the_book(
    grace: Callable[[], FlaskClient], goods: object, sessions: Sessions
) -> None:
    guest = Guest(grace())
    for line1 in ("1 First Row", "2 Second Row"):
        guest.client.post("/account/addresses/new", data=HOME | {"line1": line1})
    with transaction(sessions) as tx:
        second = tx.scalars(select(SavedAddress.id).where(~SavedAddress.is_default)).one()
    guest.add()

    page = guest.client.get("/checkout/details").text

    assert 'value="1 First Row"' in page
    assert "2 Second Row" in page
    assert 'value="2 Second Row"' in guest.client.get(f"/checkout/details?address={second}").text


def turn_on(client: FlaskClient, sessions: Sessions) -> tuple[str, list[str]]:
    """Turn the second step on; return the secret and the recovery codes."""
    client.post("/account/second-step")
    page = client.get("/account/second-step").text
    assert "<svg" in page
    found = re.search(r'class="secret">([A-Z2-7]{32})<', page)
    assert found
    shown = client.post("/account/second-step/confirmation", data={"code": pyotp.TOTP(found[1]).now()})
    assert shown.status_code == 200
    return found[1], re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", shown.text)


def test_with_the_second_step_on_a_password_alone_lets_nobody_in(
    grace: Callable[[], FlaskClient], new_client: Callable[[], FlaskClient], sessions: Sessions, settings: Settings
) -> None:
    secret, codes = turn_on(grace(), sessions)
    assert len(codes) == 10
    client = new_client()

    assert sign_in(client, next="/cart").headers["Location"] == "/sign-in/code"
    assert client.get("/account").status_code == 302
    assert client.get("/sign-in/code").status_code == 200
    spent = pyotp.TOTP(secret).now()
    for wrong in ("000000", spent, "", "abcde-fghij"):
        assert client.post("/sign-in/code", data={"code": wrong}).status_code == 422
    fresh = pyotp.TOTP(secret).at(utcnow() + timedelta(seconds=30))
    answer = client.post("/sign-in/code", data={"code": fresh})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/cart")
    assert client.get("/account").status_code == 200
    assert sorted(one.subject for one in mails(sessions, settings, EMAIL)) == [
        "New sign-in to your account at Cornershop",
        "Your second step is on at Cornershop",
    ]


def test_a_recovery_code_works_once(
    grace: Callable[[], FlaskClient], new_client: Callable[[], FlaskClient], sessions: Sessions
) -> None:
    _, codes = turn_on(grace(), sessions)
    first, second = new_client(), new_client()
    sign_in(first)
    sign_in(second)

    assert first.post("/sign-in/code", data={"code": codes[0].upper()}).status_code == 303
    assert second.post("/sign-in/code", data={"code": codes[0]}).status_code == 422
    assert second.post("/sign-in/code", data={"code": codes[1]}).status_code == 303


def test_the_second_step_is_turned_off_with_the_password(
    grace: Callable[[], FlaskClient], new_client: Callable[[], FlaskClient], sessions: Sessions
) -> None:
    client = grace()
    turn_on(client, sessions)
    assert client.post("/account/second-step/removal", data={"present": "x"}).status_code == 422
    assert row(sessions).totp_confirmed_at is not None

    assert client.post("/account/second-step/removal", data={"present": PASSWORD}).status_code == 303

    assert row(sessions).totp_secret is None
    assert sign_in(new_client()).headers["Location"] == "/account"


def test_without_a_password_shown_there_is_no_second_step(client: FlaskClient) -> None:
    assert client.get("/sign-in/code").headers["Location"] == "/sign-in"
    assert client.post("/sign-in/code", data={"code": "123456"}).headers["Location"] == "/sign-in"


def _in_order(client: FlaskClient) -> str:
    return html.unescape(client.get("/account/addresses").text)
