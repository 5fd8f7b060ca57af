"""Staff change products, prices and stock."""

import re
from html import unescape
from uuid import uuid4

import pytest
from sqlalchemy import text

from domain.catalog import commands, queries
from domain.catalog.commands import NewVariant
from domain.shared.db import transaction
from tests.factories.catalog import make_product
from tests.factories.orders import make_order

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def mug(sessions):
    """A mug in two colours."""
    green = NewVariant(sku="MUG-G", price=1250, option_values=("Green",))
    blue = NewVariant(sku="MUG-B", price=1250, compare_at=1500, option_values=("Blue",))
    with transaction(sessions) as tx:
        return make_product(
            tx, title="Mug", options=("Colour",), variants=((green, 10), (blue, 0)), summary="For tea & coffee."
        )


def read(sessions, mug):
    with sessions() as reading:
        return queries.product_detail(reading, mug.id, currency="EUR")


def form_of(client, mug, page=""):
    """Read the product's form as a browser does, from its own page or the given one."""
    page = page or client.get(f"/products/{mug.id}").text
    page = page[page.index('<form class="product"') : page.index('id="type-of"')] if "type-of" in page else page
    inputs = {
        match["name"]: unescape(match["value"])
        for match in re.finditer(r'<input(?=[^>]*\sname="(?P<name>[^"]+)")(?=[^>]*\svalue="(?P<value>[^"]*)")', page)
    }
    inputs.pop("featured", None)
    areas = {match[1]: unescape(match[2]).strip("\r\n") for match in re.finditer(
        r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL)}  # fmt: skip
    chosen = r'<select[^>]*name="([^"]+)">(?:(?!</select>).)*?<option (selected )?value="([^"]*)"(?(2)| selected)'
    selects = {match[1]: match[3] for match in re.finditer(chosen, page, re.DOTALL)}
    return inputs | areas | selects


def errors_of(page):
    return [unescape(found) for found in re.findall(r'class="field-error"[^>]*>([^<]+)<', page)]


def test_a_form_that_is_sent_back_unchanged_changes_nothing(staff, sessions, mug):
    client, before = staff("catalogue"), read(sessions, mug)

    response = client.post(f"/products/{mug.id}", data=form_of(client, mug))

    assert (response.status_code, response.location) == (303, f"/products/{mug.id}")
    assert read(sessions, mug) == before


def test_all_of_it_is_changed_in_one_go(staff, sessions, mug):
    client = staff("catalogue", "Cato")
    data = form_of(client, mug) | {
        "title": " Big  mug ", "summary": "For <soup>", "description": "One.\r\n\r\nTwo. ", "featured": "y",
        "status": "draft", "variants-0-price": "13,90", "variants-0-compare_at": "15.00", "variants-1-compare_at": "",
        "variants-1-on_hand": "7", "reason": "Found behind the shelf",
    }  # fmt: skip

    assert client.post(f"/products/{mug.id}", data=data).status_code == 303

    found = read(sessions, mug)
    assert (found.title, found.summary, found.description) == ("Big mug", "For <soup>", "One.\n\nTwo.")
    assert (found.status, found.featured) == ("draft", True)
    assert [(v.price.amount, v.compare_at and v.compare_at.amount, v.on_hand) for v in found.variants] == [
        (1390, 1500, 10), (1250, None, 7),
    ]  # fmt: skip
    with sessions() as reading:
        last = queries.movements(reading, found.variants[1].id).rows[0]
    assert (last.kind, last.on_hand, last.actor, last.reason) == ("corrected", 7, "Cato", "Found behind the shelf")
    page = client.get(f"/products/{mug.id}").text
    assert "“Big mug” is saved." in page
    assert "For &lt;soup&gt;" in page
    assert "<soup>" not in page


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": "  "}, "Enter a title."),
        ({"title": "x" * 256}, "Field cannot be longer than 255 characters."),
        ({"variants-0-price": "abc"}, "Enter an amount such as 12.50."),
        ({"variants-0-price": "-1"}, "Enter an amount of zero or more."),
        ({"variants-0-price": "12.345"}, "Use at most 2 decimals, and write thousands without a comma."),
        ({"variants-0-price": ""}, "Enter a price."),
        ({"variants-0-compare_at": "12.50"}, "Enter a former price above the price, or leave it empty."),
        ({"variants-0-on_hand": "-1", "reason": "x"}, "Enter a number from 0 to 1,000,000."),
        ({"variants-0-on_hand": "1000000000", "reason": "x"}, "Enter a whole number such as 12."),
        ({"variants-0-on_hand": "abc", "reason": "x"}, "Enter a whole number such as 12."),
        ({"variants-0-on_hand": "", "reason": "x"}, "Enter a number."),
        ({"variants-0-on_hand": "9"}, "Say why the stock changes, for instance “counted” or “broken in store”."),
        ({"status": "sold"}, "Not a valid choice."),
    ],
)
def test_wrong_answers_change_nothing_and_are_said_at_the_field(staff, sessions, mug, change, message):
    client, before = staff("catalogue"), read(sessions, mug)

    refused = client.post(f"/products/{mug.id}", data=form_of(client, mug) | {"summary": "New"} | change)

    assert refused.status_code == 422
    assert errors_of(refused.text) == [message]
    assert "There is a problem" in refused.text
    assert 'value="New"' in refused.text
    assert read(sessions, mug) == before


