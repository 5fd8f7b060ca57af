"""Staff look for orders, pack, ship, deliver and cancel them."""

import re
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from domain.catalog import queries as catalog
from domain.orders import queries
from domain.shared.db import transaction
from domain.shared.outbox import OutboxMessage
from domain.users.commands.roles import create_role
from tests.factories.catalog import make_product
from tests.factories.notifications import make_message
from tests.factories.orders import make_order

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def mug(sessions):
    """A mug of which ten are on hand."""
    with transaction(sessions) as tx:
        return make_product(tx, sku="MUG-GREEN", title="Green mug", price=1250, on_hand=10)


@pytest.fixture
def order(sessions, mug):
    """A paid order for three mugs."""
    with transaction(sessions) as tx:
        return make_order(tx, sku=mug.sku, quantity=3, paid=True)


def read(sessions, number):
    with sessions() as reading:
        return queries.admin_order(reading, number)


def stock(sessions, mug):
    with sessions() as reading:
        level = catalog.stock_level(reading, mug.variant_id)
        return level.on_hand, level.reserved


def events(sessions):
    with sessions() as reading:
        return list(reading.scalars(select(OutboxMessage.name).order_by(OutboxMessage.position)))


def parcel(order, quantity=3, **more):
    line = f"quantity-{order.lines[0].id}"
    return {"carrier": "An Post", "tracking_number": "CE123456785IE", line: str(quantity)} | more


def test_each_message_leads_to_where_it_is_sent_again(staff, sessions, order):
    with transaction(sessions) as tx:
        message = make_message(tx, order_id=order.order_id)
    page = f"/orders/{order.number}"

    found = re.search(
        r'<h2 id="messages">.*?<a href="([^"]+)">Order placed</a>', staff("orders").get(page).text, re.DOTALL
    )

    assert found.group(1) == f"/notifications/{message}"
    with transaction(sessions) as tx:
        create_role(tx, name="packers", description="", permissions={"orders:read"}, giver={"*"})
    packer = staff("packers").get(page).text
    assert "Order placed</strong>" in packer
    assert f"/notifications/{message}" not in packer


def test_an_order_is_packed_shipped_and_delivered(staff, sessions, order, mug):
    client, page = staff("orders", "Olive"), f"/orders/{order.number}"

    packed = client.post(f"{page}/packing")
    assert (packed.status_code, packed.location) == (303, page)
    assert "The order is packed." in client.get(page).text
    shipped = client.post(f"{page}/shipments", data=parcel(read(sessions, order.number)))
    assert (shipped.status_code, shipped.location) == (303, page)
    assert "CE123456785IE" in client.get(page).text
    assert stock(sessions, mug) == (7, 0)
    assert client.post(f"{page}/delivery").status_code == 303

    found = read(sessions, order.number)
    assert found.state == "delivered"
    assert [(entry.kind, entry.actor) for entry in found.timeline][:3] == [
        ("delivered", "Olive"), ("shipped", "Olive"), ("packed", "Olive"),
    ]  # fmt: skip
    assert events(sessions)[-3:] == ["orders.order_packed", "orders.order_shipped", "orders.order_delivered"]


def test_part_of_an_order_is_shipped_and_the_rest_later(staff, sessions, order, mug):
    client, page = staff("orders"), f"/orders/{order.number}"
    found = read(sessions, order.number)

    client.post(f"{page}/shipments", data=parcel(found, 2, tracking_number="ONE"))
    assert read(sessions, order.number).state == "paid"
    assert stock(sessions, mug) == (8, 1)
    assert "1 left" in client.get(page).text
    client.post(f"{page}/shipments", data=parcel(found, 1, tracking_number="TWO"))

    shipped = read(sessions, order.number)
    assert shipped.state == "shipped"
    assert [(one.tracking_number, one.lines[0].quantity) for one in shipped.shipments] == [("ONE", 2), ("TWO", 1)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"carrier": " "}, "Enter who carries the parcel."),
        ({"tracking_number": ""}, "Enter the tracking number."),
        ({"tracking_number": "x" * 121}, "Field cannot be longer than 120 characters."),
        ({"quantity": "4"}, "only 3 are left to ship"),
        ({"quantity": "-1"}, "enter a whole number from 0 to 3"),
        ({"quantity": "abc"}, "enter a whole number from 0 to 3"),
        ({"quantity": "1000000000000"}, "enter a whole number from 0 to 3"),
        ({"quantity": "٣"}, "enter a whole number from 0 to 3"),
        ({"quantity": "0"}, "Enter how many of at least one item"),
        ({"quantity": ""}, "Enter how many of at least one item"),
    ],
)
def test_a_parcel_that_cannot_be_is_refused_and_what_was_typed_stays(staff, sessions, order, mug, change, message):
    found = read(sessions, order.number)
    data = parcel(found) | {name: value for name, value in change.items() if name != "quantity"}
    if "quantity" in change:
        data[f"quantity-{found.lines[0].id}"] = change["quantity"]

    refused = staff("orders").post(f"/orders/{order.number}/shipments", data=data)

    assert refused.status_code == 422
    assert message in refused.text
    assert "<title>Problem: " in refused.text
    assert f'value="{data["tracking_number"]}"' in refused.text
    assert read(sessions, order.number).state == "paid"
    assert stock(sessions, mug) == (10, 3)


