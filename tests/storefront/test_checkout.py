"""The checkout, step by step: nothing skipped, nothing lost, nothing ordered that was not agreed."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from sqlalchemy import func, select

from domain.cart.queries import checkout
from domain.catalog.commands import correct, set_price
from domain.orders.models import Order, OrderLine
from domain.shared.db import Sessions, transaction
from tests.statements import Statements
from tests.storefront.conftest import DETAILS, Goods, Shopper, order_path
from tests.storefront.gateway import ScriptedGateway


def _orders(sessions: Sessions) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(Order)) or 0


def test_a_guest_orders_and_is_led_to_the_gateway(
    shopper: Shopper, sessions: Sessions, gateway: ScriptedGateway
) -> None:
    answer = shopper.ready("MUG-1", 2).order()

    assert answer.status_code == 303
    [request] = gateway.requests
    assert answer.headers["Location"] == f"http://pay.test/{request.payment_id}"
    assert (request.amount, request.currency, request.email) == (2900, "EUR", "aoife@example.test")
    with sessions() as session:
        order = session.scalars(select(Order)).one()
        assert (order.state, order.subtotal, order.delivery, order.total) == ("placed", 2400, 500, 2900)
        assert order.shipping_address["city"] == "Howth"
        assert session.scalars(select(OrderLine.quantity)).all() == [2]
    path, key = order_path(gateway)
    assert path == f"/orders/{order.number}"
    assert key == order.access_key


def test_the_whole_guest_checkout_costs_at_most_sixty_statements(
    shopper: Shopper, gateway: ScriptedGateway, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    shopper.client.get("/p/harbour-mug")

    with statements() as seen:
        shopper.client.get("/p/harbour-mug")
        shopper.add()
        for path in ("/cart", "/checkout", "/checkout/details"):
            shopper.client.get(path)
        shopper.details()
        shopper.client.get("/checkout/delivery")
        shopper.delivery()
        shopper.order()
        gateway.state = "captured"
        back = shopper.client.get("{}/return?key={}".format(*order_path(gateway)))
        shopper.client.get(back.headers["Location"])

    assert len(seen) <= 60, len(seen)


@pytest.mark.parametrize("path", ["", "/details", "/delivery", "/review"])
def test_without_a_cart_there_is_no_checkout(shopper: Shopper, path: str) -> None:
    answer = shopper.client.get(f"/checkout{path}")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/cart")


def test_no_step_can_be_skipped(shopper: Shopper) -> None:
    shopper.add()
    for path in ("", "/delivery", "/review"):
        assert shopper.client.get(f"/checkout{path}").headers["Location"] == "/checkout/details"
    assert shopper.delivery().headers["Location"] == "/checkout/details"
    shopper.details()
    for path in ("", "/review"):
        assert shopper.client.get(f"/checkout{path}").headers["Location"] == "/checkout/delivery"
    shopper.delivery()
    assert shopper.client.get("/checkout").headers["Location"] == "/checkout/review"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"email": ""}, "Enter your e-mail address."),
        ({"email": "aoife"}, "Enter an e-mail address in the form name@example.com."),
        ({"email": "a@b.test\r\nBcc: x@y.test"}, "Enter an e-mail address in the form name@example.com."),
        ({"name": ""}, "Enter a name."),
        ({"name": "   "}, "Enter a name."),
        ({"line1": ""}, "Enter the street and the house number."),
        ({"city": "x" * 121}, "Use at most 120 characters."),
        ({"country": "DE", "postcode": "D13"}, "Enter a postcode of this country."),
        ({"country": "CH", "postcode": "8001"}, "We do not deliver to this country yet."),
        ({"country": ""}, "Choose a country."),
        ({"country": "<script>"}, "Choose a country."),
        ({"billing_differs": "y", "billing_country": "IE"}, "Enter a name."),
    ],
)
def test_a_refused_answer_is_said_at_its_field_and_the_others_are_kept(
    shopper: Shopper, sessions: Sessions, changes: dict[str, str], message: str
) -> None:
    shopper.add()

    answer = shopper.details(**changes)

    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert answer.text.count(message) >= 2
    kept = next(value for name, value in DETAILS.items() if name not in changes and value and name != "country")
    assert kept in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "山田 花子", "line1": "千代田1-1", "city": "東京", "country": "JP", "postcode": "100-0001"},
        {"name": "محمد علي", "line1": "شارع ١٢", "city": "دبلن"},
        {"name": "Ірина Ковальчук 🌻", "line1": "вул. Лесі 5", "city": "Київ"},
        {"name": "Seán O'Connor-Ní Bhriain", "line1": "Árd na Gréine", "postcode": ""},
        {"name": "Zoe\u0308 \u202eEvil", "line1": "1", "city": "X"},
        {"email": "用户@例子.公司"},
    ],
)
def test_an_address_in_any_script_is_taken_and_shown(shopper: Shopper, changes: dict[str, str]) -> None:
    shopper.add()

    answer = shopper.details(**changes)

    if "\u202e" in changes.get("name", ""):
        assert answer.status_code == 422
        return
    assert answer.status_code == 303
    shopper.delivery("post-abroad" if changes.get("country") == "JP" else "post")
    page = shopper.client.get("/checkout/review").text
    for value in changes.values():
        assert {"JP": "Japan"}.get(value, value).replace("'", "&#39;") in page


def test_another_address_for_the_bill_is_kept_apart(shopper: Shopper, sessions: Sessions) -> None:
    shopper.add()
    billing = {"billing_differs": "y", "billing_name": "Byrne Ltd", "billing_line1": "1 Quay", "billing_city": "Cork",
               "billing_country": "IE"}  # fmt: skip
    shopper.details(**billing)
    cookie = shopper.client.get_cookie("cart")
    assert cookie
    with sessions() as session:
        found = checkout(session, UUID(cookie.value))
    assert found.shipping_address
    assert found.billing_address
    assert (found.shipping_address["name"], found.billing_address["name"]) == ("Aoife Byrne", "Byrne Ltd")


def test_a_delivery_that_does_not_go_there_is_refused(shopper: Shopper) -> None:
    shopper.add()
    shopper.details(country="JP", postcode="100-0001")

    for method in ("courier", "post", "none", ""):
        answer = shopper.delivery(method)
        assert answer.status_code == 422
        assert "There is a problem" in answer.text
    assert shopper.delivery("post-abroad").status_code == 303


def test_the_same_submit_twice_gives_one_order_and_one_payment(
    shopper: Shopper, sessions: Sessions, gateway: ScriptedGateway
) -> None:
    form = shopper.ready().agreement()

    first = shopper.client.post("/checkout/order", data=form)
    second = shopper.client.post("/checkout/order", data=form)

    assert first.headers["Location"] == second.headers["Location"]
    assert _orders(sessions) == 1
    assert len(gateway.requests) == 1


def test_the_same_submit_after_it_was_paid_leads_to_the_order(
    shopper: Shopper, sessions: Sessions, gateway: ScriptedGateway
) -> None:
    form = shopper.ready().agreement()
    shopper.client.post("/checkout/order", data=form)
    gateway.state = "captured"
    path, key = order_path(gateway)
    shopper.client.get(f"{path}/return?key={key}")

    again = shopper.client.post("/checkout/order", data=form, follow_redirects=True)

    assert (again.status_code, again.request.path) == (200, path)
    assert _orders(sessions) == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"agreed_total": "1"}, 409),
        ({"agreed_total": "1699"}, 409),
        ({"token": "00000000-0000-0000-0000-000000000000"}, 409),
        ({"agreed_total": "-1700"}, 422),
        ({"agreed_total": "abc"}, 422),
        ({"agreed_total": "9" * 40}, 422),
        ({"agreed_total": ""}, 422),
        ({"token": ""}, 422),
        ({"token": "x"}, 422),
        ({"gateway": "free"}, 422),
    ],
)
def test_a_tampered_agreement_orders_nothing(
    shopper: Shopper, sessions: Sessions, gateway: ScriptedGateway, changes: dict[str, str], status: int
) -> None:
    answer = shopper.ready().order(**changes)

    assert answer.status_code == status
    assert 'name="agreed_total"' in answer.text
    assert _orders(sessions) == 0
    assert gateway.requests == []


def test_a_price_that_changed_after_the_check_is_shown_before_anything_is_ordered(
    shopper: Shopper, sessions: Sessions, goods: Goods
) -> None:
    form = shopper.ready().agreement()
    with transaction(sessions) as tx:
        set_price(tx, variant_id=goods.mug.variant_id, price=1400, compare_at=None)

    answer = shopper.client.post("/checkout/order", data=form)

    assert answer.status_code == 409
    assert "has changed since you checked" in answer.text
    assert "€19.00" in answer.text
    assert _orders(sessions) == 0
    assert shopper.order().status_code == 303


def test_what_sold_out_between_check_and_order_is_named_with_what_is_left(
    shopper: Shopper, sessions: Sessions, goods: Goods, gateway: ScriptedGateway
) -> None:
    form = shopper.ready("MUG-1", 5).agreement()
    with transaction(sessions) as tx:
        correct(tx, variant_id=goods.mug.variant_id, on_hand=2, reason="Counted", actor="test")

    answer = shopper.client.post("/checkout/order", data=form)

    assert answer.status_code == 409
    assert "no longer available in this quantity" in answer.text
    assert "Harbour mug" in answer.text
    assert re.search(r"\b2\b[^<]*left", answer.text)
    assert 'href="/cart"' in answer.text
    assert (_orders(sessions), gateway.requests) == (0, [])


def test_an_unreachable_gateway_leaves_an_order_that_can_be_paid_later(
    shopper: Shopper, sessions: Sessions, gateway: ScriptedGateway
) -> None:
    gateway.reachable = False
    page = shopper.ready().client.post("/checkout/order", data=shopper.agreement(), follow_redirects=True)

    assert page.status_code == 200
    assert "cannot be reached" in page.text
    assert _orders(sessions) == 1
    gateway.reachable = True
    action = re.search(r'action="(/orders/[^"]+/payments\?key=[^"]+)"', page.text)
    assert action
    again = shopper.client.post(action.group(1).replace("&amp;", "&"))
    assert again.headers["Location"].startswith("http://pay.test/")
    assert _orders(sessions) == 1


def test_a_guest_goes_on_first_and_the_code_is_folded_away(shopper: Shopper) -> None:
    shopper.add("MUG-1")

    cart, details = shopper.client.get("/cart").text, shopper.client.get("/checkout/details").text
    guest = re.search(r'<a class="button primary big" href="/checkout/details">Check out as a guest</a>', cart)
    sign_in = cart.find('href="/sign-in?next=/checkout"')
    assert guest
    assert guest.end() < sign_in
    assert 'href="/sign-in?next=/checkout/details"' in details
    assert "No account needed" in details
    shopper.ready()
    for page in (cart, shopper.client.get("/checkout/review").text):
        folded = re.search(r"<details>\s*<summary>Have a code\?</summary>(.*?)</details>", page, re.S)
        assert folded
        assert 'name="code"' in folded[1]
        assert page.count('name="code"') == 1