def test_an_absurd_price_is_refused(staff, sessions, mug):
    client, before = staff("catalogue"), read(sessions, mug)

    refused = client.post(f"/products/{mug.id}", data=form_of(client, mug) | {"variants-0-price": "99999999999"})

    assert refused.status_code == 422
    assert "Enter a lower price" in refused.text
    assert read(sessions, mug) == before


def test_stock_stays_above_what_is_promised(staff, sessions, mug):
    with transaction(sessions) as tx:
        make_order(tx, sku="MUG-G", quantity=4)
    client = staff("catalogue")

    refused = client.post(
        f"/products/{mug.id}", data=form_of(client, mug) | {"variants-0-on_hand": "3", "reason": "counted"}
    )

    assert refused.status_code == 422
    assert errors_of(refused.text) == ["4 are reserved for orders: enter at least that many."]
    assert read(sessions, mug).variants[0].on_hand == 10


def test_the_page_of_a_product_is_as_light_however_many_others_there_are(staff, sessions, mug, statements):
    client, lights = staff("catalogue"), []
    for more in (0, 60):
        with transaction(sessions) as tx:
            for number in range(more):
                make_product(tx, sku=f"OTHER-{number}", title=f"Another {number}")
        with statements() as seen:
            page = client.get(f"/products/{mug.id}")
        assert (page.status_code, "Another" in page.text) == (200, False)
        lights.append((len(seen), len(page.text)))

    assert lights[0] == lights[1]


def test_two_staff_change_one_product_and_the_second_sees_what_the_first_did(staff, sessions, mug):
    first, second = staff("catalogue", "Cato"), staff("catalogue", "Cleo")
    mine, theirs = form_of(first, mug), form_of(second, mug)
    assert first.post(f"/products/{mug.id}", data=mine | {"title": "Tea mug"}).status_code == 303

    refused = second.post(f"/products/{mug.id}", data=theirs | {"title": "Coffee mug", "summary": "Dark"})

    assert refused.status_code == 409
    assert "Somebody else changed this product" in refused.text
    assert "Tea mug</ins>" in refused.text
    assert "Coffee mug</del>" in refused.text
    assert 'value="Coffee mug"' in refused.text, "what was typed stays"
    assert (read(sessions, mug).title, read(sessions, mug).summary) == ("Tea mug", "For tea & coffee.")

    version = re.search(r'name="version"[^>]*value="(\d+)"', refused.text).group(1)
    again = theirs | {"title": "Coffee mug", "summary": "Dark", "version": version}
    assert second.post(f"/products/{mug.id}", data=again).status_code == 303
    assert read(sessions, mug).title == "Coffee mug"


def test_a_price_that_changed_meanwhile_is_not_overwritten(staff, sessions, mug):
    client = staff("catalogue")
    data = form_of(client, mug)
    with transaction(sessions) as tx:
        commands.set_price(tx, variant_id=mug.variant_id, price=1100, compare_at=None)

    refused = client.post(f"/products/{mug.id}", data=data | {"variants-0-price": "14.00", "title": "Other"})

    assert refused.status_code == 409
    assert "11.00</ins>" in refused.text
    assert (read(sessions, mug).variants[0].price.amount, read(sessions, mug).title) == (1100, "Mug")
    assert client.post(f"/products/{mug.id}", data=data | {"title": "Other"}).status_code == 303
    assert read(sessions, mug).variants[0].price.amount == 1100, "what the form did not change stays as it is"


def test_stock_that_was_sold_meanwhile_is_counted_again(staff, sessions, mug):
    client = staff("catalogue")
    data = form_of(client, mug)
    with transaction(sessions) as tx:
        commands.receive(tx, quantities={mug.variant_id: 5}, actor="Dock")

    refused = client.post(f"/products/{mug.id}", data=data | {"variants-0-on_hand": "9", "reason": "counted"})

    assert refused.status_code == 409
    assert "The stock went from 10 to 15" in refused.text
    assert read(sessions, mug).variants[0].on_hand == 15


def test_who_may_not_change_stock_cannot_do_it_through_the_product(staff, sessions, mug):
    with transaction(sessions) as tx:
        tx.execute(text("INSERT INTO users.roles VALUES ('writer', 'Writes', ARRAY['products:read','products:write'])"))
    client = staff("writer")
    data = form_of(client, mug)

    refused = client.post(f"/products/{mug.id}", data=data | {"variants-0-on_hand": "99", "reason": "counted"})

    assert refused.status_code == 403
    assert read(sessions, mug).variants[0].on_hand == 10
    assert client.post(f"/products/{mug.id}", data=data | {"title": "Mine"}).status_code == 303


