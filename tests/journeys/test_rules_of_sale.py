"""Staff set the rules by which the shop sells: promotions, tax and delivery; shoppers meet them at once."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect

from cli.shopper import Shopper, words_of
from tests.journeys.conftest import KINDS, AdminOpener, Kind
from tests.journeys.steps import buy, new_address
from tests.journeys.store import Store
from tests.processes import eventually

SKU = "ALD-DISH-HEAD"
SUMS = "SELECT subtotal, discount, delivery, tax, total, delivery_name FROM orders.orders WHERE number = %s"


@pytest.mark.parametrize("kind", [KINDS[1], KINDS[2]], ids=str)
def test_a_code_is_made_used_and_ended(own_store: Store, open_admin: AdminOpener, kind: Kind) -> None:
    code = f"J{uuid4().hex[:7].upper()}"
    admin = open_admin(kind)
    page = admin.page
    admin.open("/promotions")
    admin.follow("New promotion")
    admin.press("Make the promotion")
    admin.refused("Enter a name")
    admin.fill({"Name": f"A fifth off, {code}", "Percentage off": "20", "Codes": code, "Limit per customer": "1"})
    page.get_by_label("Active").check()
    admin.press("Make the promotion")
    admin.told("is made")

    guest, email = Shopper(own_store.base_url), new_address()
    guest.post("/cart/lines", {"sku": SKU, "quantity": "4"})
    cart = guest.submit(guest.open("/cart").form("code"), code=code.lower())
    assert code in words_of(cart)
    number = guest.pay(guest.check_out(email=email)).url.partition("?")[0].rpartition("/")[2]
    [(subtotal, discount, delivery, _, total, _)] = own_store.rows(SUMS, number)
    assert (discount, total) == (subtotal // 5, subtotal - subtotal // 5 + delivery)

    page.reload()
    assert (admin.figure("Orders"), admin.figure("Customers")) == ("1", "1")
    admin.sound()
    admin.press("End this promotion")
    admin.told("The promotion is ended.")
    late = Shopper(own_store.base_url)
    late.post("/cart/lines", {"sku": SKU, "quantity": "1"})
    assert late.submit(late.open("/cart").form("code"), code=code).status == 422
    admin.open("/promotions")
    expect(admin.row(code).first).to_contain_text("Ended")


def test_a_rate_of_tax_is_entered_charged_and_taken_away(own_store: Store, open_admin: AdminOpener) -> None:
    admin = open_admin(KINDS[0], dark=True)
    admin.open("/tax")
    admin.follow("Enter a rate")
    answers = {"Country": "NO", "Rate in percent": "lots", "Called": "MVA", "Where it is written": "skatteetaten.no"}
    admin.fill(answers)
    admin.press("Keep the rate")
    admin.refused("Enter a percentage such as 23 or 6.625.")
    admin.fill({"Rate in percent": "25"})
    admin.press("Keep the rate")
    admin.told("The rate is kept.")
    expect(admin.row("Standard")).to_contain_text("25%")
    admin.sound()

    bought = buy(own_store, {SKU: 1}, country="NO", city="Oslo", postcode="0150")
    [(_, _, _, tax, total, _)] = own_store.rows(SUMS, bought.number)
    assert tax == round(total / 5)  # prices include the tax: a fifth of the sum is a quarter of the net
    admin.open_order(bought.number)
    expect(admin.card("Items")).to_contain_text("MVA 25%")
    expect(admin.card("Shopper")).to_contain_text("Norway")

    admin.page.goto("/tax/NO")
    admin.page.get_by_role("button", name="Remove Standard").click()
    admin.told("The rate is gone.")
    bought = buy(own_store, {SKU: 1}, country="NO", city="Oslo", postcode="0150")
    assert own_store.rows(SUMS, bought.number)[0][3] == 0


def test_a_way_to_deliver_is_made_chosen_and_removed(own_store: Store, open_admin: AdminOpener) -> None:
    way = f"Fjord boat {uuid4().hex[:5]}"
    admin = open_admin(KINDS[2])
    page = admin.page
    admin.open("/delivery")
    admin.follow("New zone")
    admin.fill({"Name": "Iceland", "Places": "Iceland"})
    admin.press("Save")
    admin.refused("ICELAND is no place.")
    admin.fill({"Places": "is"})
    admin.press("Save")
    admin.told("The zone is kept.")
    admin.follow("New way to deliver")
    admin.sound()
    admin.fill(
        {"Name": way, "Carrier": "Eimskip", "Price": "7.50", "Free from a worth of": "100",
         "Working days, at least": "5", "Working days, at most": "9", "Place in the list": "0"}
    )  # fmt: skip
    page.get_by_label("Offered to shoppers").check()
    admin.press("Save")
    admin.told("It is kept.")

    def delivered_by() -> tuple[int, str]:
        bought = buy(own_store, {SKU: 1}, country="IS", city="Reykjavík", postcode="101")
        [(_, _, delivery, _, _, name)] = own_store.rows(SUMS, bought.number)
        return (delivery, name)

    eventually(lambda: delivered_by() == (750, way), every=2)  # the shop shows it within half a minute
    admin.page.goto("/delivery")
    admin.follow("Iceland")
    admin.sound()
    admin.press("Remove the zone")
    admin.told("The zone is gone.")
    expect(page.get_by_role("heading", name="Iceland")).to_have_count(0)
    assert own_store.rows("SELECT count(*)::int FROM orders.zone_places WHERE place = 'IS'") == [(0,)]


RULES = """SELECT (SELECT count(*)::int FROM promotions.promotions), (SELECT count(*)::int FROM orders.tax_rates),
                  (SELECT json_agg(m ORDER BY code)::text FROM orders.delivery_methods m)"""


@pytest.mark.parametrize("kind", [KINDS[1], KINDS[2]], ids=str)
def test_what_a_rule_would_do_is_seen_before_it_is_saved(own_store: Store, open_admin: AdminOpener, kind: Kind) -> None:
    guest = Shopper(own_store.base_url)
    guest.post("/cart/lines", {"sku": SKU, "quantity": "2"})
    before = own_store.rows(RULES)
    admin = open_admin(kind)
    page, tried = admin.page, admin.card("What it does")

    def seen(words: str) -> None:
        expect(tried).to_contain_text("Nothing is saved yet.")
        expect(tried).to_contain_text(words)
        expect(tried).to_be_focused()
        admin.sound()
        assert own_store.rows(RULES) == before

    admin.open("/promotions/new")
    admin.fill({"Name": "Half price", "Percentage off": "50"})
    page.get_by_label("How it applies", exact=True).select_option("automatic")
    page.get_by_label("Active").check()
    admin.press("Show what it does")
    seen("would get it, and cost")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Half price")

    admin.open("/delivery/methods/standard")
    admin.fill({"Price": "19.90", "Free from a worth of": ""})
    admin.press("Show what it does")
    seen("would change, and cost")
    expect(page.get_by_label("Price", exact=True)).to_have_value("19.90")

    admin.open("/tax/IE")
    admin.fill({"Rate in percent": "50", "Called": "VAT"})
    admin.press("Show what it does")
    seen("the same as now on average")  # prices include the tax, so only the tax within them is another
    expect(page.get_by_label("Rate in percent")).to_have_value("50")
