"""An account by the API: opened, kept safe, taken along and deleted, by the rules and the counters of the pages."""

from typing import Any

import pyotp
import pytest
from redis import Redis
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.settings import Settings
from domain.users.models import MailedLink, Shopper
from storefront.throttle import MAILS
from tests.factories.users import NEW_PASSWORD, PASSWORD, make_shopper
from tests.storefront.api.conftest import Phone
from tests.storefront.api.test_buying import agree, fill
from tests.storefront.api.test_tokens import GRACE, signed_in
from tests.storefront.mails import link_in, mails

ADA = {"email": "ada@example.com", "password": PASSWORD, "name": "Ada"}


@pytest.fixture(autouse=True)
def _nobody_has_asked(redis: Redis) -> None:
    """Nothing is held up from an earlier test."""


@pytest.fixture
def grace(phone: Phone, sessions: Sessions) -> Phone:
    """The phone of somebody with an account, signed in."""
    with transaction(sessions) as tx:
        make_shopper(tx)
    return signed_in(phone)


@pytest.fixture
def newest_token(sessions: Sessions, settings: Settings) -> Any:
    """Read the token in the newest mail to somebody."""
    return lambda to: link_in(mails(sessions, settings, to)[-1]).partition("token=")[2]


def kind(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.json["type"].rpartition("#")[2]


def test_an_account_is_opened_by_the_mail_and_the_password(phone: Phone, sessions: Sessions, newest_token: Any) -> None:
    fill(phone)
    asked = phone.post("/registrations", ADA)
    assert (asked.status_code, "link" in asked.json["message"]) == (202, True)
    token = newest_token(ADA["email"])
    confirm = {"token": token, "password": PASSWORD, "app": "Ada's phone"}
    assert kind(phone.post("/registrations/confirmation", confirm | {"password": "guess"})) == (422, "wrong-password")
    assert kind(phone.post("/registrations/confirmation", confirm | {"token": token[::-1]})) == (422, "link-spent")

    opened = phone.post("/registrations/confirmation", confirm, Idempotency_Key="the-key-of-this-account")

    assert opened.status_code == 201
    assert opened.json["cart_token"] == phone.headers["Cart-Token"]
    again = phone.post("/registrations/confirmation", confirm, Idempotency_Key="the-key-of-this-account")
    assert (again.json, again.headers["Idempotency-Replayed"]) == (opened.json, "true")
    assert kind(phone.post("/registrations/confirmation", confirm)) == (422, "link-spent")
    phone.headers["Authorization"] = f"Bearer {opened.json['access_token']}"
    account = phone.get("/account").json
    assert (account["email"], account["name"], account["verified"]) == ("ada@example.com", "Ada", True)


def test_no_step_tells_whether_an_account_exists(grace: Phone, sessions: Sessions, settings: Settings) -> None:
    guest = Phone(grace.client, grace.contract)

    def alike(path: str, known: dict, unknown: dict) -> TestResponse:
        first, second = guest.post(path, known), guest.post(path, unknown)
        plain = [
            (one.status_code, one.json | {"request_id": ""}, dict(one.headers) | {"X-Request-Id": "", "RateLimit": ""})
            for one in (first, second)
        ]
        assert plain[0] == plain[1], path
        return first

    known, unknown = {"email": GRACE["email"]}, {"email": "nobody@example.com"}
    password = {"password": PASSWORD}
    assert alike("/registrations", known | password, unknown | password).status_code == 202
    assert alike("/password-resets", known, unknown).status_code == 202
    assert alike("/tokens", known | {"password": "guess"}, unknown | {"password": "guess"}).status_code == 422
    taken = grace.post("/account/email", {"email": GRACE["email"], "present": PASSWORD})
    free = grace.post("/account/email", {"email": "free@example.com", "present": PASSWORD})
    assert (taken.status_code, taken.json) == (free.status_code, free.json) == (202, taken.json)
    assert mails(sessions, settings, "nobody@example.com")[-1].subject == "Confirm your address at Cornershop"


def test_mails_are_sent_as_often_as_from_the_pages(phone: Phone, sessions: Sessions) -> None:
    key = "the-key-of-one-request"
    for _ in range(MAILS + 2):  # a repeat is no other mail
        assert phone.post("/registrations", ADA, Idempotency_Key=key).status_code == 202
    for _ in range(MAILS - 1):
        assert phone.post("/password-resets", {"email": ADA["email"]}).status_code == 202

    for path, body in (("/registrations", ADA), ("/password-resets", {"email": ADA["email"]})):
        held = phone.post(path, body)
        assert held.status_code == 429
        assert int(held.headers["Retry-After"]) > 0
    asked_on_a_page = phone.client.post("/password/forgotten", data={"email": ADA["email"]})
    assert asked_on_a_page.status_code == 429
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(MailedLink)) == MAILS


