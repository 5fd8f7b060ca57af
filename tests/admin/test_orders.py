"""Staff look for orders, pack, ship, deliver and cancel them."""

import re
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from domain.catalog import queries as catalog
from domain.orders import commands, queries
from domain.shared.db import transaction
from domain.shared.outbox import OutboxMessage
from tests.factories.catalog import make_product
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


@pytest.fixture
def three(sessions, mug):
    """Three orders by different shoppers; the second is shipped."""
    with transaction(sessions) as tx:
        cup = make_product(tx, sku="CUP-1", title="Cup", on_hand=10)
        made = [
            make_order(tx, sku=mug.sku, paid=True, email="aoife@example.com"),
            make_order(tx, sku=cup.sku, paid=True, email="brian@example.com"),
            make_order(tx, sku=mug.sku, email="ciara@example.com"),
        ]
        commands.ship(tx, order_id=made[1].order_id, actor="Olive", carrier="An Post", tracking_number="TRACK99")
    return made


def numbers(page):
    return re.findall(r'<a class="nowrap" href="/orders/([^"/?]+)">', page)


def test_orders_are_listed_newest_first_and_by_state(staff, three):
    client, (first, second, third) = staff("orders"), [order.number for order in three]

    assert numbers(client.get("/orders").text) == [third, second, first]
    assert numbers(client.get("/orders?state=shipped").text) == [second]
    assert numbers(client.get("/orders?state=placed").text) == [third]
    assert numbers(client.get("/orders?state=wrong").text) == [third, second, first]
    assert "No order is here yet." in client.get("/orders?state=refunded").text


def test_orders_are_found_by_what_staff_have_at_hand(staff, sessions, three):
    from sqlalchemy import text

    with transaction(sessions) as tx:
        tx.execute(
            text("UPDATE orders.orders SET shipping_address = shipping_address || :name WHERE number = :number"),
            {"name": '{"name": "Zoë O’Brien-Łuczak"}', "number": three[2].number},
        )
    client, (first, second, third) = staff("orders"), [order.number for order in three]

    def found(q):
        return set(numbers(client.get("/orders", query_string={"q": q}).text))

    assert found(second) == {second}
    assert found(f" {second.lower()} ") == {second}
    assert found("Brian@Example.com") == {second}
    assert found("TRACK99") == {second}
    assert found("CUP-1") == {second}
    assert found("mug-green") == {first, third}
    assert found("zoë") == {third}
    assert found("łucz zo") == {third}
    for nothing in ("nobody", "x@example.com", "'; DROP TABLE orders.orders; --", ":*&|!", "%", "\\", "a" * 5000):
        assert found(nothing) == set(), nothing


def test_the_list_goes_on_where_the_page_ends(staff, three, monkeypatch):
    monkeypatch.setattr("admin.views.orders.PER_PAGE", 2)
    client, (first, second, third) = staff("orders"), [order.number for order in three]

    page = client.get("/orders")
    assert numbers(page.text) == [third, second]
    older = re.search(r'rel="next" href="([^"]+)"', page.text).group(1)
    assert numbers(client.get(older).text) == [first]
    assert client.get("/orders?after=wrong").status_code == 200


def test_a_search_by_htmx_answers_with_the_rows_alone(staff, three):
    response = staff("orders").get("/orders?q=brian@example.com", headers=PARTIAL)

    assert response.text.startswith('<hx-partial hx-target="#rows"')
    assert numbers(response.text) == [three[1].number]


def test_the_list_costs_the_same_at_any_length(staff, sessions, three, mug, statements):
    client = staff("orders")

    def cost():
        with statements() as seen:
            assert client.get("/orders").status_code == 200
        return len(seen)

    few = cost()
    with transaction(sessions) as tx:
        for _ in range(4):
            make_order(tx, sku=mug.sku)
    assert cost() == few <= 3


def test_the_first_page_counts_the_day(staff, three):
    page = staff("orders").get("/").text

    assert re.search(r"<dt>Orders</dt><dd>3</dd>", page)
    assert "2 paid" in page
    assert numbers(page) == [three[0].number]
