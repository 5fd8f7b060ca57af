"""Staff answer returns, receive them, and give money back by item, delivery or plain amount."""

import html
import re

import pytest
from sqlalchemy import text

from domain.orders.commands import ask_return, decide_return, ship
from domain.orders.commands.papers import issue_invoice
from domain.orders.queries import admin_order
from domain.shared.db import transaction, utcnow
from tests.factories.catalog import make_product
from tests.factories.orders import make_order


@pytest.fixture
def order(sessions):
    """A paid order for three mugs."""
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG", title="Green mug", price=1250, on_hand=10)
        return admin_order(tx, make_order(tx, sku="MUG", quantity=3, paid=True).number)


@pytest.fixture
def asked(sessions, order):
    """A return of two of them, which were sent."""
    with transaction(sessions) as tx:
        ship(tx, order_id=order.id, actor="staff", carrier="An Post", tracking_number="1")
        return ask_return(
            tx, order_id=order.id, quantities={order.lines[0].id: 2}, reason="Too small", actor="shopper",
            now=utcnow(), days=30,
        )  # fmt: skip


def one(sessions, statement):
    with sessions() as session:
        return session.scalar(text(statement))


def test_a_return_is_answered_received_and_refunded(staff, sessions, order, asked):
    client, page = staff("support"), f"/returns/{asked}"
    assert order.number in client.get("/returns").text
    assert "Too small" in client.get(page).text
    assert client.post(f"{page}/decision", data={"decision": "approve"}).status_code == 422

    answer = client.post(f"{page}/decision", data={"decision": "approve", "answer": "Send it to 1 Row."})
    assert (answer.status_code, answer.location) == (303, page)
    line = order.lines[0].id
    wrong = client.post(f"{page}/receipt", data={f"received-{line}": "3", "refund": "y"})
    assert wrong.status_code == 422
    client.post(f"{page}/receipt", data={f"received-{line}": "2", f"restock-{line}": "y", "refund": "y"})

    assert "2 received, 2 on the shelf" in client.get(page).text
    assert one(sessions, "SELECT sum(amount) FROM payments.refunds") == 2500
    assert one(sessions, "SELECT on_hand FROM catalog.stock") == 9
    assert "2 returned" in client.get(f"/orders/{order.number}").text


@pytest.fixture
def several(sessions):
    """Five returns in the order they were asked for; the third was refused. The pairs are of an order and a return."""
    made = []
    with transaction(sessions) as tx:
        make_product(tx, sku="CUP", title="Cup", on_hand=10)
        for n in range(5):
            order = make_order(tx, sku="CUP", paid=True, email=f"a{n}@example.com")
            ship(tx, order_id=order.order_id, actor="staff", carrier="An Post", tracking_number=f"P{n}")
            line = admin_order(tx, order.number).lines[0].id
            back = ask_return(
                tx, order_id=order.order_id, quantities={line: 1}, reason="x", actor="shopper", now=utcnow(), days=30
            )
            made.append((order.number, back))
        decide_return(tx, return_id=made[2][1], approve=False, answer="It was used.", actor="staff")
    return made


def listed(client, **query):
    """Walk every page of the list and return the orders' numbers as they stand on it."""
    address, found = "/returns", []
    page = client.get(address, query_string=query).text
    while True:
        found += re.findall(r'<a class="nowrap" href="/orders/([^"/?]+)">', page)
        further = re.search(r'rel="next" href="([^"]+)"', page)
        if not further:
            return found
        page = client.get(html.unescape(further.group(1))).text


def test_every_return_is_on_the_list_however_many_wait(staff, several, monkeypatch):
    monkeypatch.setattr("admin.views.returns.PER_PAGE", 2)
    client, numbers = staff("support"), [number for number, _ in several]

    assert listed(client) == [numbers[0], numbers[1], numbers[3], numbers[4]]
    assert listed(client, show="closed") == [numbers[2]]
    assert listed(client, show="all") == numbers[::-1]
    assert listed(client, show="wrong", after="wrong") == listed(client)


