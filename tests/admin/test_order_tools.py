"""Staff work on many orders: filters and sorting, notes and tags, many at once, pick lists, and lists as a file."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from domain.orders import commands
from domain.orders.queries import OrderFilter, read_filter
from domain.shared.db import transaction, utcnow
from domain.shared.events import from_payload
from domain.shared.exports import ExportAsked, major, purge_exports
from domain.shared.money import Money
from domain.shared.outbox import OutboxMessage
from tests.admin.test_order_list import numbers
from tests.factories.catalog import make_product
from tests.factories.orders import make_order
from workers.exports import write_export

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def four(sessions):
    """Four orders, oldest first: paid, paid and dear, shipped, and not paid."""
    with transaction(sessions) as tx:
        mug = make_product(tx, sku="MUG", title="Mug", price=1000, on_hand=50)
        made = [
            make_order(tx, sku=mug.sku, paid=True, email="a@example.com"),
            make_order(tx, sku=mug.sku, quantity=5, paid=True, email="b@example.com"),
            make_order(tx, sku=mug.sku, paid=True, email="c@example.com"),
            make_order(tx, sku=mug.sku, email="d@example.com"),
        ]
        commands.ship(tx, order_id=made[2].order_id, actor="Olive", carrier="An Post", tracking_number="T1")
        tx.execute(
            text(
                'UPDATE orders.orders SET shipping_address = shipping_address || \'{"country": "FR"}\' WHERE id = :id'
            ),
            {"id": made[1].order_id},
        )
        tx.execute(
            text("UPDATE orders.orders SET created_at = created_at - interval '40 days' WHERE id = :id"),
            {"id": made[0].order_id},
        )
    return made


def listed(client, **query):
    return numbers(client.get("/orders", query_string=query).text)


def test_filters_and_sorting_are_in_the_address(staff, four):
    client, (a, b, c, d) = staff("orders"), [order.number for order in four]
    today = utcnow().date()
    month = (today - timedelta(days=30)).isoformat()

    assert listed(client, paid="yes") == [c, b, a]
    assert listed(client, paid="no") == [d]
    assert listed(client, country="fr") == [b]
    assert listed(client, since=month) == [d, c, b]
    assert listed(client, until=month) == [a]
    assert listed(client, since=month, paid="yes", country="IE") == [c]
    assert listed(client, sort="oldest") == [a, b, c, d]
    assert listed(client, sort="largest")[0] == b
    assert listed(client, q="c@example.com", paid="no") == []
    assert listed(client, since="nonsense", country="F1", sort="wrong", paid="perhaps") == [d, c, b, a]


@pytest.mark.parametrize("sort", ["newest", "oldest", "largest"])
def test_pages_of_every_sorting_follow_each_other(staff, four, monkeypatch, sort):
    client = staff("orders")
    whole = listed(client, sort=sort)
    monkeypatch.setattr("admin.views.orders.PER_PAGE", 1)
    page, walked = client.get("/orders", query_string={"sort": sort}).text, []
    while True:
        walked += numbers(page)
        further = re.search(r'rel="next" href="([^"]+)"', page)
        if further is None:
            break
        page = client.get(further.group(1).replace("&amp;", "&")).text

    assert walked == whole
    assert len(whole) == 4


def test_a_search_that_means_many_orders_finds_the_same(staff, four, monkeypatch):
    client = staff("orders")
    few = listed(client, q="MUG")
    monkeypatch.setattr("domain.orders.queries.admin.FEW", 2)

    assert listed(client, q="MUG") == few
    assert len(few) == 4


def test_a_filter_survives_its_address():
    wanted = OrderFilter(
        q="mug", state="paid", paid="yes", since=utcnow().date(), country="IE", tag="gift", sort="largest"
    )

    assert read_filter(wanted.as_words()) == wanted
    assert OrderFilter().as_words() == {}


def test_notes_and_tags_are_for_staff(staff, storefront, four):
    client, order = staff("orders"), four[0]

    client.post(f"/orders/{order.number}/notes", data={"note": "Rang twice about the colour."})
    client.post(f"/orders/{order.number}/tags", data={"tag": "  Gift,  WRAP "})
    client.post(f"/orders/{order.number}/tags", data={"tag": "gift wrap"})

    page = client.get(f"/orders/{order.number}").text
    assert "Rang twice about the colour." in page
    assert page.count('href="/orders?tag=gift+wrap"') == 1
    assert listed(client, tag="Gift wrap") == [order.number]
    shopper = storefront.get(f"/orders/{order.number}?key={order.access_key}").text
    assert "Rang twice" not in shopper
    assert "gift wrap" not in shopper

    client.post(f"/orders/{order.number}/tags/removal", data={"tag": "gift wrap"})
    assert listed(client, tag="gift wrap") == []


def test_an_order_takes_twelve_tags(staff, four):
    client, order = staff("orders"), four[0]
    for i in range(12):
        client.post(f"/orders/{order.number}/tags", data={"tag": f"t{i}"})

    said = client.post(f"/orders/{order.number}/tags", data={"tag": "more"}, follow_redirects=True).text

    assert "at most 12 tags" in said
    assert listed(client, tag="more") == []


def test_many_are_packed_after_a_look_at_what_would_happen(staff, four):
    client, (a, b, c, d) = staff("orders"), [order.number for order in four]

    look = client.get("/orders/bulk", query_string={"action": "pack", "order": [a, b, c, d, "CS-0000-0000"]})
    assert "Mark as packed: 2 of 4 orders" in look.text
    assert look.text.count("Left as it is") == 2
    assert listed(client, state="packed") == []

    done = client.post("/orders/bulk", data={"action": "pack", "order": [a, b, c]}, follow_redirects=True)
    assert "2 of 3 marked as packed. 1 stay as they were." in done.text
    assert listed(client, state="packed") == [b, a]


def test_many_are_tagged(staff, four):
    client, (a, b, *_rest) = staff("support"), [order.number for order in four]

    empty = client.post("/orders/bulk", data={"action": "tag", "order": [a, b], "tag": " "})
    assert (empty.status_code, "Enter a tag." in empty.text) == (422, True)
    done = client.post("/orders/bulk", data={"action": "tag", "order": [a, b], "tag": "Fair"}, follow_redirects=True)
    assert "2 of 2 tagged “fair”." in done.text
    assert listed(client, tag="fair") == [b, a]


def test_who_may_not_pack_alone_may_not_pack_many(staff, four):
    client, (a, *_rest) = staff("support"), [order.number for order in four]

    assert "Mark as packed" not in client.get("/orders").text
    assert client.get("/orders/bulk", query_string={"action": "pack", "order": [a]}).location == "/orders"
    assert client.post("/orders/bulk", data={"action": "pack", "order": [a]}).location == "/orders"
    assert listed(client, state="packed") == []


def test_slips_and_invoices_come_as_one_file(staff, sessions, four):
    from pypdf import PdfReader

    from domain.orders.commands.papers import issue_invoice

    with transaction(sessions) as tx:
        for order in four[:2]:
            issue_invoice(tx, order_id=order.order_id)
    client, chosen = staff("orders"), [order.number for order in four]

    slips = client.get("/orders/slips.pdf", query_string={"order": chosen})
    invoices = client.get("/orders/invoices.pdf", query_string={"order": chosen})

    assert (slips.mimetype, invoices.mimetype) == ("application/pdf", "application/pdf")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(slips.data)).pages]
    assert len(pages) == 4
    assert sorted(number for number in chosen if any(number in page for page in pages)) == sorted(chosen)
    assert len(PdfReader(io.BytesIO(invoices.data)).pages) == 2


def test_a_pick_list_names_each_thing_once(staff, four):
    chosen = [order.number for order in four]

    page = staff("orders").get("/orders/pick-list", query_string={"order": chosen}).text

    assert page.count('<span class="sku">MUG</span>') == 1
    assert re.search(r'data-label="Units" class="number">6<', page)
    assert chosen[0] in page
    assert chosen[2] not in page  # sent
    assert chosen[3] not in page  # not paid


def carry_out(sessions, before=(), most=99):
    """Do what the worker does with each piece that was not done before, until none or so many are; returns those."""
    done = set(before)
    while len(done) < most:
        with transaction(sessions) as tx:
            waiting = [row for row in tx.query(OutboxMessage).filter_by(name=ExportAsked.name) if row.id not in done]
            for row in waiting:
                write_export(tx, from_payload(row.name, row.payload))
                done.add(row.id)
        if not waiting:
            break
    return done


def test_a_list_comes_as_a_file_in_pieces(staff, sessions, four, monkeypatch):
    monkeypatch.setattr("domain.shared.exports.PIECE", 2)
    with transaction(sessions) as tx:
        tx.execute(
            text("UPDATE orders.orders SET shipping_address = shipping_address || :name WHERE id = :id"),
            {"name": '{"name": "=HYPERLINK(1)"}', "id": four[1].order_id},
        )
    client = staff("orders")

    asked = client.post("/orders/exports", data={"paid": "yes"})
    assert asked.status_code == 303
    waiting = client.get(asked.location, headers=PARTIAL).text
    assert "0 orders so far" in waiting
    assert client.post(f"{asked.location}/file").location == asked.location
    begun = carry_out(sessions, most=1)
    halfway = client.get(asked.location, headers=PARTIAL).text
    assert "2 orders so far" in halfway
    assert 'hx-trigger="every 2s"' in halfway
    assert client.post(f"{asked.location}/file").location == asked.location
    assert len(carry_out(sessions, before=begun)) == 2

    assert "3 orders." in client.get(asked.location).text
    file = client.post(f"{asked.location}/file")
    assert file.headers["Content-Disposition"].startswith('attachment; filename="orders-')
    head, *rows = csv.reader(io.StringIO(file.text))
    assert head[:4] == ["Order", "Placed", "State", "Paid"]
    assert [row[0] for row in rows] == [four[2].number, four[1].number, four[0].number]
    assert rows[1][5] == "'=HYPERLINK(1)"
    assert {row[8] for row in rows} == {"EUR"}
    assert staff("orders", name="Other").get(asked.location).status_code == 404


def test_a_piece_that_is_written_twice_changes_nothing_when_the_file_is_whole(staff, sessions, four):
    client = staff("orders")
    asked = client.post("/orders/exports")
    carry_out(sessions)
    before = client.post(f"{asked.location}/file").text

    carry_out(sessions)

    assert client.post(f"{asked.location}/file").text == before
    with transaction(sessions) as tx:
        assert purge_exports(tx, now=utcnow()) == 0
        assert purge_exports(tx, now=utcnow() + timedelta(days=2)) == 1
    assert client.get(asked.location).status_code == 404


def test_amounts_are_written_with_their_decimals():
    assert [major(Money(*money)) for money in ((1250, "EUR"), (5, "EUR"), (300, "JPY"), (1234, "KWD"))] == [
        "12.50", "0.05", "300", "1.234",
    ]  # fmt: skip
