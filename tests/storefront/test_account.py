"""Accounts: registering, signing in and out, and one's own orders."""

import pytest
from flask.testing import FlaskClient

from tests.storefront.conftest import DETAILS, Shopper

PASSWORD = "a long and quiet harbour wall"  # noqa: S105


def _register(client: FlaskClient, **changes: str):  # type: ignore[no-untyped-def]
    return client.post(
        "/register", data={"name": "Aoife", "email": "aoife@example.test", "password": PASSWORD} | changes
    )


def test_an_account_is_opened_signed_in_out_and_in(client: FlaskClient) -> None:
    assert client.get("/account").headers["Location"].startswith("/sign-in?next=")
    opened = _register(client)
    assert (opened.status_code, opened.headers["Location"]) == (303, "/account")
    assert "HttpOnly" in opened.headers["Set-Cookie"]
    assert client.get("/account").status_code == 200
    assert client.get("/sign-in").status_code == 303
    assert client.post("/sign-out").headers["Location"] == "/"
    assert client.get("/account").status_code == 302
    back = client.post("/sign-in", data={"email": "AOIFE@example.test", "password": PASSWORD, "next": "/cart"})
    assert (back.status_code, back.headers["Location"]) == (303, "/cart")


@pytest.mark.parametrize(
    "changes", [{"password": "wrong"}, {"email": "nobody@example.test"}, {"email": "x"}, {"password": ""},
                {"email": ""}, {"password": "x" * 5000}, {"email": "\x00"}]
)  # fmt: skip
def test_a_wrong_sign_in_keeps_the_address_and_tells_nothing(client: FlaskClient, changes: dict[str, str]) -> None:
    _register(client)
    client.post("/sign-out")

    answer = client.post("/sign-in", data={"email": "aoife@example.test", "password": PASSWORD} | changes)

    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert PASSWORD not in answer.text
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"email": "x"}, 422), ({"password": "short"}, 422), ({"password": ""}, 422), ({}, 409)],
)
def test_a_refused_account_is_said_at_its_field(client: FlaskClient, changes: dict[str, str], status: int) -> None:
    _register(client)
    client.post("/sign-out")

    answer = _register(client, **changes)

    assert answer.status_code == status
    assert "There is a problem" in answer.text


@pytest.mark.parametrize(
    "onward", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)", "\t//evil"]
)
def test_signing_in_never_leads_away(client: FlaskClient, onward: str) -> None:
    _register(client)
    client.post("/sign-out")

    answer = client.post("/sign-in", data={"email": "aoife@example.test", "password": PASSWORD, "next": onward})

    assert answer.headers["Location"] == "/account"


def test_a_shopper_sees_their_own_orders_and_a_guests_are_not_theirs(shopper: Shopper) -> None:
    _register(shopper.client)
    assert "Your orders" in shopper.client.get("/account").text or shopper.client.get("/account").status_code == 200
    shopper.ready().order()

    page = shopper.client.get("/account").text

    assert "/orders/" in page
    assert "?key=" in page
    assert shopper.client.get("/account?after=nonsense").status_code == 200


def test_a_known_shopper_need_not_type_the_address_again(shopper: Shopper) -> None:
    _register(shopper.client)
    shopper.add()

    assert DETAILS["email"] in shopper.client.get("/checkout/details").text


def test_a_forged_session_is_nobody(client: FlaskClient) -> None:
    client.set_cookie("session", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb")

    assert client.get("/account").status_code == 302
    assert client.get("/").status_code == 200


def test_the_cart_of_this_browser_joins_that_of_the_account_and_the_shopper_is_told(
    client: FlaskClient, shopper: Shopper, goods: object
) -> None:
    _register(client)
    shopper.add("MUG-1", 2)
    client.post("/sign-out")
    client.delete_cookie("cart")
    shopper.add("MUG-1", 1)

    back = client.post("/sign-in", data={"email": "aoife@example.test", "password": PASSWORD, "next": "/cart"})

    assert back.status_code == 303
    page = client.get("/cart").text
    assert "Harbour mug: 2 and 1 from two carts make 3." in page
    assert "Harbour mug: 2 and 1" not in client.get("/cart").text, "it is said once"
    count = client.get_cookie("cart_count")
    assert count is not None
    assert count.value == "3"


def test_the_cart_of_the_one_before_is_not_handed_on(client: FlaskClient, shopper: Shopper, goods: object) -> None:
    _register(client, email="first@example.test")
    shopper.add("MUG-1", 2)
    client.post("/sign-out")

    _register(client, email="second@example.test")

    assert "Harbour mug" not in client.get("/cart").text