def test_a_weak_password_and_a_bad_address_are_refused_in_words(phone: Phone) -> None:
    assert kind(phone.post("/registrations", ADA | {"password": "12345678"})) == (422, "weak-password")
    assert kind(phone.post("/registrations", ADA | {"email": "nobody at home"})) == (422, "bad-email")
    assert kind(phone.post("/password-resets", {"email": "nobody at home"})) == (422, "bad-email")


def test_a_password_is_set_anew_by_mail_which_ends_every_sign_in(grace: Phone, newest_token: Any) -> None:
    guest = Phone(grace.client, grace.contract)
    guest.post("/password-resets", {"email": GRACE["email"]})
    reset = {"token": newest_token(GRACE["email"]), "password": NEW_PASSWORD}
    assert kind(guest.post("/password-resets/confirmation", reset | {"password": "12345678"})) == (422, "weak-password")

    done = [guest.post("/password-resets/confirmation", reset, Idempotency_Key="once-and-once-more") for _ in range(2)]

    assert [answer.status_code for answer in done] == [204, 204]
    assert grace.get("/account").status_code == 401
    assert kind(guest.post("/password-resets/confirmation", reset)) == (422, "link-spent")
    assert kind(guest.post("/tokens", GRACE)) == (422, "wrong-credentials")
    assert guest.post("/tokens", GRACE | {"password": NEW_PASSWORD}).status_code == 201


def test_an_address_changes_once_its_mail_is_read(grace: Phone, sessions: Sessions, newest_token: Any) -> None:
    wanted = {"email": "grace@example.org", "present": PASSWORD}
    assert kind(grace.post("/account/email", wanted | {"present": "guess"})) == (422, "wrong-password")
    assert grace.post("/account/email", wanted).status_code == 202
    assert grace.get("/account").json["email"] == GRACE["email"]
    token = newest_token("grace@example.org")
    with transaction(sessions) as tx:
        make_shopper(tx, email="eve@example.com")
    eve = Phone(grace.client, grace.contract)
    eve.headers["Authorization"] = (
        "Bearer " + eve.post("/tokens", GRACE | {"email": "eve@example.com"}).json["access_token"]
    )
    assert kind(eve.post("/account/email/confirmation", {"token": token})) == (422, "link-spent")

    changed = grace.post("/account/email/confirmation", {"token": token})

    assert (changed.json["email"], changed.json["verified"]) == ("grace@example.org", True)
    assert kind(grace.post("/account/email/confirmation", {"token": token})) == (422, "link-spent")


def test_whoever_guesses_the_present_password_waits_on_pages_and_here(grace: Phone) -> None:
    for _ in range(4):
        grace.post("/account/email", {"email": "x@example.org", "present": "guess"})
        grace.post("/account/second-factor/removal", {"present": "guess"})

    for path, body in (
        ("/account/email", {"email": "x@example.org", "present": PASSWORD}),
        ("/account/password", {"present": PASSWORD, "password": NEW_PASSWORD}),
        ("/account/second-factor/removal", {"present": PASSWORD}),
        ("/account/deletion", {"present": PASSWORD}),
    ):
        assert grace.post(path, body).status_code == 429, path


