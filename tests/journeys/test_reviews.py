"""A review from the purchase to the page, a wishlist without a script, suggestions by keyboard, and pages like them."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.journeys.axe import assert_accessible, assert_sound
from tests.journeys.conftest import KINDS, Kind, Opener
from tests.journeys.pages import Admin, Shop
from tests.journeys.steps import new_address
from tests.journeys.store import Store

PHONE, PHONE_PLAIN, DESKTOP = KINDS[:3]
SHOP_PAGES = ("/p/hearth-mug", "/p/hearth-mug/reviews?stars=5", "/p/hearth-mug/suggestions", "/search?q=zzzzqq",
              "/collections/made-in-ireland", "/recently-viewed?slugs=hearth-mug")  # fmt: skip
ADMIN_PAGES = ("/", "/orders", "/products?q=mug", "/products/imports", "/customers", "/reviews?state=published",
               "/synonyms", "/reports", "/keys")  # fmt: skip


def test_a_buyer_writes_staff_publish_and_everybody_reads(store: Store, open_page: Opener) -> None:
    title = f"Good to hold {uuid4().hex[:8]}"
    shop = Shop(open_page(PHONE))
    shop.open_first_product_to_buy("/search?q=mug")
    product = shop.page.url.partition("?")[0]
    shop.add_to_cart()
    shop.check_out(new_address()).pay()
    order = shop.placed_order()
    shop.page.goto(order.url.replace(f"/orders/{order.number}", f"/orders/{order.number}/reviews"))
    shop.page.get_by_role("link", name=re.compile("Write about")).first.click()
    shop.page.get_by_role("button", name="Send your review").click()
    expect(shop.page.get_by_role("alert")).to_contain_text("Choose from one to five stars.")
    assert_accessible(shop.page)
    shop.page.get_by_label(re.compile("Four stars")).check()
    shop.page.get_by_label("In one line").fill(title)
    shop.page.get_by_label("Your review").fill("It keeps tea warm for long, and the handle fits.")
    shop.page.get_by_role("button", name="Send your review").click()
    shop.says("We read your review and show it soon")

    admin = Admin(open_page(DESKTOP, base_url=store.admin_url))
    admin.sign_in(store.staff_email, store.staff_password)
    admin.page.goto("/reviews")
    admin.page.get_by_label(re.compile(title)).check()
    assert_accessible(admin.page)
    admin.page.get_by_role("button", name="Go on…").click()
    expect(admin.page.get_by_role("heading", level=1)).to_have_text("Publish: 1 of 1 review")
    assert_accessible(admin.page)
    admin.page.get_by_role("button", name="Publish: 1 review").click()
    expect(admin.page.locator("#status")).to_contain_text("1 review is published.")

    reader = open_page(DESKTOP)
    reader.goto(f"{product}/reviews?sort=newest")
    expect(reader.locator("#reviews")).to_contain_text(title)
    expect(reader.locator("#reviews")).to_contain_text("verified purchase")
    reader.get_by_label("Sort by").focus()
    with reader.expect_response(re.compile("sort=lowest")):
        reader.get_by_label("Sort by").select_option("lowest")
    expect(reader.locator("#reviews")).to_contain_text(title)
    expect(reader.get_by_label("Sort by")).to_be_focused()


def test_a_wishlist_works_without_a_script(store: Store, open_page: Opener) -> None:
    page = open_page(PHONE_PLAIN)
    shop = Shop(page)
    shop.open_first_product_to_buy("/search?q=mug")
    name = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("button", name="Keep for later").click()
    page.wait_for_url(re.compile("/wishlist$"))
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_role("link", name=re.compile("wishlists")).inner_text()

    other = open_page(DESKTOP, dark=True)
    other.goto(link)
    expect(other.get_by_role("heading", name=name)).to_be_visible()
    assert_accessible(other)
    page.get_by_role("button", name="Stop sharing").click()
    answer = other.goto(link)
    assert answer
    assert answer.status == 404

    page.get_by_role("button", name=re.compile("Into the cart")).click()
    page.wait_for_url(re.compile("/cart$"))
    shop.says(name)
    page.goto("/wishlist")
    shop.says("Nothing here yet")


def test_suggestions_are_walked_by_the_arrow_keys_and_leave_the_page_alone(store: Store, open_page: Opener) -> None:
    page = open_page(DESKTOP)
    page.goto("/p/ferry-mug")
    page.get_by_role("link", name="What goes with it").click()
    expect(page.locator("#goes-with .tile").first).to_be_visible()
    field = page.get_by_label("Search the shop")
    field.press_sequentially("hearth m")
    found = page.get_by_role("option", name=re.compile("Hearth mug"))
    expect(found).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    for _ in range(page.get_by_role("option").count()):
        if found.get_attribute("aria-selected") == "true":
            break
        field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", str(found.get_attribute("id")))
    expect(field).to_be_focused()
    assert_accessible(page)
    field.press("Escape")
    expect(found).to_be_hidden()
    expect(field).to_have_value("hearth m")
    field.press("ArrowDown")
    while found.get_attribute("aria-selected") != "true":
        field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url(re.compile("/p/hearth-mug"))


@pytest.mark.parametrize(("kind", "dark"), [(PHONE, False), (DESKTOP, True)], ids=["phone-light", "desktop-dark"])
def test_every_page_about_goods_is_sound(store: Store, open_page: Opener, kind: Kind, dark: bool) -> None:
    shopper, admin = open_page(kind, dark=dark), Admin(open_page(kind, dark=dark, base_url=store.admin_url))
    for path in SHOP_PAGES:
        shopper.goto(path)
        assert_sound(shopper)
    admin.sign_in(store.staff_email, store.staff_password)
    for path in ADMIN_PAGES:
        admin.open(path)
    if kind is PHONE:
        admin.page.get_by_role("button", name="Menu").click()
        assert_accessible(admin.page)
    admin.page.get_by_role("link", name="Reviews", exact=True).click()
    expect(admin.page.get_by_role("heading", level=1)).to_have_text("Reviews")
