"""What a buyer can do after the order: cancel it, send goods back, order them again; by the order's link alone."""

import re

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import selectinload

from domain.catalog.commands import set_price, unpublish
from domain.orders.commands import ship
from domain.orders.commands.papers import issue_invoice
from domain.orders.models import Order
from domain.shared.db import Sessions, transaction
from tests.storefront.conftest import Goods, Shopper, order_path
from tests.storefront.gateway import ScriptedGateway


@pytest.fixture
def link(shopper: Shopper, gateway: ScriptedGateway) -> tuple[str, str]:
    """Place and pay an order for two mugs and return its path and key."""
    assert shopper.ready("MUG-1", 2).order().status_code == 303
    path, key = order_path(gateway)
    gateway.state = "captured"
    shopper.client.get(f"{path}/return?key={key}")
    return path, key


def send(sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        order_id = tx.scalars(select(Order.id)).one()
        ship(tx, order_id=order_id, actor="staff", carrier="An Post", tracking_number="CE1")


def one(sessions: Sessions, statement: str) -> object:
    with sessions() as session:
        return session.scalar(text(statement))


def test_a_buyer_cancels_and_the_money_goes_back(shopper: Shopper, sessions: Sessions, link: tuple[str, str]) -> None:
    path, key = link
    assert f"{path}/cancellation?key={key}" in shopper.client.get(f"{path}?key={key}").text
    assert "goes back to you" in shopper.client.get(f"{path}/cancellation?key={key}").text

    answer = shopper.client.post(f"{path}/cancellation?key={key}")

    assert answer.headers["Location"] == f"{path}?key={key}"
    page = shopper.client.get(f"{path}?key={key}").text
    assert "Cancelled" in page
    assert "/cancellation" not in page
    assert one(sessions, "SELECT sum(amount) FROM payments.refunds") == one(sessions, "SELECT total FROM orders.orders")
    assert shopper.client.post(f"{path}/cancellation?key={key}").status_code == 303


def test_what_was_sent_is_no_longer_cancelled(shopper: Shopper, sessions: Sessions, link: tuple[str, str]) -> None:
    path, key = link
    send(sessions)

    assert shopper.client.get(f"{path}/cancellation?key={key}").status_code == 303
    answer = shopper.client.post(f"{path}/cancellation?key={key}")
    assert answer.status_code == 409
    assert "begun to pack" in answer.text


@pytest.mark.parametrize("part", ["cancellation", "returns"])
def test_a_wrong_key_opens_nothing(shopper: Shopper, sessions: Sessions, link: tuple[str, str], part: str) -> None:
    path, _ = link

    assert shopper.client.get(f"{path}/{part}?key=wrong").status_code == 404
    assert shopper.client.post(f"{path}/{part}?key=wrong").status_code == 404
    assert shopper.client.post(f"{path}/again").status_code == 404
    assert one(sessions, "SELECT state FROM orders.orders") == "paid"


def test_a_buyer_asks_to_send_something_back(shopper: Shopper, sessions: Sessions, link: tuple[str, str]) -> None:
    path, key = link
    address = f"{path}/returns?key={key}"
    assert "Nothing of this order can be sent back" in shopper.client.get(address).text
    send(sessions)
    assert address in shopper.client.get(f"{path}?key={key}").text
    form = shopper.client.get(address).text
    name = re.search(r'name="(quantity-[^"]+)"', form)
    assert name

    for wrong in ({name[1]: "3"}, {name[1]: "abc"}, {name[1]: "0"}, {}):
        answer = shopper.client.post(address, data=wrong | {"reason": "Too small"})
        assert answer.status_code == 422
        assert "There is a problem" in answer.text
        assert "Too small" in answer.text
    assert shopper.client.post(address, data={name[1]: "1"}).status_code == 422
    assert one(sessions, "SELECT count(*) FROM orders.returns") == 0

    answer = shopper.client.post(address, data={name[1]: "1", "reason": "Too small <b>"})
    assert answer.status_code == 303
    page = shopper.client.get(f"{path}?key={key}").text
    assert "Waiting for our answer" in page
    assert "<b>" not in page
    assert one(sessions, "SELECT quantity FROM orders.return_lines") == 1


def test_an_order_is_put_in_the_cart_again_as_far_as_it_is_sold(
    shopper: Shopper, sessions: Sessions, goods: Goods, link: tuple[str, str]
) -> None:
    path, key = link
    answer = shopper.client.post(f"{path}/again?key={key}")
    assert answer.headers["Location"] == "/cart"
    assert "Harbour mug" in shopper.client.get("/cart").text
    assert 'value="2"' in shopper.client.get("/cart").text

    with transaction(sessions) as tx:
        unpublish(tx, product_id=goods.mug.id)
    page = shopper.client.get(shopper.client.post(f"{path}/again?key={key}").headers["Location"]).text
    assert "Harbour mug: " in page


def test_ordering_again_says_what_costs_more_now(
    shopper: Shopper, sessions: Sessions, goods: Goods, link: tuple[str, str]
) -> None:
    path, key = link
    with transaction(sessions) as tx:
        set_price(tx, variant_id=goods.mug.variant_id, price=1350, compare_at=None)

    page = shopper.client.get(shopper.client.post(f"{path}/again?key={key}").headers["Location"]).text

    assert "Harbour mug cost €12.00 when you ordered it, and costs €13.50 now." in page


def test_the_buyer_sees_what_was_sent_and_what_is_still_to_come(
    shopper: Shopper, sessions: Sessions, link: tuple[str, str]
) -> None:
    path, key = link
    assert "Still to be sent" not in shopper.client.get(f"{path}?key={key}").text
    with transaction(sessions) as tx:
        order = tx.scalars(select(Order).options(selectinload(Order.lines))).one()
        line = order.lines[0].id
        ship(tx, order_id=order.id, actor="staff", carrier="An Post", tracking_number="CE0", quantities={line: 1})

    page = shopper.client.get(f"{path}?key={key}").text
    sent, to_come = page.split("Still to be sent")
    assert "1 × Harbour mug" in sent.split("Parcel with An Post")[1]
    assert "1 × Harbour mug" in to_come.split("</div>")[0]

    send(sessions)
    assert "Still to be sent" not in shopper.client.get(f"{path}?key={key}").text


def test_the_invoice_is_there_once_the_order_is_paid(
    shopper: Shopper, sessions: Sessions, link: tuple[str, str]
) -> None:
    path, key = link
    assert shopper.client.get(f"{path}/papers/INV-000001?key={key}").status_code == 404
    with transaction(sessions) as tx:
        issue_invoice(tx, order_id=tx.scalars(select(Order.id)).one())

    assert "INV-000001" in shopper.client.get(f"{path}?key={key}").text
    answer = shopper.client.get(f"{path}/papers/INV-000001?key={key}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF")
    assert shopper.client.get(f"{path}/papers/INV-000001?key=wrong").status_code == 404
