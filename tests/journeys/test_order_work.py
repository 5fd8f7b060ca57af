"""Staff work on orders: fetch, pack, send in parts, note and tag, and print what goes with them."""

import csv
import io
import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import KINDS, AdminOpener, Kind
from tests.journeys.steps import buy
from tests.journeys.store import Store
from tests.processes import eventually

PARCELS = """SELECT s.tracking_number, sum(l.quantity)::int FROM orders.shipments s
             JOIN orders.shipment_lines l ON l.shipment_id = s.id JOIN orders.orders o ON o.id = s.order_id
             WHERE o.number = %s GROUP BY s.id ORDER BY s.id"""
STATE = "SELECT state, tags FROM orders.orders WHERE number = %s"


@pytest.mark.parametrize(
    ("kind", "dark"), [(KINDS[1], True), (KINDS[2], False)], ids=["phone-nojs-dark", "desktop-js-light"]
)
def test_orders_are_fetched_packed_and_sent_in_two_parcels(
    own_store: Store, open_admin: AdminOpener, kind: Kind, dark: bool
) -> None:
    first = buy(own_store, {"ALD-DISH-SET": 2, "ALD-DISH-HEAD": 1})
    second = buy(own_store, {"ALD-DISH-SET": 1})
    admin = open_admin(kind, dark=dark)
    page = admin.page
    admin.choose_orders("pick", first.number, second.number)
    expect(page.get_by_role("heading", level=1)).to_have_text("Pick list for 2 orders")
    shelf = admin.row("ALD-DISH-SET")
    for words in ("3", first.number, second.number):
        expect(shelf).to_contain_text(words)

    for papers in ("slips", "invoices"):
        admin.choose_orders(papers, first.number, second.number)
        address = str(page.get_by_role("link", name="Open as one PDF").get_attribute("href"))
        answer = page.request.get(address)
        assert (answer.status, answer.body()[:5]) == (200, b"%PDF-"), papers

    admin.choose_orders("pack", first.number, second.number)
    admin.press("Mark as packed: 2 orders")
    admin.told("2 of 2 marked as packed.")

    parcels = [f"CE{uuid4().hex[:9].upper()}IE" for _ in range(2)]
    admin.open_order(first.number)
    admin.sound()
    admin.ship("An Post", parcels[0], {"Spare head": 0, "Brush and cloth": 1})
    expect(admin.card("Items")).to_contain_text("1 of 2 shipped")
    assert own_store.rows(STATE, first.number)[0][0] == "packed"  # something is still to be sent
    assert parcels[0] in own_store.wait_for_mail(first.email, "on its way")["text"]
    admin.ship("An Post", parcels[1])
    expect(page.locator(".heading")).to_contain_text("On its way")
    assert own_store.rows(PARCELS, first.number) == [(parcels[0], 1), (parcels[1], 2)]
    eventually(lambda: any(parcels[1] in mail["text"] for mail in own_store.mails(first.email)))

    admin.open("/orders")
    admin.search("Search by order number, mail address, name, SKU or tracking number", parcels[1])
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    admin.follow(first.number)
    admin.press("Mark as delivered")
    expect(page.locator(".heading")).to_contain_text("Delivered")
    own_store.wait_for_mail(first.email, "has arrived")


def test_an_order_is_noted_and_tagged_and_its_papers_are_at_hand(own_store: Store, open_admin: AdminOpener) -> None:
    bought, tag = buy(own_store, {"ALD-DISH-HEAD": 1}), f"gift-{uuid4().hex[:6]}"
    admin = open_admin(KINDS[1])
    page = admin.page
    admin.open_order(bought.number)
    admin.fill({"For staff; the shopper never sees it": "Wrap it in blue paper"})
    admin.press("Write the note")
    expect(admin.card("What happened")).to_contain_text("Wrap it in blue paper")
    admin.fill({"New tag": tag})
    admin.press("Add")
    assert own_store.rows(STATE, bought.number) == [("paid", [tag])]

    def is_invoiced() -> int:
        admin.open_order(bought.number)
        return page.get_by_role("link", name=re.compile("^Invoice")).count()

    eventually(is_invoiced, every=1)  # a job writes it
    for name, start in (("Packing slip", b"%PDF-"), (re.compile("^Invoice"), b"%PDF-")):
        answer = page.request.get(str(page.get_by_role("link", name=name).get_attribute("href")))
        assert (answer.status, answer.body()[:5]) == (200, start)

    page.get_by_role("link", name=tag).click()
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    admin.follow(bought.number)
    admin.press(f"Take the tag {tag} off")
    assert own_store.rows(STATE, bought.number) == [("paid", [])]

    shopper = page.request.get(bought.url)
    assert shopper.status == 200
    assert "blue paper" not in shopper.text()


@pytest.mark.parametrize("kind", [KINDS[1], KINDS[2]], ids=str)
def test_the_orders_of_a_search_are_taken_along_as_a_file(
    own_store: Store, open_admin: AdminOpener, kind: Kind
) -> None:
    bought = buy(own_store, {"ALD-DISH-HEAD": 2})
    admin = open_admin(kind)
    page = admin.page
    page.goto("/orders")
    admin.search("Search by order number, mail address, name, SKU or tracking number", bought.email)
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    admin.press("All of this list as CSV")
    page.wait_for_url(re.compile("/orders/exports/"))
    admin.sound()

    def is_written() -> int:
        if not kind.javascript:  # with a script the page looks again by itself
            page.reload()
        return page.get_by_role("button", name="Download").count()

    eventually(is_written, every=0.5)
    expect(page.locator("#export")).to_contain_text("1 order.")
    with page.expect_download() as kept:
        admin.press("Download")
    assert re.fullmatch(r"orders-\d{4}-\d\d-\d\d\.csv", kept.value.suggested_filename)
    [line] = list(csv.DictReader(io.StringIO(kept.value.path().read_text(encoding="utf-8-sig"))))
    [(total,)] = own_store.rows("SELECT total FROM orders.orders WHERE number = %s", bought.number)
    assert (line["Order"], line["E-mail"], line["Total"]) == (bought.number, bought.email, f"{total / 100:.2f}")


def test_what_is_ticked_after_typing_stays_ticked_and_a_filter_narrows_at_once(
    own_store: Store, open_admin: AdminOpener
) -> None:
    bought = buy(own_store, {"ALD-DISH-SET": 1})
    admin = open_admin()
    page = admin.page
    admin.open("/orders")
    page.get_by_label(re.compile("Search by order number")).press_sequentially(bought.number)
    expect(page).to_have_url(re.compile(f"q={bought.number}"))
    tick = page.get_by_label(f"Choose order {bought.number}")
    asked = len(page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)"))
    tick.check()
    page.get_by_role("button", name="Go on…").focus()
    expect(tick).to_be_checked()
    assert len(page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")) == asked

    page.get_by_text("Filter and sort").click()
    page.get_by_label("Payment").select_option(label="Not paid")
    expect(page.locator("#rows")).to_contain_text(f"No order matches “{bought.number}”")
