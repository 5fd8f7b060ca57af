"""Opening an account and setting a new password by mail, without telling who has an account."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import select, update

from domain.orders.models import Order
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.settings import Settings
from domain.users.links import RESET, sign
from domain.users.models import MailedLink, Shopper
from storefront.throttle import MAILS
from tests.factories.users import NEW_PASSWORD, PASSWORD, make_shopper
from tests.statements import statements_of
from tests.storefront.conftest import DETAILS
from tests.storefront.conftest import Shopper as Guest
from tests.storefront.mails import link_in, mails

EMAIL = DETAILS["email"]


@pytest.fixture(autouse=True)
def _nobody_has_asked(redis: Redis) -> None:
    """Nothing is held up from an earlier test."""


def ask(client: FlaskClient, **changes: str):  # type: ignore[no-untyped-def]
    return client.post("/register", data={"name": "Aoife", "email": EMAIL, "password": PASSWORD} | changes)


def shoppers(sessions: Sessions) -> list[str]:
    with transaction(sessions) as tx:
        return list(tx.scalars(select(Shopper.email)))


def test_an_account_is_opened_by_the_link_in_a_mail(
    client: FlaskClient, sessions: Sessions, settings: Settings
) -> None:
    asked = ask(client)
    assert (asked.status_code, asked.headers["Location"]) == (303, "/register/sent")
    assert EMAIL in client.get("/register/sent").text
    assert shoppers(sessions) == []
    [letter] = mails(sessions, settings, EMAIL)
    assert letter.subject == "Confirm your address at Cornershop"

    page = client.get(link_in(letter))
    assert page.status_code == 200
    assert 'name="password"' not in page.text
    assert shoppers(sessions) == []
    opened = client.post("/register/confirmation", data={"token": link_in(letter).partition("token=")[2]})

    assert (opened.status_code, opened.headers["Location"]) == (303, "/account")
    assert client.get("/account").status_code == 200
    assert shoppers(sessions) == [EMAIL]
    assert client.get(link_in(letter)).status_code == 410
    letters = [one.subject for one in mails(sessions, settings, EMAIL)]
    assert letters == ["Confirm your address at Cornershop", "Welcome to Cornershop"]


def test_another_browser_must_know_the_password(
    client: FlaskClient, new_client: Callable[[], FlaskClient], sessions: Sessions, settings: Settings
) -> None:
    ask(client)
    [letter] = mails(sessions, settings, EMAIL)
    token, other = link_in(letter).partition("token=")[2], new_client()

    assert 'name="password"' in other.get(link_in(letter)).text
    refused = other.post("/register/confirmation", data={"token": token, "password": "not mine at all"})
    assert refused.status_code == 422
    assert shoppers(sessions) == []
    opened = other.post("/register/confirmation", data={"token": token, "password": PASSWORD})

    assert opened.status_code == 303
    assert shoppers(sessions) == [EMAIL]


def test_the_answer_is_the_same_for_an_address_with_an_account_and_only_the_mail_says(
    new_client: Callable[[], FlaskClient], sessions: Sessions, settings: Settings
) -> None:
    with transaction(sessions) as tx:
        make_shopper(tx, email=EMAIL)
    engine = sessions.kw["bind"]
    told = []
    for email in (EMAIL, "other@example.test"):
        for path in ("/register", "/password/forgotten"):
            client = new_client()
            client.get(path)  # what the app reads once in a while is read by now
            with statements_of(engine) as seen:
                answer = client.post(path, data={"name": "A", "email": email, "password": PASSWORD})
            after = client.get(answer.headers["Location"]).text.replace(email, "")
            told.append((answer.status_code, answer.headers["Location"], len(seen), after))

    assert told[0] == told[2]
    assert told[1] == told[3]
    subjects = [letter.subject for letter in mails(sessions, settings, EMAIL)]
    assert subjects == ["You have an account already at Cornershop", "Set a new password at Cornershop"]
    assert [one.subject for one in mails(sessions, settings, "other@example.test")] == [
        "Confirm your address at Cornershop"
    ]


@pytest.mark.parametrize(
    "changes", [{"email": "x"}, {"password": "short"}, {"password": ""}, {"email": ""}, {"password": EMAIL}]
)
def test_what_cannot_be_is_said_at_its_field(client: FlaskClient, sessions: Sessions, changes: dict[str, str]) -> None:
    answer = ask(client, **changes)

    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    with transaction(sessions) as tx:
        assert tx.scalars(select(MailedLink)).all() == []


def test_nobody_is_flooded_with_mails(client: FlaskClient, sessions: Sessions) -> None:
    for _ in range(MAILS):
        assert ask(client).status_code == 303

    for path in ("/register", "/password/forgotten"):
        answer = client.post(path, data={"name": "", "email": EMAIL.upper(), "password": PASSWORD})
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
    with transaction(sessions) as tx:
        assert len(tx.scalars(select(MailedLink)).all()) == MAILS


def test_a_new_password_ends_what_was_signed_in_and_works_once(
    client: FlaskClient, new_client: Callable[[], FlaskClient], sessions: Sessions, settings: Settings
) -> None:
    with transaction(sessions) as tx:
        make_shopper(tx, email=EMAIL)
    elsewhere = new_client()
    elsewhere.post("/sign-in", data={"email": EMAIL, "password": PASSWORD, "remember": "y"})
    assert elsewhere.get("/account").status_code == 200
    for _ in range(2):
        client.post("/password/forgotten", data={"email": EMAIL})
    first, second = mails(sessions, settings, EMAIL)
    assert client.get(link_in(first)).status_code == 200
    token = link_in(first).partition("token=")[2]
    assert client.post("/password/new", data={"token": token, "password": "short"}).status_code == 422

    answer = client.post("/password/new", data={"token": token, "password": NEW_PASSWORD})

    assert answer.headers["Location"] == "/sign-in?changed=1"
    assert elsewhere.get("/account").status_code == 302
    assert client.get(link_in(second)).status_code == 410
    assert client.post("/password/new", data={"token": token, "password": PASSWORD}).status_code == 410
    assert client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}).status_code == 422
    assert client.post("/sign-in", data={"email": EMAIL, "password": NEW_PASSWORD}).status_code == 303
    assert [one.subject for one in mails(sessions, settings, EMAIL)][2:] == [
        "Your password was changed at Cornershop",
        "New sign-in to your account at Cornershop",
    ]


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é"])
def test_a_link_that_is_not_ours_opens_nothing(client: FlaskClient, token: str) -> None:
    for path in ("/register/confirmation", "/password/new"):
        assert client.get(path, query_string={"token": token}).status_code == 410
        assert client.post(path, data={"token": token, "password": NEW_PASSWORD}).status_code == 410


def test_a_link_for_one_purpose_or_too_old_opens_nothing(
    client: FlaskClient, sessions: Sessions, settings: Settings
) -> None:
    ask(client)
    [letter] = mails(sessions, settings, EMAIL)
    with transaction(sessions) as tx:
        link_id = tx.scalars(select(MailedLink.id)).one()
    as_reset = sign(settings.secret_key.get_secret_value(), purpose=RESET, subject=str(link_id))
    assert client.get(f"/password/new?token={as_reset}").status_code == 410

    with transaction(sessions) as tx:
        tx.execute(update(MailedLink).values(expires_at=utcnow() - timedelta(seconds=1)))

    assert client.get(link_in(letter)).status_code == 410


def test_orders_of_a_guest_join_the_account_when_its_address_is_proved_and_no_others(
    shopper: Guest, new_client: Callable[[], FlaskClient], sessions: Sessions, settings: Settings
) -> None:
    shopper.ready().order()
    stranger = Guest(new_client())
    stranger.add()
    stranger.details(email="other@example.test")
    stranger.delivery()
    stranger.order()
    ask(shopper.client)
    [letter] = mails(sessions, settings, EMAIL)
    with transaction(sessions) as tx:
        assert set(tx.scalars(select(Order.shopper_id))) == {None}

    shopper.client.post("/register/confirmation", data={"token": link_in(letter).partition("token=")[2]})
    mails(sessions, settings, EMAIL)

    assert shopper.client.get("/account").text.count("/orders/") == 1
    with transaction(sessions) as tx:
        owners = {row.email: row.shopper_id for row in tx.execute(select(Order.email, Order.shopper_id))}
    assert owners["other@example.test"] is None
    assert owners[EMAIL] is not None
