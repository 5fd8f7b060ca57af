"""The cart in a browser: the drawer that opens, a change, a removal and its undo, with JavaScript or by plain forms."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.axe import assert_sound
from tests.journeys.conftest import KINDS, Kind, Opener
from tests.journeys.pages import Shop
from tests.journeys.store import Store


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_cart_is_filled_changed_emptied_and_filled_again(store: Store, open_page: Opener, kind: Kind) -> None:
    shop = Shop(open_page(kind))
    page = shop.page
    shop.open_first_product_to_buy("/search?q=mug&in_stock=1")
    title = page.get_by_role("heading", level=1).inner_text()
    shop.add_button().click()
    if kind.javascript:
        drawer = page.get_by_role("dialog", name="Your cart")
        expect(drawer).to_be_in_viewport()
        expect(drawer.get_by_role("heading")).to_have_text("Added to your cart")
        expect(drawer.get_by_role("listitem").filter(has_text=title)).to_contain_text("1 ×")
        assert_sound(page)
        drawer.get_by_role("link", name="See the cart").click()

    page.wait_for_url(re.compile("/cart$"))
    total = shop.line(title).locator(".cart-total")
    one = pennies(total.inner_text())
    shop.set_quantity(title, 2)
    expect(shop.line(title).get_by_label(re.compile("^Quantity"))).to_have_value("2")
    expect(total).not_to_have_text(re.compile(rf"^\D*{one // 100}\D"))
    assert pennies(total.inner_text()) == 2 * one
    if kind.javascript:
        expect(page.locator("#cart-badge")).to_contain_text("2")

    shop.take_out(title)
    expect(page.get_by_role("heading", name="Your cart is empty")).to_be_visible()
    expect(shop.line(title)).to_have_count(0)
    expect(page.locator(".undo")).to_contain_text(f"{title}")
    assert_sound(page, scripts=kind.javascript)
    page.get_by_role("button", name="Put it back").click()

    expect(shop.line(title).get_by_label(re.compile("^Quantity"))).to_have_value("2")
    page.goto("/cart")
    assert pennies(total.inner_text()) == 2 * one


def pennies(amount: str) -> int:
    """Return the minor units of an amount as the page shows it."""
    return int(re.sub(r"\D", "", amount))
