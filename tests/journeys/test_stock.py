"""Staff keep the stock: what comes in, what is counted and corrected, when to be warned, and what it is worth."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import KINDS, AdminOpener, Kind
from tests.journeys.pages import Admin
from tests.journeys.steps import buy, unused
from tests.journeys.store import Store

LEVEL = """SELECT s.variant_id, s.on_hand, s.low_at FROM catalog.stock s JOIN catalog.variants v ON v.id = s.variant_id
           WHERE v.sku = %s"""
LEDGER = "SELECT kind, on_hand, reason FROM catalog.stock_movements WHERE variant_id = %s ORDER BY id DESC LIMIT %s"


@pytest.mark.parametrize(
    ("kind", "dark", "sku"),
    [(KINDS[1], True, "ALD-SEED-OAK"), (KINDS[2], False, "ALD-SEED-CHE")],
    ids=["phone-nojs", "desktop-js"],
)
def test_stock_comes_in_is_counted_and_is_watched(
    own_store: Store, open_admin: AdminOpener, kind: Kind, dark: bool, sku: str
) -> None:
    variant, before, warned_at = own_store.rows(LEVEL, sku)[0]
    admin = open_admin(kind, dark=dark)
    page = admin.page
    admin.open("/inventory")
    admin.search("Search by SKU or title", sku)
    admin.follow(sku)
    expect(page.locator(".heading .sku")).to_have_text(sku)

    admin.fill({"Units received": "5", "Note": "Delivery 4711"})
    admin.press("Receive")
    admin.told("5 received.")
    assert admin.figure("On hand") == str(before + 5)

    admin.fill({"Counted": str(before + 3)})
    admin.press("Correct")
    admin.refused("Say why the stock changes.")
    assert own_store.rows(LEVEL, sku)[0][1] == before + 5
    expect(page.get_by_label("Counted", exact=True)).to_have_value(str(before + 3))
    admin.fill({"Reason": "Two came broken"})
    admin.press("Correct")
    admin.told(f"The stock is now {before + 3}.")
    expect(admin.row("Two came broken").first).to_contain_text("-2")
    expect(admin.row("Delivery 4711").first).to_contain_text("+5")

    admin.fill({"Warn at": str(before + 50)})
    admin.press("Save")
    admin.told(f"It is listed as low when {before + 50} or fewer are left.")
    admin.open("/inventory")
    expect(admin.row(sku)).to_contain_text("Low")
    assert own_store.rows(LEVEL, sku) == [(variant, before + 3, before + 50)]
    assert own_store.rows(LEDGER, variant, 2) == [
        ("corrected", -2, "Two came broken"),
        ("received", 5, "Delivery 4711"),
    ]

    page.goto(f"/inventory/{variant}")
    admin.fill({"Warn at": str(warned_at)})
    admin.press("Save")
    admin.told("as low")


def test_a_count_is_refused_when_the_shelf_moved_meanwhile(own_store: Store, open_admin: AdminOpener) -> None:
    variant, before, _ = own_store.rows(LEVEL, "ALD-STIR-CEL")[0]
    counting, receiving = open_admin(KINDS[3]), open_admin()
    counting.page.goto(f"/inventory/{variant}")
    counting.fill({"Counted": str(before), "Reason": "Stocktake"})
    receiving.page.goto(f"/inventory/{variant}")
    receiving.fill({"Units received": "1"})
    receiving.press("Receive")
    receiving.told("1 received.")
    counting.press("Correct")

    counting.refused(f"{before + 1}")
    assert own_store.rows(LEVEL, "ALD-STIR-CEL")[0][1] == before + 1


def test_a_stocktake_and_what_the_stock_is_worth(own_store: Store, open_admin: AdminOpener) -> None:
    skus = ("ALD-STOO-ASH", "ALD-STOO-OAK")
    before = {sku: own_store.rows(LEVEL, sku)[0][1] for sku in skus}
    admin = open_admin(KINDS[0])
    admin.open("/inventory/stocktake?q=ALD-STOO")
    admin.page.get_by_label("Counted of ALD-STOO-ASH").fill(str(before["ALD-STOO-ASH"] + 2))
    admin.press("Save the counts")
    admin.refused("Say why")
    admin.fill({"Reason": "Spring stocktake"})
    admin.press("Save the counts")
    admin.told("1 ")
    after = {sku: own_store.rows(LEVEL, sku)[0][1] for sku in skus}
    assert after == before | {"ALD-STOO-ASH": before["ALD-STOO-ASH"] + 2}  # an empty field leaves its shelf as it is

    admin.open("/inventory/value")
    [(units,)] = own_store.rows("SELECT sum(on_hand) FROM catalog.stock")
    assert admin.figure("Units") == str(units)


@pytest.mark.parametrize("kind", [KINDS[1], KINDS[2]], ids=str)
def test_what_is_sold_and_counted_stands_in_the_history_of_its_shelf(
    own_store: Store, open_admin: AdminOpener, kind: Kind
) -> None:
    title = unused("Journey stool")
    sku = title.upper().replace(" ", "-")
    admin = open_admin(kind, dark=kind is KINDS[2])
    page = admin.page
    admin.begin_product(title, sku, "30")
    page.get_by_label("Status").select_option("published")
    admin.press("Save")
    admin.told("is saved")
    [(variant, _, _)] = own_store.rows(LEVEL, sku)
    worth = worth_of(admin)

    admin.open(f"/inventory/stocktake?q={sku}")
    admin.press("Save the counts")
    admin.refused("Type what was counted")
    counted = page.get_by_label(f"Counted of {sku}")
    counted.fill("some")
    admin.fill({"Reason": "First count"})
    admin.press("Save the counts")
    admin.refused("“some” is no number of units.")
    expect(counted).to_have_value("some")
    counted.fill("6")
    admin.press("Save the counts")
    admin.told("1 shelf is counted.")
    assert own_store.rows(LEDGER, variant, 1) == [("corrected", 6, "First count")]
    assert worth_of(admin) == (worth[0], worth[1] + 6, worth[2] + 6)

    admin.open("/inventory?show=all")
    admin.search("Search by SKU or title", sku)
    expect(admin.rows("Table of stock levels")).to_have_count(1)
    admin.follow(sku)
    admin.follow("The product")
    admin.follow(title)
    admin.fill({"Cost to the shop": "12.50"})
    admin.press("Save")
    admin.told("The variant is saved.")
    assert worth_of(admin) == (worth[0] + 7500, worth[1] + 6, worth[2])

    bought = buy(own_store, {sku: 4})
    admin.open(f"/inventory/{variant}")
    lines = admin.rows("Table of stock movements")
    expect(lines.first).to_contain_text(bought.number)
    expect(lines.last).to_contain_text("First count")
    assert (admin.figure("On hand"), admin.figure("Reserved"), admin.figure("Can be sold")) == ("6", "4", "2")
    expect(page.locator(".heading")).to_contain_text("Low")
    admin.open(f"/inventory?q={sku}")
    expect(admin.row(sku)).to_contain_text("Low")


def worth_of(admin: Admin) -> tuple[int, int, int]:
    """Read what the stock is worth in cents, how many units there are, and of how many nobody said the cost."""
    admin.open("/inventory/value")
    return tuple(
        int(re.sub(r"\D", "", admin.figure(name))) for name in ("At cost", "Units", "Units whose cost nobody said")
    )  # type: ignore[return-value]