def test_returns_are_found_as_their_orders_are(staff, sessions, several):
    with transaction(sessions) as tx:
        tx.execute(
            text("UPDATE orders.orders SET shipping_address = shipping_address || :name WHERE number = :number"),
            {"name": '{"name": "Zoë Brien"}', "number": several[1][0]},
        )
    client, numbers = staff("support"), [number for number, _ in several]

    assert listed(client, q=numbers[3].lower()) == [numbers[3]]
    assert listed(client, q="A4@example.com") == [numbers[4]]
    assert listed(client, q="zoë") == [numbers[1]]
    assert listed(client, q="P0") == [numbers[0]]
    assert listed(client, q=numbers[2]) == []
    assert listed(client, q=numbers[2], show="all") == [numbers[2]]
    assert "that matches “nobody”" in client.get("/returns?q=nobody").text

    found = client.get(f"/returns?q={numbers[3]}", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert found.text.startswith('<hx-partial hx-target="#rows"')
    assert "<h1>" not in found.text


def test_a_return_is_refused_once(staff, sessions, asked):
    client, page = staff("support"), f"/returns/{asked}"
    client.post(f"{page}/decision", data={"decision": "refuse", "answer": "It was used."})

    answer = client.post(f"{page}/decision", data={"decision": "approve", "answer": "Well."})

    assert answer.status_code == 409
    assert "already refused" in answer.text
    assert client.post(f"{page}/receipt", data={"refund": "y"}).status_code == 409


def test_money_goes_back_by_item_and_delivery(staff, sessions, order):
    client, page = staff("support"), f"/orders/{order.number}/refunds"
    assert "3 of 3 left, 3 not sent" in client.get(page).text

    answer = client.post(
        page, data={f"quantity-{order.lines[0].id}": "1", "delivery": "1.00", "restock": "y", "reason": "Broken"}
    )

    assert (answer.status_code, answer.location) == (303, f"/orders/{order.number}")
    assert one(sessions, "SELECT sum(amount) FROM payments.refunds") == 1350
    assert one(sessions, "SELECT reserved FROM catalog.stock") == 2
    assert "1 refunded before sending" in client.get(answer.location).text


def test_a_plain_amount_goes_back(staff, sessions, order):
    answer = staff("support").post(f"/orders/{order.number}/refunds", data={"amount": "2,50", "reason": "A gesture"})

    assert answer.status_code == 303
    assert one(sessions, "SELECT sum(amount) FROM payments.refunds") == 250


@pytest.mark.parametrize(
    ("typed", "status", "words"),
    [
        ({"amount": "2.50"}, 422, "Say why"),
        ({"reason": "x"}, 422, "at least one item"),
        ({"reason": "x", "amount": "ten"}, 422, "Enter an amount"),
        ({"reason": "x", "amount": "999999"}, 422, ""),
        ({"reason": "x", "delivery": "999"}, 422, "beyond what was paid"),
        ({"reason": "x", "line": "4"}, 422, "from 0 to 3"),
        ({"reason": "x", "line": "-1"}, 422, "from 0 to 3"),
        ({"reason": "x", "line": "1", "amount": "1"}, 422, "not both at once"),
    ],
)
def test_a_refund_that_makes_no_sense_is_refused_with_a_word(staff, sessions, order, typed, status, words):
    data = {(f"quantity-{order.lines[0].id}" if name == "line" else name): value for name, value in typed.items()}

    answer = staff("support").post(f"/orders/{order.number}/refunds", data=data)

    assert answer.status_code == status
    assert "There is a problem" in answer.text
    assert words in answer.text
    assert one(sessions, "SELECT count(*) FROM payments.refunds") == 0


def test_staff_print_slip_and_invoice(staff, sessions, order):
    with transaction(sessions) as tx:
        issue_invoice(tx, order_id=order.id)
    client = staff("orders")
    assert "INV-000001" in client.get(f"/orders/{order.number}").text

    for part in ("slip", "papers/INV-000001"):
        answer = client.get(f"/orders/{order.number}/{part}")
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
