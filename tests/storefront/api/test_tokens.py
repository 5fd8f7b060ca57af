"""Signing in at an app: tokens that are short-lived, change with each use, and end with the sign-in."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta

import jwt
import pyotp
import pytest
from jwt import PyJWK
from sqlalchemy import select, text

from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.outbox import OutboxMessage
from domain.users.commands import begin_shopper_factor, confirm_shopper_factor
from domain.users.models import ShopperSession
from storefront.api.checkout import ADA
from tests.domain.orders.racers import at_once
from tests.factories.users import NEW_PASSWORD, PASSWORD, make_shopper
from tests.storefront.api.conftest import Phone
from tests.storefront.api.test_buying import agree, fill

GRACE = {"email": "grace@example.com", "password": PASSWORD, "app": "Grace's phone"}


@pytest.fixture
def grace(phone: Phone, sessions: Sessions) -> Phone:
    """The phone of somebody with an account, signed in."""
    with transaction(sessions) as tx:
        make_shopper(tx)
    return signed_in(phone)


def signed_in(phone: Phone) -> Phone:
    answer = phone.post("/tokens", GRACE)
    assert answer.status_code == 201, answer.text
    phone.headers["Authorization"] = f"Bearer {answer.json['access_token']}"
    phone.refresh = answer.json["refresh_token"]
    return phone


def test_a_token_opens_the_account_and_anybody_can_check_its_signature(grace: Phone) -> None:
    token = grace.headers["Authorization"].removeprefix("Bearer ")
    [key] = grace.get("/jwks.json").json["keys"]

    claims = jwt.decode(token, PyJWK(key), algorithms=["EdDSA"], audience="api", issuer="http://localhost")

    assert grace.get("/account").json | {"id": ""} == {
        "id": "", "email": "grace@example.com", "name": "Grace", "verified": False, "second_factor": False,
    }  # fmt: skip
    assert (claims["sub"], claims["exp"] - claims["iat"]) == (grace.get("/account").json["id"], 600)
    assert jwt.get_unverified_header(token)["kid"] == key["kid"]


def test_a_token_that_is_not_ours_or_was_changed_opens_nothing(grace: Phone) -> None:
    head, body, signature = grace.headers["Authorization"].removeprefix("Bearer ").split(".")
    claims = json.loads(urlsafe_b64decode(body + "=="))

    def part(values: object) -> str:
        return urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")

    other = part(claims | {"sub": "0192f0c1-7d5b-7000-8000-000000000001"})
    none = part({"alg": "none", "typ": "at+jwt", "kid": json.loads(urlsafe_b64decode(head + "=="))["kid"]})
    for wrong in (
        f"Bearer {head}.{other}.{signature}", f"Bearer {none}.{body}.", f"Bearer {head}.{body}.{signature[::-1]}",
        f"Bearer {head}.{body}", "Bearer x", "Bearer ", "Basic Z3JhY2U6eA==", "Bearer é", f"Bearer {grace.refresh}",
    ):  # fmt: skip
        answer = grace.get("/account", Authorization=wrong)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer"), wrong
    assert grace.get("/cart", Authorization="Bearer x").status_code == 401


def test_a_token_is_good_for_ten_minutes_and_as_long_as_its_sign_in(grace: Phone, sessions: Sessions) -> None:
    old = grace.headers["Authorization"]
    other = signed_in(Phone(grace.client, grace.contract))
    changed = other.post("/account/password", {"present": PASSWORD, "password": NEW_PASSWORD})

    assert changed.status_code == 204
    assert grace.get("/account", Authorization=old).status_code == 401
    assert other.get("/account").status_code == 200
    assert other.call("DELETE", "/tokens/current").status_code == 204
    assert other.get("/account").status_code == 401
    assert other.post("/tokens/refresh", {"refresh_token": other.refresh}).status_code == 401


def test_a_refresh_token_is_good_once_and_a_copy_ends_its_family(grace: Phone, sessions: Sessions) -> None:
    browser = signed_in(Phone(grace.client, grace.contract))
    first = grace.refresh
    second = grace.post("/tokens/refresh", {"refresh_token": first}).json
    third = grace.post("/tokens/refresh", {"refresh_token": second["refresh_token"]}).json

    copied = grace.post("/tokens/refresh", {"refresh_token": first})

    assert (copied.status_code, copied.json["type"]) == (401, "/api/v1/docs#bad-token")
    assert grace.post("/tokens/refresh", {"refresh_token": third["refresh_token"]}).status_code == 401
    assert grace.get("/account", Authorization=f"Bearer {third['access_token']}").status_code == 401
    assert browser.get("/account").status_code == 200
    with sessions() as session:
        events = session.scalars(select(OutboxMessage.payload).where(OutboxMessage.name == "users.account_changed"))
        assert [event["what"] for event in events] == ["copied app"]


def test_two_refresh_tokens_used_at_once_give_one_answer_and_end_the_family(grace: Phone, sessions: Sessions) -> None:
    app, token = grace.client.application, grace.refresh

    def exchange():
        return app.test_client().post("/api/v1/tokens/refresh", json={"refresh_token": token})

    answers = at_once(*[exchange] * 4)

    assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401]
    won = next(answer.json for answer in answers if answer.status_code == 201)
    assert grace.post("/tokens/refresh", {"refresh_token": won["refresh_token"]}).status_code == 401
    with sessions() as session:
        assert session.scalars(select(ShopperSession.ended_at)).one() is not None


def test_a_lost_answer_to_an_exchange_is_asked_for_again_with_the_same_key(grace: Phone) -> None:
    key = "a key of Grace's phone"
    first = grace.post("/tokens/refresh", {"refresh_token": grace.refresh}, Idempotency_Key=key.replace(" ", "-"))
    again = grace.post("/tokens/refresh", {"refresh_token": grace.refresh}, Idempotency_Key=key.replace(" ", "-"))

    assert again.json == first.json
    assert grace.post("/tokens/refresh", {"refresh_token": again.json["refresh_token"]}).status_code == 201


def test_a_second_step_is_asked_for(grace: Phone, sessions: Sessions) -> None:
    id_ = grace.get("/account").json["id"]
    with transaction(sessions) as tx:
        secret = begin_shopper_factor(tx, shopper_id=id_)
        confirm_shopper_factor(tx, shopper_id=id_, code=pyotp.TOTP(secret).now(), now=utcnow() - timedelta(seconds=0))
    guest = Phone(grace.client, grace.contract)

    without, wrong = guest.post("/tokens", GRACE), guest.post("/tokens", GRACE | {"code": "000000"})
    later = pyotp.TOTP(secret).at(utcnow() + timedelta(seconds=30))
    right = guest.post("/tokens", GRACE | {"code": later})

    assert (without.status_code, without.json["type"]) == (401, "/api/v1/docs#second-factor-required")
    assert (wrong.status_code, wrong.json["type"]) == (422, "/api/v1/docs#wrong-code")
    assert right.status_code == 201
    assert guest.post("/tokens", GRACE | {"code": later}).status_code == 422


def test_whoever_guesses_waits(phone: Phone, sessions: Sessions, redis) -> None:
    with transaction(sessions) as tx:
        make_shopper(tx)
    for _ in range(8):
        wrong = phone.post("/tokens", GRACE | {"password": "guess"})
        assert (wrong.status_code, wrong.json["type"]) == (422, "/api/v1/docs#wrong-credentials")

    waiting = phone.post("/tokens", GRACE)

    assert waiting.status_code == 429
    assert int(waiting.headers["Retry-After"]) > 0


def test_the_cart_comes_along_and_orders_are_ones_own(grace: Phone, sessions: Sessions) -> None:
    guest = fill(Phone(grace.client, grace.contract))
    tokens = guest.post("/tokens", GRACE).json
    assert tokens["cart_token"] == guest.headers["Cart-Token"]

    assert grace.get("/cart").json["token"] == tokens["cart_token"]
    order = grace.post("/orders", agree(grace)).json
    with transaction(sessions) as tx:
        make_shopper(tx, email="ada@example.com", name="Ada")
    ada = Phone(grace.client, grace.contract)
    ada.headers["Authorization"] = (
        "Bearer " + ada.post("/tokens", GRACE | {"email": "ada@example.com"}).json["access_token"]
    )

    assert [row["number"] for row in grace.get("/orders").json["items"]] == [order["number"]]
    assert grace.get(f"/orders/{order['number']}").json["key"] == order["key"]
    assert ada.get("/orders").json == {"items": [], "next": None}
    assert ada.get(f"/orders/{order['number']}").status_code == 404
    assert ada.post(f"/orders/{order['number']}/cancellation").status_code == 404


def test_the_address_book_is_edited_as_it_was_seen(grace: Phone) -> None:
    made = grace.post("/account/addresses", {"address": ADA})
    path = f"/account/addresses/{made.json['id']}"
    assert made.headers["Location"] == f"/api/v1{path}"
    tag = grace.get(path).headers["ETag"]
    assert grace.post("/account/addresses", {"address": ADA | {"line1": " "}}).json["errors"] == [
        {"pointer": "#/address/line1", "detail": "Enter the street and the house number."}
    ]
    body = {"address": ADA | {"city": "Dublin"}}
    assert grace.call("PUT", path, body).status_code == 428
    moved = grace.call("PUT", path, body, If_Match=tag)
    assert moved.json["address"]["city"] == "Dublin"
    assert grace.call("PUT", path, body, If_Match=tag).status_code == 412
    assert grace.call("DELETE", path, If_Match=moved.headers["ETag"]).status_code == 204
    assert grace.get("/account/addresses").json == {"items": []}
    assert grace.call("PATCH", "/account", {"name": "G."}, If_Match="*").json["name"] == "G."


def test_keys_rotate_and_old_tokens_stay_good_until_they_end(grace: Phone, sessions: Sessions) -> None:
    with sessions() as session, session.begin():
        session.execute(text("UPDATE users.signing_keys SET created_at = created_at - interval '30 days'"))
    old = grace.headers["Authorization"]
    fresh = signed_in(Phone(grace.client, grace.contract))

    assert len(grace.get("/jwks.json").json["keys"]) == 2
    assert grace.get("/account", Authorization=old).status_code == 200
    grace.client.application.extensions["api_keys"].read_at -= 60
    assert fresh.get("/account").status_code == 200


def test_limits_are_told_and_counted_by_caller(phone: Phone, sessions: Sessions, settings, redis) -> None:
    from storefront import create_app

    with transaction(sessions) as tx:
        make_shopper(tx)
    few = settings.model_copy(update={"rate_api": "3 per minute", "api_origins": ("https://app.example",)})
    app = signed_in(Phone(create_app(settings=few, sessions=sessions).test_client(), phone.contract))

    told = [app.get("/account", Origin="https://app.example") for _ in range(4)]

    assert [answer.status_code for answer in told] == [200, 200, 200, 429]
    assert told[0].headers["RateLimit-Policy"] == '"api";q=3;w=60'
    assert told[1].headers["RateLimit"].startswith('"api";r=1;t=')
    assert told[3].json["status"] == 429
    assert int(told[3].headers["Retry-After"]) > 0
    assert told[3].headers["Access-Control-Allow-Origin"] == "https://app.example"
    assert signed_in(Phone(app.client, phone.contract)).get("/account").status_code == 429
    asked = app.client.options("/api/v1/account", headers={"Origin": "https://app.example"})
    assert (asked.status_code, "PATCH" in asked.headers["Access-Control-Allow-Methods"]) == (200, True)
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    other = app.client.get("/api/v1/products", headers={"Origin": "https://evil.test"})
    assert ("Access-Control-Allow-Origin" in other.headers, other.headers["Vary"]) == (False, "Origin")
