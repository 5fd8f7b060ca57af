"""Staff read how the shop does: today, spans of days beside those before, tables behind the charts, and files."""

import csv
import io

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import KINDS, AdminOpener, Kind
from tests.journeys.steps import buy
from tests.journeys.store import Store
from tests.processes import eventually

COUNTED = "SELECT count(*)::int FROM orders.orders WHERE (created_at AT TIME ZONE 'Europe/Dublin')::date = %s::date"
TODAY = "SELECT (now() AT TIME ZONE 'Europe/Dublin')::date::text"


@pytest.mark.parametrize(
    ("kind", "dark"), [(KINDS[1], True), (KINDS[2], False)], ids=["phone-nojs-dark", "desktop-js-light"]
)
def test_figures_of_a_span_their_table_and_their_file_agree(
    own_store: Store, open_admin: AdminOpener, kind: Kind, dark: bool
) -> None:
    buy(own_store, {"ALD-DISH-HEAD": 1})
    [(today,)] = own_store.rows(TODAY)
    admin = open_admin(kind, dark=dark)
    page = admin.page

    def is_counted() -> bool:  # events bring the orders there, a moment later
        [(orders,)] = own_store.rows(COUNTED, today)
        page.goto("/reports?period=today")
        return admin.figure("Orders") == str(orders)

    eventually(is_counted, every=0.5)
    admin.open("/reports")
    for span in ("Last 7 days", "Last 90 days"):
        admin.follow(span)
        expect(page.get_by_role("link", name=span)).to_have_attribute("aria-current", "page")
    admin.fill({"From": today, "To": today})
    admin.press("Show")
    page.wait_for_url(f"**first={today}&last={today}")
    expect(page.get_by_role("img").first).to_be_visible()
    page.get_by_text("The figures as a table").click()
    row = page.get_by_role("region", name="Table of revenue").locator("tbody tr")
    expect(row).to_have_count(1)
    _, orders, paid, revenue = row.locator("th, td").all_inner_texts()
    assert orders == admin.figure("Orders")
    assert revenue == admin.figure("Revenue")
    admin.sound()

    address = page.locator("a[href*='/reports/days.csv']").get_attribute("href")
    answer = page.request.get(str(address))
    assert answer.headers["content-type"].startswith("text/csv")
    [line] = list(csv.DictReader(io.StringIO(answer.text().lstrip("\ufeff"))))
    assert (line["Orders"], line["Paid"]) == (orders, paid)
    assert f"€{float(line['Revenue']):,.2f}" == revenue


def test_the_first_page_says_what_is_to_be_done_today(own_store: Store, open_admin: AdminOpener) -> None:
    bought = buy(own_store, {"ALD-DISH-HEAD": 1})
    admin = open_admin(KINDS[0])
    admin.open("/")
    [(waiting,)] = own_store.rows("SELECT count(*)::int FROM orders.orders WHERE state IN ('paid', 'packed')")
    assert admin.figure("To pack or ship") == str(waiting)
    admin.card("Paid, to be packed").get_by_role("link", name=bought.number).click()
    admin.press("Mark as packed")
    expect(admin.page.locator(".heading")).to_contain_text("Packed")
    admin.page.goto("/")
    expect(admin.card("Packed, to be shipped")).to_contain_text(bought.number)


def test_orders_and_low_stock_appear_on_a_page_that_is_open(own_store: Store, open_admin: AdminOpener) -> None:
    sku = "ALD-STIR-CHK"
    [(variant,)] = own_store.rows("SELECT id FROM catalog.variants WHERE sku = %s", sku)
    watching, setting = open_admin(), open_admin(KINDS[3])
    watching.page.goto("/customers")
    setting.page.goto(f"/inventory/{variant}")
    level = int(setting.figure("Can be sold"))
    setting.fill({"Warn at": str(level)})
    setting.press("Save")
    setting.told("as low")
    bought = buy(own_store, {sku: 1})
    news = watching.page.locator("#news")
    expect(news).to_contain_text(bought.number)
    expect(news).to_contain_text(f"{level - 1} left: Stirrers & pot")
    watching.sound()
    news.get_by_role("link", name=bought.number).click()
    expect(watching.page.get_by_role("heading", level=1)).to_contain_text(bought.number)

    setting.fill({"Warn at": "3"})
    setting.press("Save")
