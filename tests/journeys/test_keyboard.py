"""A whole purchase by keyboard alone: every stop is reached by Tab, seen, and worked by Enter, Space and arrows."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import KINDS, Opener
from tests.journeys.pages import Shop
from tests.journeys.pages.gateway import GOOD
from tests.journeys.pages.shop import ADDRESS
from tests.journeys.steps import new_address, with_a_mug
from tests.journeys.store import Store

SEEN = """() => {
  const at = document.activeElement;
  const shown = at.matches('.choice-input') ? at.labels[0] : at;  // the words stand for the button that is not drawn
  const box = shown.getBoundingClientRect();
  // The ring of a tile goes round the whole tile, which its link's ::after covers.
  const ring = ['', '::after'].map((part) => getComputedStyle(shown, part)).find((one) => one.outlineStyle !== 'none');
  return {
    name: at.tagName + ' ' + (at.getAttribute('aria-label') || at.labels?.[0]?.innerText || at.innerText || at.name),
    outlined: !!ring && (parseFloat(ring.outlineWidth) >= 2 || ring.outlineStyle === 'auto'),
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    over: over(shown, box),
  };

  function over(shown, box) {  // what lies over the middle of what can be seen of it, and neither holds it nor is in it
    const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2;
    const x = middle(box.left, box.right, innerWidth - 1), y = middle(box.top, box.bottom, innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    return !top || top.contains(shown) || shown.contains(top) ? '' : top.outerHTML.slice(0, 120);
  }
}"""


def see_stop(page: Page) -> dict[str, Any]:
    """Return what has the focus, which must be on the screen, outlined, and covered by nothing."""
    stop: dict[str, Any] = page.evaluate(SEEN)
    assert stop["inside"], f"{page.url}: the focus on {stop['name']!r} is off the screen"
    assert stop["outlined"], f"{page.url}: nothing shows that {stop['name']!r} has the focus"
    assert not stop["over"], f"{page.url}: the focus on {stop['name']!r} is under {stop['over']}"
    return stop


def tab_to(page: Page, target: str, *, limit: int = 120) -> None:
    """Press Tab until an element that matches has the focus; each stop on the way must be visible and outlined."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            continue
        see_stop(page)
        if page.evaluate("target => document.activeElement.matches(target)", target):
            return
    raise AssertionError(f"{page.url}: {target} is not reached by Tab")


def go_round(page: Page) -> list[str]:
    """Press Tab through a whole page, once round, and return the stops; the focus must always move on."""
    page.locator("body").evaluate("document.activeElement.blur()")
    stops: list[str] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            return stops
        stop = see_stop(page)
        if len(stops) > 2 and stop["name"] == stops[0] == "A Skip to the content":
            return stops
        stops.append(stop["name"])
    raise AssertionError(f"{page.url}: the focus does not come round: {stops[-5:]}")


def tab_to_name(page: Page, name: str) -> None:
    """Press Tab until the field with this label has the focus."""
    field = page.get_by_label(name, exact=True).first
    tab_to(page, f"#{field.get_attribute('id')}")


@pytest.mark.parametrize("kind", [KINDS[0], KINDS[2], KINDS[3]], ids=str)
def test_a_purchase_by_keyboard_alone(store: Store, open_page: Opener, kind: object) -> None:
    shop = Shop(open_page(kind))
    page, press = shop.page, shop.page.keyboard.press
    page.goto("/")
    press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    press("Enter")
    expect(page).to_have_url(re.compile("#main$"))

    page.goto("/")
    tab_to(page, "#q")
    page.keyboard.type("mug")
    press("Enter")
    page.wait_for_url(re.compile("/search"))
    shop.open_first_product_to_buy("/search?q=mug")
    tab_to(page, "#add")
    press("Enter")
    if kind.javascript:  # type: ignore[attr-defined]
        drawer = page.get_by_role("dialog")
        expect(drawer).to_be_visible()
        for _ in range(12):  # the focus stays in the drawer, or on the browser's own bar
            press("Tab")
            assert page.evaluate(
                "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
            )
        press("Escape")
        expect(drawer).to_be_hidden()
        expect(page.locator("#add")).to_be_focused()
        page.goto("/cart")
    page.wait_for_url(re.compile("/cart"))
    tab_to(page, "a[href^='/checkout']")
    press("Enter")

    page.wait_for_url(re.compile("/checkout/details"))
    tab_to_name(page, "E-mail address")
    page.keyboard.type(new_address())
    for label, answer in ADDRESS.items():
        tab_to_name(page, label)
        page.keyboard.type(answer)
    press("Enter")
    page.wait_for_url(re.compile("/checkout/delivery"))
    tab_to(page, "input[name=method]")
    press("Space")
    press("ArrowDown")
    expect(page.locator("input[name=method]").nth(1)).to_be_checked()
    press("Enter")
    page.wait_for_url(re.compile("/checkout/review"))
    tab_to(page, "form[action='/checkout/order'] button")
    press("Enter")
    page.wait_for_url(re.compile("/gateway/pay/"))
    tab_to_name(page, "Card number")
    page.keyboard.type(GOOD)
    press("Enter")
    shop.placed_order()
    expect(page.locator("#order-status")).to_contain_text(re.compile("paid|payment received", re.I))


def test_a_refused_form_takes_the_focus_to_its_problems(store: Store, open_page: Opener) -> None:
    shop = Shop(open_page(KINDS[2]))
    page = shop.page
    shop.open_first_product_to_buy("/search?q=mug")
    shop.add_to_cart()
    page.goto("/checkout")
    shop.go_on()

    expect(page.locator(".problems")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("E-mail address")).to_be_focused()


def test_nothing_covers_the_focus_on_a_phone(store: Store, open_page: Opener) -> None:
    page = with_a_mug(open_page, KINDS[0]).page
    for path in ("/", "/c/kitchen", "/search?q=mug", "/p/keel-teapot", "/cart", "/checkout/details"):
        page.goto(path)
        for late in (".goes-with", "#recent"):  # which come when they are near
            page.evaluate("place => document.querySelector(place)?.scrollIntoView()", late)
            page.wait_for_load_state("networkidle")
        assert len(go_round(page)) > 8, path
