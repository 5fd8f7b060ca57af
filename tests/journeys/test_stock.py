"""Staff keep the stock: what comes in, what is counted and corrected, when to be warned, and what it is worth."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import KINDS, AdminOpener, Kind
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
