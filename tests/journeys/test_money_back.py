"""Money goes back: for a line, for a whole order that is cancelled, and for goods that came back."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.axe import assert_sound
from tests.journeys.conftest import KINDS, AdminOpener, Kind, Opener
from tests.journeys.steps import Bought, buy
from tests.journeys.store import Store
from tests.processes import eventually

SKU = "ALD-DISH-SET"
REFUNDS = """SELECT r.amount, r.state FROM payments.refunds r JOIN payments.payments p ON p.id = r.payment_id
             JOIN orders.orders o ON o.id = p.order_id WHERE o.number = %s ORDER BY r.id"""
STOCK = """SELECT on_hand, reserved FROM catalog.stock s JOIN catalog.variants v ON v.id = s.variant_id
           WHERE v.sku = %s"""
ORDER = "SELECT state, total, subtotal / 2 FROM orders.orders WHERE number = %s"


def refunded(store: Store, bought: Bought, amount: int) -> bool:
    """Say whether exactly this has gone back."""
    found = store.rows(REFUNDS, bought.number)
    assert [row[0] for row in found] == [amount]
    return bool(found[0][1] == "succeeded")


@pytest.mark.parametrize("kind", [KINDS[1], KINDS[2]], ids=str)
def test_one_unit_of_two_is_paid_back(own_store: Store, open_admin: AdminOpener, kind: Kind) -> None:
    bought = buy(own_store, {SKU: 2})
    [(on_hand, reserved)], [(_, _, price)] = own_store.rows(STOCK, SKU), own_store.rows(ORDER, bought.number)
    admin = open_admin(kind)
    page = admin.page
    admin.open_order(bought.number)
    page.get_by_role("link", name="Give money back…").click()
    admin.sound()
    page.get_by_label(re.compile("Brush and cloth")).fill("3")
    admin.press("Give it back")
    admin.refused("enter a whole number from 0 to 2")
    page.get_by_label(re.compile("Brush and cloth")).fill("1")
    admin.fill({"Reason": "One had a scratch"})
    admin.press("Give it back")
    admin.told("The money is on its way back.")

    eventually(lambda: refunded(own_store, bought, price))
    assert own_store.rows(STOCK, SKU) == [(on_hand, reserved - 1)]
    own_store.wait_for_mail(bought.email, "Money back")
    admin.open_order(bought.number)
    expect(admin.card("Items")).to_contain_text("1 refunded before sending")
    expect(admin.card("Papers").get_by_role("link", name=re.compile("Credit note"))).to_be_visible()
    expect(admin.card("Payment")).to_contain_text("Paid back")


def test_a_cancelled_order_gives_back_all_money_and_goods(own_store: Store, open_admin: AdminOpener) -> None:
    bought = buy(own_store, {SKU: 2})
    [(on_hand, reserved)], [(_, total, _)] = own_store.rows(STOCK, SKU), own_store.rows(ORDER, bought.number)
    admin = open_admin(KINDS[0])
    admin.open_order(bought.number)
    admin.page.get_by_role("link", name="Cancel the order…").click()
    admin.sound()
    admin.press("Cancel the order")
    admin.refused("Say why")
    assert own_store.rows(ORDER, bought.number)[0][0] == "paid"
    admin.fill({"Reason": "The kiln broke"})
    admin.press("Cancel the order")
    expect(admin.page.locator(".heading")).to_contain_text(re.compile("Cancelled|Refunded"))

    eventually(lambda: refunded(own_store, bought, total))
    assert own_store.rows(STOCK, SKU) == [(on_hand, reserved - 2)]
    assert "The kiln broke" in own_store.wait_for_mail(bought.email, "cancelled")["text"]


def test_goods_come_back_and_the_money_goes_after_them(
    own_store: Store, open_page: Opener, open_admin: AdminOpener
) -> None:
    bought = buy(own_store, {SKU: 2})
    [(_, _, price)] = own_store.rows(ORDER, bought.number)
    admin = open_admin(KINDS[0], dark=True)
    admin.open_order(bought.number)
    admin.ship("An Post", f"CE{uuid4().hex[:9].upper()}IE")
    admin.press("Mark as delivered")
    expect(admin.page.locator(".heading")).to_contain_text("Delivered")
    [(on_hand, reserved)] = own_store.rows(STOCK, SKU)

    shopper = open_page(KINDS[1])
    shopper.goto(bought.url.replace(f"/orders/{bought.number}", f"/orders/{bought.number}/returns"))
    assert_sound(shopper, scripts=False)
    shopper.get_by_label(re.compile("Brush and cloth")).fill("1")
    shopper.get_by_label(re.compile("^Why|Reason", re.I)).fill("It does not fit my brush")
    shopper.get_by_role("button", name="Ask for the return").click()
    expect(shopper.locator("main")).to_contain_text(re.compile("return", re.I))

    admin.open("/returns")
    admin.row(bought.number).get_by_role("link").first.click()
    expect(admin.page.locator("main")).to_contain_text("It does not fit my brush")
    admin.press("Agree to the return")
    admin.refused("Write a line to the shopper")
    admin.fill({"Your answer": "Please send it to 1 Quay Street, Galway."})
    admin.press("Agree to the return")
    admin.told("The shopper gets your answer by mail.")
    own_store.wait_for_mail(bought.email, "You can send it back")
    assert any("1 Quay Street" in mail["text"] for mail in own_store.mails(bought.email))
    admin.sound()
    admin.press("Note what arrived")
    admin.told("The return is received.")

    eventually(lambda: refunded(own_store, bought, price))
    assert own_store.rows(STOCK, SKU) == [(on_hand + 1, reserved)]
    own_store.wait_for_mail(bought.email, "Money back")
