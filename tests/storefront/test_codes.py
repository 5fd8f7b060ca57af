"""The code field: applied, refused with the reason, waiting, taken out; in the cart and on the review."""

import html
from datetime import timedelta

import pytest
from redis import Redis
from sqlalchemy import text
from werkzeug.test import TestResponse

from domain.promotions.commands import end_promotion
from domain.promotions.kinds import FREE_DELIVERY
from domain.shared.db import Sessions, transaction, utcnow
from storefront.throttle import OFFERS
from tests.factories.promotions import make_promotion
from tests.factories.users import PASSWORD, make_shopper
from tests.storefront.conftest import DETAILS, PART, Shopper


def promote(sessions: Sessions, *codes: str, **values: object) -> object:
    with transaction(sessions) as tx:
        return make_promotion(tx, *codes, **values)


def enter(shopper: Shopper, code: str, *, back: str = "cart", **headers: str) -> TestResponse:
    return shopper.client.post("/cart/code", data={"code": code, "back": back}, headers=headers)


def words(answer: TestResponse) -> str:
    return html.unescape(answer.text)


def test_a_code_is_applied_shown_and_removed(shopper: Shopper, sessions: Sessions) -> None:
    promote(sessions, "WELCOME10", name="Welcome")
    shopper.add("MUG-1", 2)

    answer = enter(shopper, " welcome10 ")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/cart")
    cart = words(shopper.client.get("/cart"))
    for part in ("Welcome (WELCOME10)", "−€2.40", "€26.60", "Code <strong>WELCOME10</strong> is in your cart."):
        assert part in cart

    assert shopper.client.post("/cart/code/removal", data={"back": "cart"}).headers["Location"] == "/cart"
    assert "WELCOME10" not in shopper.client.get("/cart").text


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (None, "We do not know the code TEN. Please check it for slips: capitals do not matter."),
        ({"ends_at": utcnow() - timedelta(days=400)}, "TEN ended on "),
        ({"starts_at": utcnow() + timedelta(days=400)}, "TEN is valid from "),
    ],
)
def test_a_code_that_no_cart_makes_good_is_refused_at_its_field(
    shopper: Shopper, sessions: Sessions, values: dict[str, object] | None, why: str
) -> None:
    if values is not None:
        promote(sessions, "TEN", **values)
    shopper.add()

    answer = enter(shopper, "ten")

    assert answer.status_code == 422
    assert why in words(answer)
    assert 'aria-describedby="code-error"' in answer.text
    assert "<title>Problem: " in answer.text
    assert 'value="ten"' in answer.text
    assert "Have a code?" in shopper.client.get("/cart").text


def test_a_code_that_waits_says_what_is_missing_and_comes_in_by_itself(shopper: Shopper, sessions: Sessions) -> None:
    promote(sessions, "TWENTY", min_subtotal=2000)
    shopper.add("MUG-1")

    assert enter(shopper, "twenty").status_code == 303
    assert "TWENTY needs €20.00 in your cart: €8.00 more to go." in shopper.client.get("/cart").text
    shopper.add("MUG-1")
    assert "−€2.40" in shopper.client.get("/cart").text


def test_a_refused_code_leaves_the_one_before(shopper: Shopper, sessions: Sessions) -> None:
    promote(sessions, "TEN")
    shopper.add()
    enter(shopper, "ten")

    assert "Your cart keeps the code TEN." in enter(shopper, "nosuch").text
    assert "−€1.20" in shopper.client.get("/cart").text


def test_htmx_swaps_the_cart_and_says_what_became_of_the_code(shopper: Shopper, sessions: Sessions) -> None:
    promote(sessions, "TEN")
    shopper.add()

    assert "The code TEN is in your cart." in enter(shopper, "ten", **PART).text
    gone = shopper.client.post("/cart/code/removal", data={"back": "cart"}, headers=PART)
    assert (gone.status_code, "The code is taken out." in gone.text) == (200, True)
    refused = enter(shopper, "nosuch", **PART)
    assert (refused.status_code, 'hx-target="#cart-lines"' in refused.text) == (422, True)