def test_a_broken_form_is_refused(staff, sessions, mug):
    client, before = staff("catalogue"), read(sessions, mug)
    data = form_of(client, mug)

    for broken in ({"version": "x"}, {"variants-0-seen_price": ""}, {"variants-0-id": str(uuid4())}):
        assert client.post(f"/products/{mug.id}", data=data | broken).status_code in (400, 404), broken
    with transaction(sessions) as tx:
        other = make_product(tx, title="Other")
    assert client.post(f"/products/{mug.id}", data=data | {"variants-0-id": str(other.variant_id)}).status_code == 404
    assert client.get(f"/products/{uuid4()}").status_code == 404
    assert client.post(f"/products/{uuid4()}", data=data).status_code == 404
    assert read(sessions, mug) == before


def test_an_analyst_reads_and_cannot_save(staff, sessions, mug):
    client = staff("analyst")
    page = client.get(f"/products/{mug.id}").text

    assert "<fieldset disabled" in page
    assert ">Save</button>" not in page
    assert client.post(f"/products/{mug.id}", data=form_of(client, mug)).status_code == 403


def titles(page):
    return [unescape(found) for found in re.findall(r'<a href="/products/[0-9a-f-]{36}">([^<]+)</a>', page)]


def test_products_are_listed_searched_and_paged(staff, sessions, mug, monkeypatch):
    with transaction(sessions) as tx:
        make_product(tx, title="Bowl <b>", sku="BOWL-1", published=False)
        make_product(tx, title="Cup", sku="CUP-1", on_hand=0)
    client = staff("catalogue")

    def found(**query):
        return titles(client.get("/products", query_string=query).text)

    assert found() == ["Cup", "Bowl <b>", "Mug"]
    assert found(status="draft") == ["Bowl <b>"]
    assert found(status="wrong") == ["Cup", "Bowl <b>", "Mug"]
    assert found(q="ug-") == ["Mug"]
    assert found(q="bowl") == ["Bowl <b>"]
    assert found(q="%") == []
    assert "Sold out" in client.get("/products?q=cup").text
    partial = client.get("/products?q=mug", headers=PARTIAL)
    assert partial.text.startswith('<hx-partial hx-target="#rows"')
    assert titles(partial.text) == ["Mug"]

    monkeypatch.setattr("admin.views.products.PER_PAGE", 2)
    page = client.get("/products").text
    older = re.search(r'rel="next" href="([^"]+)"', page).group(1)
    assert titles(client.get(unescape(older)).text) == ["Mug"]
    assert client.get("/products?after=wrong").status_code == 200


def test_units_come_in_and_are_counted(staff, sessions, mug):
    client, page = staff("catalogue", "Cato"), f"/inventory/{mug.variant_id}"

    assert client.post(f"{page}/receipts", data={"quantity": "5", "reason": "Delivery 12"}).status_code == 303
    assert client.post(f"{page}/counts", data={"on_hand": "12", "seen": "15", "reason": "counted"}).status_code == 303

    shown = client.get(page).text
    assert "The stock is now 12." in shown
    assert "Delivery 12" in shown
    assert "Cato" in shown
    assert read(sessions, mug).variants[0].on_hand == 12


@pytest.mark.parametrize(
    ("verb", "data", "status", "message"),
    [
        ("receipts", {"quantity": "0"}, 422, "Enter a number from 1"),
        ("receipts", {"quantity": "-5"}, 422, "Enter a number from 1"),
        ("receipts", {"quantity": "many"}, 422, "Enter a whole number"),
        ("receipts", {}, 422, "Enter a number."),
        ("counts", {"on_hand": "4", "seen": "10"}, 422, "Say why the stock changes."),
        ("counts", {"on_hand": "-4", "seen": "10", "reason": "x"}, 422, "Enter a number from 0"),
        ("counts", {"on_hand": "2", "seen": "10", "reason": "x"}, 422, "3 units are reserved"),
        ("counts", {"on_hand": "4", "seen": "9", "reason": "x"}, 409, "The stock went from 9 to 10"),
        ("counts", {"on_hand": "4", "seen": "nine", "reason": "x"}, 400, "could not read this"),
    ],
)
def test_a_wrong_count_changes_nothing(staff, sessions, mug, verb, data, status, message):
    with transaction(sessions) as tx:
        make_order(tx, sku="MUG-G", quantity=3)

    refused = staff("catalogue").post(f"/inventory/{mug.variant_id}/{verb}", data=data)

    assert refused.status_code == status
    assert message in refused.text
    assert read(sessions, mug).variants[0].on_hand == 10


def test_low_stock_comes_first(staff, mug):
    client = staff("catalogue")

    low, everything = client.get("/inventory").text, client.get("/inventory?show=all").text

    assert ("MUG-B" in low, "MUG-G" in low) == (True, False)
    assert ("MUG-B" in everything, "MUG-G" in everything) == (True, True)
    assert "MUG-G" in client.get("/inventory?q=mug-g").text
    assert "Nothing matches “zzz”" in client.get("/inventory?q=zzz").text
    assert '<dt>Low or out of stock</dt><dd><a href="/inventory">1</a>' in client.get("/").text
    assert client.get(f"/inventory/{uuid4()}").status_code == 404
