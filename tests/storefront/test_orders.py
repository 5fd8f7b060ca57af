"""The order's page: by its link alone, live while something may happen, paid once."""

import re

import pytest
from sqlalchemy import select

from domain.orders.commands import cancel, deliver, pack, request_refund, settle_refund, ship
from domain.orders.models import Order
from domain.orders.states import CANCELLED, DELIVERED, PACKED, PAID, PLACED, REFUNDED, SHIPPED, TRANSITIONS
from domain.payments.gateways.port import RefundOutcome
from domain.shared.db import Sessions, transaction
from storefront.live import ASK_EVERY
from tests.storefront.conftest import PART, Shopper, order_path
from tests.storefront.gateway import ScriptedGateway


@pytest.fixture
def link(shopper: Shopper, gateway: ScriptedGateway) -> tuple[str, str]:
    """Place an order and return its path and key."""
    assert shopper.ready("MUG-1", 2).order().status_code == 303
    return order_path(gateway)


def _state(sessions: Sessions) -> str:
    with sessions() as session:
        return session.scalars(select(Order.state)).one()


def test_back_from_the_gateway_the_gateways_word_counts(
    shopper: Shopper, sessions: Sessions, gateway: ScriptedGateway, link: tuple[str, str]
) -> None:
    path, key = link
    pending = shopper.client.get(f"{path}/return?key={key}&status=captured&paid=1")
    assert pending.status_code == 303
    assert _state(sessions) == "placed"

    gateway.state = "captured"
    answer = shopper.client.get(f"{path}/return?key={key}")

    assert answer.headers["Location"] == f"{path}?key={key}&placed=1"
    assert _state(sessions) == "paid"
    assert any(cookie.startswith("cart_count=;") for cookie in answer.headers.getlist("Set-Cookie"))
    assert "Paid" in shopper.client.get(answer.headers["Location"]).text
    assert shopper.client.get(f"{path}/return?key={key}").status_code == 303


def test_a_refused_payment_says_why_and_can_be_tried_again(
    shopper: Shopper, sessions: Sessions, gateway: ScriptedGateway, link: tuple[str, str]
) -> None:
    path, key = link
    gateway.state, gateway.failure = "failed", "Your bank declined the card."

    page = shopper.client.get(f"{path}/return?key={key}", follow_redirects=True)

    assert "Your bank declined the card." in page.text
    assert f'action="{path}/payments?key={key}"' in page.text
    gateway.state, gateway.failure = "pending", None
    again = shopper.client.post(f"{path}/payments?key={key}")
    assert again.headers["Location"] == f"http://pay.test/{gateway.requests[-1].payment_id}"
    assert len(gateway.requests) == 2


def test_a_pending_payment_invites_no_second_one(
    shopper: Shopper, gateway: ScriptedGateway, link: tuple[str, str]
) -> None:
    path, key = link

    page = shopper.client.get(f"{path}?key={key}").text
    again = shopper.client.post(f"{path}/payments?key={key}")

    assert "/payments?" not in page
    assert again.headers["Location"] == f"http://pay.test/{gateway.requests[0].payment_id}"
    assert len(gateway.requests) == 1


@pytest.mark.parametrize("key", ["", "?key=", "?key=wrong", "?key=%00", "?key=é", "?key=" + "x" * 3000])
@pytest.mark.parametrize("what", ["", "/status", "/return"])
def test_a_wrong_key_answers_like_a_wrong_number(shopper: Shopper, link: tuple[str, str], key: str, what: str) -> None:
    wrong_key = shopper.client.get(f"{link[0]}{what}{key}")
    wrong_number = shopper.client.get(f"/orders/NOSUCH{what}{key}")

    assert wrong_key.status_code == wrong_number.status_code
    assert wrong_key.status_code in (400, 404)
    assert "aoife" not in wrong_key.text
    assert "Harbour" not in wrong_key.text


def test_a_wrong_key_pays_nothing(shopper: Shopper, link: tuple[str, str]) -> None:
    assert shopper.client.post(f"{link[0]}/payments?key=wrong").status_code == 404


def test_an_order_is_private_and_its_key_goes_nowhere(shopper: Shopper, link: tuple[str, str]) -> None:
    headers = shopper.client.get("{}?key={}".format(*link)).headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"


def test_an_open_page_asks_cheaply_and_hears_what_is_new(
    shopper: Shopper, sessions: Sessions, gateway: ScriptedGateway, link: tuple[str, str], statements: object
) -> None:
    path, key = link
    gateway.state = "captured"
    page = shopper.client.get(f"{path}/return?key={key}", follow_redirects=True).text
    live = re.search(r'hx-get="([^"]+/status[^"]+)"', page)
    assert live
    url = live.group(1).replace("&amp;", "&")
    assert f"every {ASK_EVERY}s" in page

    with statements() as seen:  # type: ignore[operator]
        assert shopper.client.get(url, headers=PART).status_code == 204
    assert len(seen) <= 2

    with transaction(sessions) as tx:
        order = tx.scalars(select(Order)).one()
        ship(tx, order_id=order.id, actor="test", carrier="An Post", tracking_number="AP123")
    news = shopper.client.get(url, headers=PART)
    assert news.status_code == 200
    assert news.text.startswith("<hx-partial")
    assert "AP123" in news.text
    assert shopper.client.get(url).status_code == 200


LAST = {DELIVERED, CANCELLED, REFUNDED}
WAYS = {
    PLACED: (),
    PAID: ("pay",),
    PACKED: ("pay", "pack"),
    SHIPPED: ("pay", "ship"),
    DELIVERED: ("pay", "ship", "deliver"),
    CANCELLED: ("cancel",),
    REFUNDED: ("pay", "refund"),
}


@pytest.mark.parametrize("state", TRANSITIONS)
def test_an_open_page_asks_until_nothing_more_is_to_happen(
    shopper: Shopper, sessions: Sessions, gateway: ScriptedGateway, link: tuple[str, str], state: str
) -> None:
    path, key = link
    page = shopper.client.get(f"{path}?key={key}").text
    asked = re.search(r'hx-get="([^"]+/status[^"]+)"', page)
    assert asked
    for step in WAYS[state]:
        if step == "pay":
            gateway.state = "captured"
            shopper.client.get(f"{path}/return?key={key}")
            continue
        with transaction(sessions) as tx:
            order_id = tx.scalars(select(Order.id)).one()
            if step == "pack":
                pack(tx, order_id=order_id, actor="test")
            elif step == "ship":
                ship(tx, order_id=order_id, actor="test", carrier="An Post", tracking_number="AP123")
            elif step == "deliver":
                deliver(tx, order_id=order_id, actor="test")
            elif step == "cancel":
                cancel(tx, order_id=order_id, actor="test", reason="By mistake")
            else:
                refund = request_refund(tx, order_id=order_id, actor="test", reason="Damaged")
                settle_refund(tx, refund_id=refund, outcome=RefundOutcome(state="succeeded", reference="r"))
    assert _state(sessions) == state

    whole = shopper.client.get(f"{path}?key={key}").text
    part = shopper.client.get(asked[1].replace("&amp;", "&"), headers=PART)
    assert part.status_code == (200 if WAYS[state] else 204)
    for text in (whole, part.text) if WAYS[state] else (whole,):
        assert ('hx-trigger="every ' in text) is (state not in LAST)
        assert ("/status?" in text) is (state not in LAST)
        assert ("Refresh</a>" in text) is (state not in LAST)