def test_sign_ins_are_listed_and_ended_one_by_one_or_all(grace: Phone) -> None:
    other, third = (signed_in(Phone(grace.client, grace.contract)) for _ in range(2))
    listed = other.get("/account/sign-ins").json["items"]
    assert [row["this"] for row in listed].count(True) == 1
    assert {row["app"] for row in listed} == {"Grace's phone"}
    [mine] = [row["id"] for row in grace.get("/account/sign-ins").json["items"] if row["this"]]

    assert other.call("DELETE", f"/account/sign-ins/{mine}").status_code == 204
    assert [phone.get("/account").status_code for phone in (grace, other, third)] == [401, 200, 200]
    assert other.call("DELETE", "/account/sign-ins?keep_this=true").status_code == 204
    assert [phone.get("/account").status_code for phone in (grace, other, third)] == [401, 200, 401]
    assert other.call("DELETE", "/account/sign-ins").status_code == 204
    assert other.get("/account").status_code == 401
    assert other.post("/tokens/refresh", {"refresh_token": other.refresh}).status_code == 401


def test_another_shoppers_sign_in_is_not_ended(grace: Phone, sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        make_shopper(tx, email="eve@example.com")
    eve = Phone(grace.client, grace.contract)
    eve.headers["Authorization"] = (
        "Bearer " + eve.post("/tokens", GRACE | {"email": "eve@example.com"}).json["access_token"]
    )
    [hers] = grace.get("/account/sign-ins").json["items"]

    assert eve.call("DELETE", f"/account/sign-ins/{hers['id']}").status_code == 204
    assert grace.get("/account").status_code == 200


def test_a_second_step_is_turned_on_and_off(grace: Phone) -> None:
    drawn = grace.post("/account/second-factor").json
    assert drawn["secret"] in drawn["uri"]
    assert grace.post("/account/second-factor").json == drawn
    assert kind(grace.post("/account/second-factor/confirmation", {"code": "000000"})) == (422, "wrong-code")
    first = pyotp.TOTP(drawn["secret"]).at(utcnow())

    codes = grace.post("/account/second-factor/confirmation", {"code": first}).json["recovery_codes"]

    assert grace.get("/account").json["second_factor"] is True
    assert kind(grace.post("/account/second-factor")) == (409, "second-factor-on")
    guest = Phone(grace.client, grace.contract)
    assert kind(guest.post("/tokens", GRACE)) == (401, "second-factor-required")
    assert guest.post("/tokens", GRACE | {"code": codes[0]}).status_code == 201
    assert kind(guest.post("/tokens", GRACE | {"code": codes[0]})) == (422, "wrong-code")
    assert kind(grace.post("/account/second-factor/removal", {"present": "guess"})) == (422, "wrong-password")
    assert grace.post("/account/second-factor/removal", {"present": PASSWORD}).status_code == 204
    assert guest.post("/tokens", GRACE).status_code == 201


def test_what_is_kept_is_taken_along_and_deleted(grace: Phone, sessions: Sessions) -> None:
    order = fill(grace).post("/orders", agree(grace)).json
    grace.client.post("/sign-in", data={"email": GRACE["email"], "password": PASSWORD})
    kept, page = grace.get("/account/export"), grace.client.get("/account/data/export.json")
    assert kept.json["orders"][0]["number"] == order["number"]
    assert kept.json["account"]["email"] == GRACE["email"]
    assert kept.json.keys() == page.json.keys()
    assert kept.headers["Content-Disposition"] == page.headers["Content-Disposition"]

    assert kind(grace.post("/account/deletion", {"present": PASSWORD})) == (422, "orders-under-way")
    assert grace.post(f"/orders/{order['number']}/cancellation").status_code == 200
    assert kind(grace.post("/account/deletion", {"present": "guess"})) == (422, "wrong-password")
    assert grace.get("/account").status_code == 200
    assert grace.post("/account/deletion", {"present": PASSWORD}).status_code == 204

    assert grace.get("/account").status_code == 401
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(Shopper)) == 0


def test_orders_are_found_by_words(grace: Phone) -> None:
    # The cart keeps what was not paid yet, so that the second order holds both.
    numbers = [fill(grace, sku).post("/orders", agree(grace)).json["number"] for sku in ("MUG-1", "BOWL-S")]

    def found(q: str) -> list[str]:
        return [row["number"] for row in grace.get(f"/orders?q={q}").json["items"]]

    assert found("") == numbers[::-1]
    assert (found("mug"), found("BOWL-S"), found("nothing")) == (numbers[::-1], numbers[1:], [])
    assert found(numbers[0].lower()) == numbers[:1]
