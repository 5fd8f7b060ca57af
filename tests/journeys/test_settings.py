"""The owner changes how the shop looks, is paid and writes; shoppers see it without a restart."""

import io
import re
from uuid import uuid4

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.journeys.axe import assert_accessible, assert_sound
from tests.journeys.conftest import KINDS, AdminOpener, Kind, Opener
from tests.journeys.pages import Admin
from tests.journeys.steps import buy, new_address, with_a_mug
from tests.journeys.store import Store
from tests.processes import eventually

PAGES = ("/settings", "/settings/logo", "/settings/payment", "/settings/senders", "/settings/legal", "/start",
         "/start/place", "/start/money", "/start/delivery", "/start/payment", "/start/goods", "/start/tax")  # fmt: skip


def picture(colour: str) -> bytes:
    """A logo as a designer hands it over."""
    image = Image.new("RGBA", (880, 200), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((20, 20, 860, 180), fill=colour)
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


@pytest.mark.parametrize("kind", [KINDS[0], KINDS[2]], ids=str)
def test_every_page_of_the_settings_is_accessible(store: Store, open_page: Opener, kind: Kind) -> None:
    page = open_page(kind, base_url=store.admin_url, dark=kind is KINDS[0])
    Admin(page).sign_in(store.staff_email, store.staff_password)
    for path in PAGES:
        page.goto(path)
        expect(page.locator("h1")).to_have_count(1)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth"), path


@pytest.mark.parametrize("kind", [KINDS[1], KINDS[2]], ids=str)
def test_a_logo_is_brought_seen_and_taken_off(store: Store, open_page: Opener, kind: Kind) -> None:
    page = open_page(kind, base_url=store.admin_url)
    Admin(page).sign_in(store.staff_email, store.staff_password)
    page.goto("/settings/logo")
    for label, colour in (("Logo", "#b9502f"), ("Logo for dark ground", "white")):
        file = {"name": "logo.png", "mimeType": "image/png", "buffer": picture(colour)}
        page.get_by_label(label, exact=True).set_input_files(file)
    page.get_by_label("Description").fill("The oval")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="As it is shown")).to_be_visible()
    if kind.javascript:
        assert_accessible(page)

    shopper = open_page(kind, dark=True)
    assert eventually(lambda: _logos(shopper) > 0, seconds=40, every=0.5)
    expect(shopper.get_by_role("img", name="The oval").first).to_be_visible()
    if kind.javascript:
        assert shopper.locator("img.logo").first.evaluate("one => one.naturalWidth") > 0
        assert_accessible(shopper)

    page.get_by_role("button", name="Take off the logo", exact=True).click()
    expect(page.get_by_role("heading", name="Bring a logo")).to_be_visible()
    assert eventually(lambda: _logos(shopper) == 0, seconds=40, every=0.5)


def _logos(page: Page) -> int:
    page.goto("/")
    return page.locator("img.logo").count()


def test_a_way_to_pay_goes_by_another_name_and_a_letter_comes_from_another_sender(
    store: Store, open_page: Opener
) -> None:
    page = open_page(KINDS[3], base_url=store.admin_url)
    Admin(page).sign_in(store.staff_email, store.staff_password)
    page.goto("/settings/payment")
    label = page.get_by_label("Name that shoppers read").first
    usual = label.input_value()
    label.fill("Card, for practice")
    page.get_by_role("button", name="Save").click()
    shop = with_a_mug(open_page, KINDS[3])
    shop.page.goto("/checkout")
    shop.fill_details("ada@example.com")
    shop.go_on()
    shop.page.locator("input[name=method]").first.check()
    shop.go_on()

    def reads() -> bool:
        shop.page.goto("/checkout/review")
        return "Card, for practice" in shop.page.locator("main").inner_text()

    assert eventually(reads, seconds=40, every=0.5)
    page.get_by_label("Name that shoppers read").first.fill(usual)
    page.get_by_role("button", name="Save").click()

    page.goto("/settings/senders")
    page.get_by_label("Address that answers go to").fill("not an address")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter one address")
    page.get_by_label("Address that answers go to").fill("help@cornershop.test")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Send me a letter").click()
    expect(page.get_by_role("status")).to_contain_text(re.compile("on its way", re.I))
    store.wait_for_mail(store.staff_email, "welcome")
    page.get_by_label("Address that answers go to").fill("")
    page.get_by_role("button", name="Save").click()


@pytest.mark.parametrize("kind", [KINDS[1], KINDS[2]], ids=str)
def test_a_legal_text_is_written_read_in_the_shop_and_taken_back(
    own_store: Store, open_page: Opener, open_admin: AdminOpener, kind: Kind
) -> None:
    words = f"Goods come back within {uuid4().int % 90} days, by post or over the counter."
    admin, shopper = open_admin(kind), open_page(kind)
    admin.open("/settings/legal")
    before = admin.page.get_by_label("Returns and withdrawal", exact=True).input_value()
    admin.fill({"Returns and withdrawal": f"# How it goes\n\n{words}"})
    admin.press("Save the texts")
    admin.told("Saved.")
    try:

        def is_read() -> bool:
            answer = shopper.goto("/legal/returns")
            return bool(answer and answer.status == 200 and words in shopper.locator("main").inner_text())

        eventually(is_read, seconds=40, every=0.5)
        expect(shopper.get_by_role("heading", name="How it goes")).to_be_visible()
        assert_sound(shopper, scripts=kind.javascript)
        expect(
            shopper.get_by_role("navigation", name="Legal").get_by_role("link", name="Returns and withdrawal")
        ).to_be_visible()
    finally:
        admin.page.goto("/settings/legal")
        admin.fill({"Returns and withdrawal": before})
        admin.press("Save the texts")
    eventually(lambda: words not in _text_of(shopper, "/legal/returns"), seconds=40, every=0.5)


def _text_of(page: Page, path: str) -> str:
    page.goto(path)
    return page.locator("main").inner_text()


def test_the_shop_is_closed_with_words_and_opened_again(
    own_store: Store, open_page: Opener, open_admin: AdminOpener
) -> None:
    words = "We are on holiday until 12 January."
    placed, admin = buy(own_store, {"ALD-DISH-HEAD": 1}), open_admin(KINDS[0])
    shop = with_a_mug(open_page, KINDS[1])
    shopper = shop.page
    admin.open("/settings/closing")
    try:
        admin.fill({"What shoppers read": ""})
        admin.press("Close the shop")
        admin.refused("Tell shoppers why")
        admin.fill({"What shoppers read": words})
        admin.press("Close the shop")
        admin.told("The shop is closed")
        admin.sound()
        eventually(lambda: words in _text_of(shopper, "/cart"), seconds=40, every=0.5)
        expect(shopper.get_by_role("button", name="Add to cart")).to_have_count(0)
        assert_sound(shopper, scripts=False)
        shopper.goto(placed.url)
        expect(shopper.locator("main")).to_contain_text(placed.number)
        admin.page.goto("/")
        expect(admin.page.locator("main")).to_contain_text(words)
    finally:
        admin.page.goto("/settings/closing")
        if admin.page.get_by_role("button", name="Open the shop").count():
            admin.press("Open the shop")
    admin.told("The shop is open again.")
    expect(admin.page.locator(".heading")).to_contain_text("Open")
    eventually(lambda: words not in _text_of(shopper, "/cart"), seconds=40, every=0.5)
    shop.check_out(new_address()).pay()  # what was in the cart is still there
    shop.placed_order()
