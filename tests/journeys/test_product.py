"""A product's page in a browser: its pictures, its swatches, its link, and what was looked at before."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import KINDS, Opener

DESKTOP_JS, DESKTOP_PLAIN = KINDS[2], KINDS[3]
MUG = "/p/hearth-mug"


def shown_first(page: Page) -> str:
    """Return what the large picture that is in view shows."""
    return str(page.locator("#picture-1 img").get_attribute("alt"))


def test_pictures_options_link_and_what_was_looked_at(open_page: Opener) -> None:
    page = open_page(DESKTOP_JS)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/p/keel-teapot")
    page.goto(MUG)

    thumbs = page.get_by_role("list", name="All pictures").get_by_role("link")
    expect(thumbs).to_have_count(4)
    expect(page.locator("#picture-1")).to_be_in_viewport(ratio=0.5)
    thumbs.nth(2).click()
    expect(thumbs.nth(2)).to_have_attribute("aria-current", "true")
    expect(page.locator(".thumbs [aria-current]")).to_have_count(1)
    expect(page.locator("#picture-3")).to_be_in_viewport(ratio=0.5)
    expect(page.locator("#picture-1")).not_to_be_in_viewport(ratio=0.5)
    gallery = page.get_by_role("group", name="Pictures of Hearth mug")
    gallery.focus()
    gallery.press("ArrowRight")
    expect(page.locator("#picture-4")).to_be_in_viewport(ratio=0.5)

    swatch = page.locator("label.choice", has_text="Tide blue")
    expect(swatch.locator("svg.swatch circle")).to_have_attribute("fill", re.compile("^#[0-9a-f]{6}"))
    page.evaluate("scrollTo(0, 200)")
    swatch.click()
    expect(page.locator("#picture-1 img")).to_have_attribute("alt", "Hearth mug in Tide blue")
    expect(page).to_have_url(re.compile(r"hearth-mug\?.*=Tide"))
    expect(page.locator("#picture-1")).to_be_in_viewport(ratio=0.5)
    assert page.evaluate("scrollY") == 200, "what is chosen stays under the finger"
    assert_accessible(page)

    page.evaluate("delete Navigator.prototype.share")  # as in browsers without a window of the system's own for it
    page.get_by_role("button", name="Share").click()
    expect(page.locator("#status")).to_have_text("The link is copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "/p/hearth-mug" in copied

    page.locator("#recent").scroll_into_view_if_needed()
    recent = page.locator("#recent")
    expect(recent.get_by_role("link", name="Keel teapot")).to_be_visible()
    expect(recent.get_by_role("link", name="Hearth mug")).to_have_count(0)


def test_without_scripts_the_pictures_and_options_work_all_the_same(open_page: Opener) -> None:
    page = open_page(DESKTOP_PLAIN)
    page.goto(MUG)
    first = shown_first(page)

    page.get_by_role("list", name="All pictures").get_by_role("link").nth(1).click()
    expect(page).to_have_url(re.compile("#picture-2$"))
    expect(page.locator("#picture-2")).to_be_in_viewport(ratio=0.5)
    page.locator("label.choice", has_text="Ochre").click()
    page.get_by_role("button", name="Choose").first.click()
    expect(page).to_have_url(re.compile("=Ochre"))
    assert shown_first(page) == "Hearth mug in Ochre" != first
    expect(page.get_by_role("button", name="Share")).to_have_count(0)
    expect(page.get_by_role("link", name="Send the link by mail")).to_have_attribute("href", re.compile("^mailto:"))


def test_a_list_stays_where_it_is_while_it_is_narrowed(open_page: Opener) -> None:
    page = open_page(DESKTOP_JS)
    page.goto("/search")
    page.evaluate("scrollTo(0, 300)")

    page.get_by_label("Only what is in stock").click()

    page.wait_for_url(re.compile("in_stock=1"))
    expect(page.locator(".chips")).to_contain_text("In stock")
    assert page.evaluate("scrollY") == 300
