"""Signing in and out, and one's own orders."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import select

from domain.orders.models import Order, OrderLine
from domain.shared.db import Sessions, transaction
from storefront.throttle import FIRST_PAUSE, PER_ACCOUNT
from tests.factories.orders import pay
from tests.factories.users import PASSWORD, make_shopper
from tests.storefront.conftest import DETAILS, PART, Shopper

GUESS = "not the password"
ACCOUNT = {"email": DETAILS["email"], "password": PASSWORD}


@pytest.fixture(autouse=True)
def _account(sessions: Sessions, redis: Redis) -> None:
    """Somebody has an account, and nobody has guessed yet."""
    with transaction(sessions) as tx:
        make_shopper(tx, email=DETAILS["email"], name="Aoife")


def sign_in(client: FlaskClient, **changes: str):  # type: ignore[no-untyped-def]
    return client.post("/sign-in", data=ACCOUNT | changes)


def test_signing_in_and_out(client: FlaskClient) -> None:
    assert client.get("/account").headers["Location"].startswith("/sign-in?next=")

    answer = sign_in(client, email="AOIFE@example.test", next="/cart")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/cart")
    [kept] = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("session=")]
    assert "HttpOnly" in kept
    assert "Expires" not in kept
    assert client.get("/account").status_code == 200
    assert client.get("/sign-in").status_code == 303
    assert client.post("/sign-out").headers["Location"] == "/"
    assert client.get("/account").status_code == 302


def test_a_copied_session_ends_with_its_sign_in_and_each_sign_in_has_its_own(client: FlaskClient) -> None:
    sign_in(client)
    first = client.get_cookie("session")
    client.post("/sign-out")
    sign_in(client)
    assert first
    assert client.get_cookie("session").value != first.value  # type: ignore[union-attr]

    client.set_cookie("session", first.value)

    assert client.get("/account").status_code == 302


@pytest.mark.parametrize(
    "changes", [{"password": "wrong"}, {"email": "nobody@example.test"}, {"email": "x"}, {"password": ""},
                {"email": ""}, {"password": "x" * 5000}, {"email": "\x00"}]
)  # fmt: skip
def test_a_wrong_sign_in_keeps_the_address_and_tells_nothing(client: FlaskClient, changes: dict[str, str]) -> None:
    answer = sign_in(client, **changes)

    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert PASSWORD not in answer.text
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize("email", [ACCOUNT["email"], "nobody@example.test"])
def test_guessing_an_account_known_or_not_takes_longer_and_longer(
    client: FlaskClient, redis: Redis, email: str
) -> None:
    for _ in range(PER_ACCOUNT):
        assert sign_in(client, email=email, password=GUESS).status_code == 422
    held = sign_in(client, email=email)
    assert (held.status_code, held.headers["Retry-After"]) == (429, str(FIRST_PAUSE))
    assert f"Please wait {FIRST_PAUSE} seconds" in held.text

    for key in redis.keys("*:pause"):
        redis.delete(key)
    assert sign_in(client, email=email, password=GUESS).status_code == 422

    assert sign_in(client, email=email).headers["Retry-After"] == str(2 * FIRST_PAUSE)


def test_a_sign_in_that_works_forgets_the_failures_before_it(client: FlaskClient) -> None:
    for _ in range(PER_ACCOUNT - 1):
        sign_in(client, password=GUESS)
    assert sign_in(client).status_code == 303
    client.post("/sign-out")

    assert sign_in(client, password=GUESS).status_code == 422


@pytest.mark.parametrize(
    "onward", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)", "\t//evil"]
)
def test_signing_in_never_leads_away(client: FlaskClient, onward: str) -> None:
    assert sign_in(client, next=onward).headers["Location"] == "/account"


def test_a_shopper_sees_their_own_orders(shopper: Shopper) -> None:
    sign_in(shopper.client)
    assert "No orders yet" in shopper.client.get("/account").text
    shopper.ready().order()

    page = shopper.client.get("/account").text

    assert "/orders/" in page
    assert "?key=" in page
    assert shopper.client.get("/account?after=nonsense").status_code == 200


def test_a_known_shopper_need_not_type_the_address_again(shopper: Shopper) -> None:
    sign_in(shopper.client)
    shopper.add()

    assert DETAILS["email"] in shopper.client.get("/checkout/details").text


def test_a_known_shopper_is_not_called_a_guest(shopper: Shopper) -> None:
    sign_in(shopper.client)
    shopper.add("MUG-1")

    cart, details = shopper.client.get("/cart").text, shopper.client.get("/checkout/details").text

    assert ">Check out</a>" in cart
    assert "/sign-in" not in cart + details
    assert "as a guest" not in cart + details


def test_a_forged_session_is_nobody(client: FlaskClient) -> None:
    client.set_cookie("session", "eyJfdXNlcl9pZCI6IjEifQ.aaaa.bbbb")

    assert client.get("/account").status_code == 302
    assert client.get("/").status_code == 200


def test_the_cart_of_this_browser_joins_that_of_the_account_and_the_shopper_is_told(
    client: FlaskClient, shopper: Shopper, goods: object
) -> None:
    sign_in(client)
    shopper.add("MUG-1", 2)
    client.post("/sign-out")
    client.delete_cookie("cart")
    shopper.add("MUG-1", 1)

    back = sign_in(client, next="/cart")

    assert back.status_code == 303
    page = client.get("/cart").text
    assert "Harbour mug: 2 and 1 from two carts make 3." in page
    assert "Harbour mug: 2 and 1" not in client.get("/cart").text, "it is said once"
    count = client.get_cookie("cart_count")
    assert count is not None
    assert count.value == "3"


def test_the_cart_of_the_one_before_is_not_handed_on(
    client: FlaskClient, shopper: Shopper, goods: object, sessions: Sessions
) -> None:
    with transaction(sessions) as tx:
        make_shopper(tx, email="second@example.test")
    sign_in(client)
    shopper.add("MUG-1", 2)
    client.post("/sign-out")

    sign_in(client, email="second@example.test")

    assert "Harbour mug" not in client.get("/cart").text


def test_own_orders_are_found_by_number_goods_and_sku_and_no_others(
    shopper: Shopper, sessions: Sessions, new_client: Callable[[], FlaskClient]
) -> None:
    other = Shopper(new_client())
    other.ready("VASE-1").order()
    sign_in(shopper.client)
    shopper.ready("MUG-1").order()
    with transaction(sessions) as tx:
        pay(tx, tx.scalars(select(Order.id).where(Order.shopper_id.is_not(None))).one())
    shopper.ready("BOWL-S").order()
    with transaction(sessions) as tx:
        found = tx.execute(select(OrderLine.sku, Order.number).join(Order)).all()
        number = {row.sku: row.number for row in found}

    def finds(q: str, **headers: str) -> set[str]:
        page = shopper.client.get("/account", query_string={"q": q}, headers=headers).text
        return {sku for sku, its in number.items() if f"Order {its}" in page}

    assert finds("") == {"MUG-1", "BOWL-S"}
    assert finds(number["MUG-1"].lower()) == {"MUG-1"}
    assert finds(number["MUG-1"][-4:]) == {"MUG-1"}
    assert finds("salt sand") == {"BOWL-S"}
    assert finds("bowl-s", **PART) == {"BOWL-S"}
    assert finds("salt mug") == set()
    assert finds("%") == set()
    assert finds("vase") == set()
    assert finds(number["VASE-1"]) == set()
    assert "No order of yours holds “vase”" in shopper.client.get("/account?q=vase").text
    assert shopper.client.get("/account?q=mug", headers=PART).text.startswith("<hx-partial")


@pytest.mark.parametrize(
    ("onward", "lands"),
    [("/account", "/account"), ("/checkout/details", "/checkout/details"), ("/p/harbour-mug", "/cart")],
)
def test_what_became_of_the_carts_is_said_where_the_shopper_lands(
    shopper: Shopper, new_client: Callable[[], FlaskClient], onward: str, lands: str
) -> None:
    elsewhere = new_client()
    sign_in(elsewhere)
    elsewhere.post("/cart/lines", data={"sku": "MUG-1", "quantity": 2})
    shopper.add("MUG-1", 3)

    answer = sign_in(shopper.client, next=onward)

    assert answer.headers["Location"] == lands
    page = shopper.client.get(lands).text
    assert "Harbour mug" in page
    assert '<p class="notice"' in page
