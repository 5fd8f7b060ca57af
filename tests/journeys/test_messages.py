"""Staff look after the mail: how it looks, what became of it, whom it must not reach, and what is switched off."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import KINDS, AdminOpener, Kind
from tests.journeys.steps import Bought, buy, new_address
from tests.journeys.store import Store
from tests.processes import eventually

LOG = """SELECT m.state FROM notifications.messages m JOIN orders.orders o ON o.id = m.order_id
         WHERE o.number = %s AND m.template = %s"""


def became_of(store: Store, bought: Bought, template: str) -> list[str]:
    """Return what became of an order's messages of a kind."""
    return [state for (state,) in store.rows(LOG, bought.number, template)]


@pytest.mark.parametrize("kind", [KINDS[1], KINDS[2]], ids=str)
def test_a_letter_is_previewed_tried_found_and_sent_again(
    own_store: Store, open_admin: AdminOpener, kind: Kind
) -> None:
    bought = buy(own_store, {"ALD-DISH-HEAD": 1})
    own_store.wait_for_mail(bought.email, f"Your order {bought.number}")
    admin = open_admin(kind)
    page = admin.page
    page.goto("/notifications/kinds/order_placed")
    admin.fill({"Show it with another order": bought.number})
    admin.press("Show")
    expect(page.locator("pre.letter").first).to_contain_text(bought.number)
    admin.sound()
    admin.press(f"Send it to {own_store.staff_email}")
    admin.told("The letter is on its way")
    own_store.wait_for_mail(own_store.staff_email, bought.number)
    assert len([mail for mail in own_store.mails(bought.email) if "Your order" in mail["subject"]]) == 1

    admin.open("/notifications")
    page.get_by_label("Kind").select_option("order_placed")
    admin.search("Mail address, telephone, order number or message id", bought.email)
    expect(page.locator("#rows tbody tr")).to_have_count(1)
    admin.follow("Order placed")
    admin.sound()
    admin.press("Send again")
    admin.told("The message goes out once more.")
    eventually(lambda: len([mail for mail in own_store.mails(bought.email) if "Your order" in mail["subject"]]) == 2)


def test_an_address_is_stopped_and_let_have_its_mail_again(own_store: Store, open_admin: AdminOpener) -> None:
    email = new_address()
    admin = open_admin(KINDS[0], dark=True)
    admin.open("/notifications/stopped")
    admin.press("Stop all mail to it")
    admin.refused("Enter")
    admin.fill({"E-mail address": email, "Why": "Asked on the telephone"})
    admin.press("Stop all mail to it")
    admin.told(f"{email} gets nothing more.")
    stopped = buy(own_store, {"ALD-DISH-HEAD": 1}, email=email)
    eventually(lambda: set(became_of(own_store, stopped, "order_placed")) == {"suppressed"})
    assert own_store.mails(email) == []

    admin.page.get_by_role("link", name=f"Lift {email}").click()
    admin.sound()
    admin.fill({"E-mail address": email})
    admin.page.locator("#because").fill("Changed their mind")
    admin.press("Let it have its mail")
    admin.told(f"{email} gets its mail again.")
    buy(own_store, {"ALD-DISH-HEAD": 1}, email=email)
    own_store.wait_for_mail(email, "Your order")


def test_a_kind_that_is_switched_off_is_held_back(own_store: Store, open_admin: AdminOpener) -> None:
    admin = open_admin(KINDS[2])
    admin.open("/notifications/kinds")
    admin.follow("New order")
    admin.press("Switch off")
    admin.told("not sent any more")
    try:
        admin.sound()
        bought = buy(own_store, {"ALD-DISH-HEAD": 1})
        own_store.wait_for_mail(bought.email, "Your order")
        eventually(lambda: set(became_of(own_store, bought, "staff_new_order")) == {"suppressed"})
    finally:
        admin.page.goto("/notifications/kinds/staff_new_order")
        admin.press("Switch on")
    admin.told("sent again")
    assert not any(bought.number in mail["subject"] for mail in own_store.mails(own_store.staff_email))
