"""Staff make a product with a picture and sell it, working it by keyboard where that differs."""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.domain.catalog.images import picture
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import KINDS, Kind, Opener
from tests.journeys.pages import Admin, Shop
from tests.journeys.steps import new_address
from tests.journeys.store import Store


@pytest.mark.parametrize("kind", [KINDS[2]], ids=str)
def test_a_product_is_made_with_a_picture_and_sold(store: Store, open_page: Opener, kind: Kind, tmp_path: Path) -> None:
    name = f"Journey bowl {uuid4().hex[:6]}"
    file = tmp_path / "bowl.jpg"
    file.write_bytes(picture(800, 1000))
    admin = Admin(open_page(kind, base_url=store.admin_url))
    page = admin.page
    admin.sign_in(store.staff_email, store.staff_password)

    page.goto("/products")
    page.get_by_role("link", name="New product").click()
    page.get_by_label("Title", exact=True).fill(name)
    page.get_by_label("Category", exact=True).select_option(index=2)
    page.get_by_label("Price", exact=True).fill("19.90")
    page.get_by_label("SKU", exact=True).fill(f"JB-{uuid4().hex[:6].upper()}")
    page.get_by_label("First option", exact=True).fill("Size")
    page.get_by_label("Values of the first option, with commas between").fill("Small, Large")
    assert_accessible(page)
    page.get_by_role("button", name="Make a draft").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)

    page.get_by_role("link", name="Pictures").click()
    page.get_by_label("Picture files").set_input_files(file)
    page.get_by_label("What the picture shows").fill("A red and blue bowl")
    page.get_by_role("button", name="Bring them").press("Enter")
    expect(page.locator("#status")).to_contain_text("shown in a moment")
    for _ in range(60):
        page.reload()
        if page.locator(".pictures img").count():
            break
        page.wait_for_timeout(500)
    expect(page.locator(".pictures img")).to_be_visible()
    assert_accessible(page)

    page.get_by_role("link", name="Details").click()
    page.get_by_label("On hand of Small").fill("3")
    page.get_by_label("Reason for a change of stock").fill("First delivery")
    page.get_by_label("Status").select_option("published")
    assert_accessible(page)
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    expect(page.locator("#status")).to_contain_text("is saved")
    slug = page.get_by_label("Address", exact=True).input_value()

    shop = Shop(open_page(kind))
    shop.page.goto(f"/p/{slug}")
    expect(shop.page.get_by_role("img", name="A red and blue bowl")).to_be_visible()
    shop.add_to_cart()
    shop.check_out(new_address()).pay()
    shop.placed_order()
    shop.says(name)

    page.get_by_role("link", name=re.compile("Stock of Small")).click()
    expect(page.locator("main")).to_contain_text("Reserved")
    expect(page.locator("main")).to_contain_text("First delivery")
    for path in (
        "/collections",
        "/categories",
        "/brands",
        "/product-types",
        "/inventory/stocktake",
        "/inventory/value",
    ):
        page.goto(path)
        assert_accessible(page)
