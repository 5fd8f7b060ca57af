"""Staff find orders: the list, its states, its search and its pages."""

import re

import pytest
from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql

from domain.orders import commands
from domain.orders.models import Order
from domain.orders.queries.find import matching
from domain.shared.db import transaction
from tests.factories.catalog import make_product
from tests.factories.orders import make_order

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def mug(sessions):
    """A mug of which ten are on hand."""
    with transaction(sessions) as tx:
        return make_product(tx, sku="MUG-GREEN", title="Green mug", price=1250, on_hand=10)


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
    for number in ("TRACK99", "track99", " Track 99"):
        assert found(number) == {second}, number
    assert found("CUP-1") == {second}
    assert found("mug-green") == {first, third}
    assert found("zoë") == {third}
    assert found("łucz zo") == {third}
    for nothing in ("nobody", "x@example.com", "'; DROP TABLE orders.orders; --", ":*&|!", "%", "\\", "a" * 5000):
        assert found(nothing) == set(), nothing


def test_a_tracking_number_is_found_by_an_index(sessions, three):
    asked = select(Order.id).where(matching("track 99"))
    words = str(asked.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))
    with sessions() as session:
        session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = session.scalars(text(f"EXPLAIN {words.replace(':', chr(92) + ':')}")).all()

    assert "ix_shipments_tracking" in "\n".join(plan)


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