def test_two_staff_ship_at_once_and_one_is_told(staff, sessions, order, mug):
    data, start, answers = parcel(read(sessions, order.number)), Barrier(2), []
    clients = [(staff("orders", name), number) for name, number in (("Olive", "FIRST"), ("Otto", "SECOND"))]

    def ship(client, number):
        start.wait()
        answers.append(client.post(f"/orders/{order.number}/shipments", data=data | {"tracking_number": number}))

    threads = [Thread(target=ship, args=args) for args in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert (won.status_code, lost.status_code) == (303, 409)
    assert f"Order {order.number} is shipped, so it can no longer be marked as shipped." in lost.text
    found = read(sessions, order.number)
    assert (found.state, len(found.shipments)) == ("shipped", 1)
    assert stock(sessions, mug) == (7, 0)


def test_an_order_that_moved_on_says_so_with_a_conflict(staff, sessions, order):
    client, page = staff("orders"), f"/orders/{order.number}"
    data = parcel(read(sessions, order.number))
    client.post(f"{page}/shipments", data=data)

    late = client.post(f"{page}/packing")
    assert late.status_code == 409
    assert f"Order {order.number} is shipped" in late.text
    later = client.post(f"{page}/shipments", data=data | {"tracking_number": "OTHER"})
    assert later.status_code == 409
    assert client.post(f"{page}/shipments", data=data).status_code == 303, "the same parcel again changes nothing"
    assert len(read(sessions, order.number).shipments) == 1


def test_an_order_is_cancelled_and_its_items_go_back(staff, sessions, order, mug):
    client, page = staff("orders"), f"/orders/{order.number}"
    asked = client.get(f"{page}/cancellation")
    assert asked.status_code == 200
    assert "This cannot be undone." in asked.text
    assert read(sessions, order.number).state == "paid", "asking changes nothing"

    done = client.post(f"{page}/cancellation", data={"reason": "Shopper changed <their> mind", "restock": "y"})

    assert (done.status_code, done.location) == (303, page)
    found = read(sessions, order.number)
    assert (found.state, stock(sessions, mug)) == ("cancelled", (10, 0))
    assert [refund.amount for refund in found.refunds] == [found.total]
    text = client.get(page).text
    assert "Shopper changed &lt;their&gt; mind" in text
    assert "/shipments" not in text
    assert client.get(f"{page}/cancellation").location == page


def test_cancelled_items_that_are_broken_do_not_go_back(staff, sessions, order, mug):
    staff("orders").post(f"/orders/{order.number}/cancellation", data={"reason": "Broken in the store"})

    assert stock(sessions, mug) == (7, 0)


def test_cancelling_takes_a_reason(staff, sessions, order):
    refused = staff("orders").post(f"/orders/{order.number}/cancellation", data={"reason": " ", "restock": "y"})

    assert refused.status_code == 422
    assert "Say why" in refused.text
    assert read(sessions, order.number).state == "paid"


def test_a_shipped_order_cannot_be_cancelled(staff, sessions, order):
    client = staff("orders")
    client.post(f"/orders/{order.number}/shipments", data=parcel(read(sessions, order.number)))

    refused = client.post(f"/orders/{order.number}/cancellation", data={"reason": "Too late", "restock": "y"})

    assert refused.status_code == 409
    assert read(sessions, order.number).state == "shipped"


def test_support_sees_orders_and_cannot_ship_them(staff, sessions, order):
    client, page = staff("support"), f"/orders/{order.number}"

    text = client.get(page).text
    assert "/packing" not in text
    assert "/shipments" not in text
    assert f"{page}/cancellation" in text
    assert client.post(f"{page}/packing").status_code == 403
    assert read(sessions, order.number).state == "paid"


def test_an_action_by_htmx_answers_with_the_order_alone(staff, order):
    response = staff("orders").post(f"/orders/{order.number}/packing", headers=PARTIAL)

    assert response.status_code == 200
    assert response.text.startswith('<hx-partial hx-target="#order"')
    assert "<html" not in response.text
    assert "The order is packed." in response.text
    assert "HX-Request-Type" in response.headers["Vary"]


def test_an_order_that_does_not_exist_is_not_found(staff):
    client = staff("orders")

    for path in ("/orders/NONE", "/orders/NONE%27--", "/orders/" + "9" * 500):
        assert client.get(path).status_code == 404
    assert client.post("/orders/NONE/packing").status_code == 404


def test_what_shoppers_typed_is_escaped(staff, sessions, order):
    from sqlalchemy import text

    with transaction(sessions) as tx:
        tx.execute(
            text("UPDATE orders.orders SET shipping_address = shipping_address || :name"),
            {"name": '{"name": "<img src=x onerror=alert(1)>"}'},
        )
    client = staff("orders")

    for path in ("/orders", f"/orders/{order.number}", "/"):
        page = client.get(path).text
        assert "&lt;img src=x" in page, path
        assert "<img src=x" not in page, path
