"""Staff look after a customer: orders and spend, a note, a block, all that is kept as a file, and the end of it."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import KINDS, AdminOpener, Kind, Opener
from tests.journeys.pages import Shop
from tests.journeys.store import Store
from tests.journeys.test_account import PASSWORD, open_account

SHOPPER = "SELECT id, staff_note, blocked_at IS NOT NULL FROM users.shoppers WHERE email = %s"
ORDER = "SELECT email, shopper_id, total, shipping_address->>'name' FROM orders.orders WHERE number = %s"


@pytest.mark.parametrize("kind", [KINDS[1]], ids=str)
def test_a_customer_is_noted_blocked_taken_along_and_erased(
    own_store: Store, open_page: Opener, open_admin: AdminOpener, kind: Kind
) -> None:
    shopper = open_page(KINDS[2])
    email = open_account(own_store, shopper)
    shop = Shop(shopper)
    shopper.request.post(
        "/cart/lines", form={"sku": "ALD-DISH-HEAD", "quantity": "2"}, headers={"Origin": own_store.base_url}
    )
    shop.check_out(email).pay()
    number = shop.placed_order().number
    [(shopper_id, _, _)], [(_, owner, total, _)] = own_store.rows(SHOPPER, email), own_store.rows(ORDER, number)
    assert owner == shopper_id

    plain, admin = open_admin(kind), open_admin(KINDS[2])
    page = plain.page
    plain.open("/customers")
    plain.search("Search by any part of a name or a mail address", email.partition("@")[0])
    plain.follow("Ada Byrne")
    expect(plain.card("Orders")).to_contain_text(number)
    expect(plain.card("Orders")).to_contain_text(f"1 order, €{total / 100:.2f} spent")
    admin.open(page.url)

    plain.fill({"What staff should know": "Rings twice"})
    plain.press("Keep the note")
    plain.told("The note is kept.")
    plain.press("Block")
    plain.told("This customer can no longer sign in or order.")
    assert own_store.rows(SHOPPER, email) == [(shopper_id, "Rings twice", True)]
    turned_away = open_page(KINDS[3])
    turned_away.goto("/sign-in")
    turned_away.get_by_label("E-mail address").fill(email)
    turned_away.get_by_label("Password").fill(PASSWORD)
    turned_away.get_by_role("button", name="Sign in").click()
    expect(turned_away.locator(".problems")).to_contain_text(re.compile("write to", re.I))
    plain.press("Let in again")
    plain.told("This customer can sign in and order again.")
    turned_away.get_by_label("Password").fill(PASSWORD)
    turned_away.get_by_role("button", name="Sign in").click()
    turned_away.wait_for_url(re.compile("/account$"))

    with page.expect_download() as kept:
        plain.press("All that is kept, as a file")
    words = json.dumps(json.loads(kept.value.path().read_text()), ensure_ascii=False)
    for one in (email, "Rings twice", number, "12 Harbour Row"):
        assert one in words

    admin.page.reload()
    admin.follow("Delete the account…")
    admin.sound()
    admin.press("Delete the account")
    admin.refused("Type the address.")
    assert own_store.rows(SHOPPER, email)
    admin.page.locator("#email").fill(email)
    admin.press("Delete the account")
    admin.refused("An order of this customer is still under way.")
    admin.open_order(number)
    admin.ship("An Post", "CE000000001IE")
    admin.press("Mark as delivered")
    expect(admin.page.locator(".heading")).to_contain_text("Delivered")
    admin.page.goto(f"/customers/{shopper_id}/deletion")
    admin.page.locator("#email").fill(email)
    admin.press("Delete the account")
    admin.told("The account is deleted.")
    assert own_store.rows(SHOPPER, email) == []
    [(mail, gone, kept_total, name)] = own_store.rows(ORDER, number)  # the books keep the sum, and nobody's name
    assert (gone, kept_total) == (None, total)
    assert email not in mail
    assert "Lovelace" not in (name or "")
