"""What the checkout promises whoever goes through it, checked in a browser, rule by rule."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Request, expect

from tests.journeys.conftest import KINDS, Opener
from tests.journeys.pages import gateway
from tests.journeys.steps import new_address, with_a_mug
from tests.journeys.store import Store


def test_the_checkout_begins_as_a_guest_and_offers_an_account_after(store: Store, open_page: Opener) -> None:
    shop = with_a_mug(open_page)
    shop.page.goto("/checkout")
    shop.page.wait_for_url(re.compile("/checkout/details"))
    assert shop.page.locator("input[type=password]").count() == 0
    shop.check_out(new_address()).pay()
    shop.placed_order()
    expect(shop.page.locator("main a[href^='/register']").first).to_be_visible()


def test_each_step_shows_the_order_and_leads_back_to_what_was_answered(store: Store, open_page: Opener) -> None:
    shop = with_a_mug(open_page, KINDS[3])
    page, summary = shop.page, shop.page.locator("aside.checkout-aside")

    def look(step: str) -> None:
        expect(page.locator("[aria-current=step]")).to_contain_text(step)
        expect(summary).to_contain_text("Total")
        expect(summary.locator("a[href='/cart']").first).to_be_visible()

    page.goto("/checkout")
    look("details")
    shop.fill_details(new_address())
    shop.go_on()
    look("Delivery")
    page.locator("input[name=method]").first.check(force=True)
    shop.go_on()
    look("pay")
    changes = page.locator("main a", has_text="Change")
    where = {urlsplit(str(link.get_attribute("href"))).path for link in changes.all()}
    assert where >= {"/checkout/details", "/checkout/delivery"}


def test_fields_say_what_they_are_to_the_browser(store: Store, open_page: Opener) -> None:
    page = with_a_mug(open_page, KINDS[3]).page
    page.goto("/checkout/details")
    fields = page.locator("main input:not([type=hidden]):not([type=checkbox]), main select")
    for field in fields.all():
        name = str(field.get_attribute("name"))
        assert field.get_attribute("id"), name
        assert field.get_attribute("autocomplete"), name
        kind = "billing" if name.startswith("billing_") else "shipping"
        if name not in ("email", "phone"):
            assert str(field.get_attribute("autocomplete")).startswith(kind), name
    assert not page.get_by_label(re.compile("bill", re.I)).first.is_checked()
    expect(page.locator("#phone-hint")).not_to_be_empty()  # why we ask
    assert page.locator("#email").get_attribute("inputmode") == "email"
    assert page.locator("#phone").get_attribute("inputmode") == "tel"
    for path, wanted in (("/sign-in", "current-password"), ("/register", "new-password")):
        page.goto(path)
        assert page.locator("input[type=password]").get_attribute("autocomplete") == wanted


def test_a_field_is_checked_when_it_is_left_and_forgiven_when_it_is_right(store: Store, open_page: Opener) -> None:
    page = with_a_mug(open_page).page
    page.goto("/checkout/details")
    email = page.locator("#email")
    email.press_sequentially("ada")
    expect(page.locator("#email-error")).to_have_count(0)
    email.press("Tab")
    expect(page.locator("#email-error")).to_be_visible()
    expect(email).to_have_attribute("aria-invalid", "true")
    assert "email-error" in str(email.get_attribute("aria-describedby"))
    email.press_sequentially("@example.com")
    expect(page.locator("#email-error")).to_have_count(0)


def test_a_refused_answer_is_kept_and_its_error_is_tied_to_the_field(store: Store, open_page: Opener) -> None:
    shop = with_a_mug(open_page, KINDS[3])
    page = shop.page
    page.goto("/checkout")
    shop.fill_details("not an address", **{"Full name": "Ada Lovelace"})
    shop.go_on()

    assert page.locator("#email").input_value() == "not an address"
    assert page.locator("#name").input_value() == "Ada Lovelace"
    expect(page.locator("#email")).to_have_attribute("aria-invalid", "true")
    said = str(page.locator("#email").get_attribute("aria-describedby")).split()
    assert any(page.locator(f"#{one}.field-error").count() for one in said)
    expect(page.locator(".problems a[href='#email']")).to_be_visible()


def test_four_clicks_send_one_order(store: Store, open_page: Opener) -> None:
    shop = with_a_mug(open_page)
    shop.page.goto("/checkout")
    shop.fill_details(new_address())
    shop.go_on()
    shop.page.locator("input[name=method]").first.check(force=True)
    shop.go_on()
    expect(shop.page.locator("form[action='/checkout/order'] button").first).to_be_visible()
    sent: list[Request] = []
    shop.page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    shop.page.evaluate("""() => { const button = document.querySelector("form[action='/checkout/order'] button");
        for (let i = 0; i < 4; i++) setTimeout(() => button.click(), i * 40); }""")
    shop.page.wait_for_url(re.compile("/gateway/pay/"))

    assert len([request for request in sent if request.url.endswith("/checkout/order")]) == 1


def test_the_confirmation_is_a_page_with_a_number_and_what_happens_next(store: Store, open_page: Opener) -> None:
    shop = with_a_mug(open_page, KINDS[3])
    shop.check_out(new_address()).pay()
    order = shop.placed_order()
    expect(shop.page.locator("main")).to_contain_text(order.number)
    expect(shop.page.get_by_label("How far it is")).to_be_visible()
    shop.says("We write to")


def test_a_payment_under_way_never_invites_a_second_one(store: Store, open_page: Opener) -> None:
    shop = with_a_mug(open_page, KINDS[3])
    shop.check_out(new_address()).pay(gateway.SLOW)
    shop.placed_order()
    shop.says("Please do not pay twice")
    expect(shop.page.locator("form[action*='/payments']")).to_have_count(0)
