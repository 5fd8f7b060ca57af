"""A day of the shop by keyboard alone: every stop is reached by Tab and is outlined, and nothing holds the focus."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import KINDS, Kind, Opener
from tests.journeys.steps import buy
from tests.journeys.store import Store
from tests.journeys.test_keyboard import go_round, tab_to, tab_to_name

SKU = "ALD-DISH-HEAD"


@pytest.mark.parametrize("kind", [KINDS[2], KINDS[3]], ids=str)
def test_a_day_by_keyboard_alone(own_store: Store, open_page: Opener, kind: Kind) -> None:
    bought, tracking = buy(own_store, {SKU: 2}), f"CE{uuid4().hex[:9].upper()}IE"
    page = open_page(kind, base_url=own_store.admin_url)
    press, write = page.keyboard.press, page.keyboard.type
    page.goto("/")
    tab_to(page, "#email")
    write(own_store.staff_email)
    press("Tab")
    write(own_store.staff_password)
    press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")

    tab_to(page, "nav a[href='/orders']")
    press("Enter")
    page.wait_for_url(re.compile("/orders$"))
    press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    press("Enter")
    tab_to(page, "#q")
    write(bought.email)
    press("Enter")
    page.wait_for_url(re.compile("q="))
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    tab_to(page, "#rows th a")
    press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(bought.number)

    tab_to(page, "#pack")
    press("Enter")
    expect(page.locator(".heading")).to_contain_text("Packed")
    tab_to_name(page, "Carrier")
    press("Enter")  # nothing is filled in yet
    expect(page.locator(".problems")).to_be_focused()
    tab_to(page, ".problems a")
    press("Enter")
    expect(page.get_by_label("Carrier")).to_be_focused()
    write("An Post")
    tab_to_name(page, "Tracking number")
    write(tracking)
    press("Enter")
    expect(page.locator(".heading")).to_contain_text("On its way")
    tab_to(page, "#note")
    write("Sent by the morning van")
    tab_to(page, "form[action$='/notes'] button")
    press("Enter")
    expect(page.locator(".timeline")).to_contain_text("Sent by the morning van")
    assert tracking in own_store.wait_for_mail(bought.email, "on its way")["text"]

    page.goto("/inventory?show=all")
    tab_to(page, "#q")
    write(SKU)
    press("Enter")
    page.wait_for_url(re.compile(f"q={SKU}"))
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    tab_to(page, "#rows th a")
    press("Enter")
    expect(page.locator(".heading .sku")).to_have_text(SKU)
    tab_to_name(page, "Units received")
    write("4")
    press("Enter")
    expect(page.locator("#status")).to_contain_text("4 received.")

    for path in ("/", f"/orders/{bought.number}", "/inventory/stocktake?q=ALD-DISH", "/promotions/new", "/reports"):
        page.goto(path)
        stops = go_round(page)
        assert stops[0] == "A Skip to the content"
        assert any("Sign out" in stop for stop in stops), path