def test_a_code_goes_along_to_the_order(shopper: Shopper, sessions: Sessions) -> None:
    promote(sessions, "TEN", name="Ten per cent")
    promote(sessions, kind=FREE_DELIVERY, name="Free post in November")
    shopper.ready("MUG-1", 2)

    answer = enter(shopper, "ten", back="review")
    assert answer.headers["Location"] == "/checkout/review"
    review = words(shopper.client.get("/checkout/review"))
    for part in ("Ten per cent (TEN)", "−€2.40", "Free post in November", "Order and pay €21.60"):
        assert part in review
    assert shopper.order().status_code == 303
    with sessions() as session:
        order = session.execute(text("SELECT number, access_key, total, discount, delivery FROM orders.orders")).one()
    assert tuple(order)[2:] == (2160, 240, 0)
    page = words(shopper.client.get(f"/orders/{order.number}?key={order.access_key}"))
    for part in ("Ten per cent (TEN)", "−€2.40", "Free post in November", "free delivery"):
        assert part in page


def test_a_code_is_refused_on_the_review_page_too(shopper: Shopper) -> None:
    shopper.ready()

    answer = enter(shopper, "nosuch", back="review")

    assert answer.status_code == 422
    assert "We do not know the code NOSUCH" in answer.text
    assert "Order and pay" in answer.text


def test_a_code_that_ends_before_the_button_is_asked_again_and_nothing_is_ordered(
    shopper: Shopper, sessions: Sessions
) -> None:
    promotion = promote(sessions, "TEN")
    shopper.ready()
    enter(shopper, "ten", back="review")
    agreed = shopper.agreement()
    with transaction(sessions) as tx:
        end_promotion(tx, promotion_id=promotion)

    answer = shopper.client.post("/checkout/order", data=agreed)

    assert answer.status_code == 409
    assert "TEN is no longer valid. Please check your order again." in answer.text
    assert "Order and pay €17.00" in answer.text
    assert shopper.order().status_code == 303


def test_the_code_stays_through_signing_in(shopper: Shopper, sessions: Sessions) -> None:
    promote(sessions, "TEN")
    shopper.add()
    enter(shopper, "ten")

    with transaction(sessions) as tx:
        make_shopper(tx, email=DETAILS["email"])
    account = {"email": DETAILS["email"], "password": PASSWORD}
    assert shopper.client.post("/sign-in", data=account).status_code == 303
    assert "−€1.20" in shopper.client.get("/cart").text


def test_guessing_is_slowed_down(shopper: Shopper, sessions: Sessions, redis: Redis) -> None:
    promote(sessions, "TEN")
    shopper.add()
    for number in range(OFFERS):
        assert enter(shopper, f"guess{number}").status_code == 422

    answer = enter(shopper, "ten")

    assert answer.status_code == 429
    assert "Too many codes that did not fit. Please wait 15 minutes." in answer.text
    assert int(answer.headers["Retry-After"]) > 800
    assert "−" not in shopper.client.get("/cart").text


def test_a_browser_without_a_cart_is_led_to_its_empty_cart(shopper: Shopper) -> None:
    assert enter(shopper, "ten").headers["Location"] == "/cart"
    assert shopper.client.post("/cart/code/removal").headers["Location"] == "/cart"


def test_the_window_announces_what_runs(shopper: Shopper, sessions: Sessions) -> None:
    promote(sessions, "TEN", announcement="TEN takes 10 % off.")
    promote(sessions, "OLD", announcement="Gone.", ends_at=utcnow() - timedelta(days=1))
    promote(sessions, announcement="Nothing to see yet.", starts_at=utcnow() + timedelta(days=1))

    page = shopper.client.get("/").text

    assert "TEN takes 10 % off." in page
    assert "Gone." not in page
    assert "Nothing to see yet." not in page
