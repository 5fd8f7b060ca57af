"""An account from the first mail to its deletion, in a browser, with and without JavaScript."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import KINDS, Kind, Opener
from tests.journeys.steps import new_address
from tests.journeys.store import Store

PASSWORD, NEW_PASSWORD = "a long and quiet harbour wall", "another quiet harbour wall"
PAGES = ("/account", "/account/addresses", "/account/addresses/new", "/account/details", "/account/second-step",
         "/account/sign-ins", "/account/data", "/account/messages", "/account/reviews",
         "/wishlist")  # fmt: skip


def open_account(store: Store, page: Page) -> str:
    """Open an account by the link in the mail; return its address."""
    email = new_address()
    page.goto("/register")
    page.get_by_label("Name").fill("Ada Byrne")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look in your mailbox")
    page.goto(link_in(store.wait_for_mail(email, "Confirm your address")))
    page.get_by_role("button", name="Open my account").click()
    page.wait_for_url(re.compile("/account$"))
    return email


def link_in(mail: dict[str, str]) -> str:
    """Return the path of the link that a mail is about."""
    found = re.search(r"https?://\S+\?token=[\w.-]+", mail["text"])
    assert found, mail["text"]
    url = urlsplit(found.group())
    return f"{url.path}?{url.query}"


@pytest.mark.parametrize("kind", [KINDS[0], KINDS[3]], ids=str)
def test_an_account_from_its_opening_to_its_end(store: Store, open_page: Opener, kind: Kind) -> None:
    page = open_page(kind)
    email = open_account(store, page)
    page.goto("/account/details")
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_label("New password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("Your password is changed")).to_be_visible()
    store.wait_for_mail(email, "Your password was changed")
    page.get_by_role("button", name="Sign out").first.click()
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".problems")).to_contain_text("not right")
    page.get_by_label("Password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile("/account$"))
    page.goto("/account/data")
    page.get_by_label("Your password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account is deleted")
    store.wait_for_mail(email, "Your account is gone")


@pytest.mark.parametrize("kind", [KINDS[0], KINDS[2]], ids=str)
def test_every_page_of_an_account_is_accessible_and_asks_nothing_of_others(
    store: Store, open_page: Opener, kind: Kind
) -> None:
    page = open_page(kind)
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    open_account(store, page)
    titles = []
    for path in (*PAGES, "/", "/search?q=mug", "/cart", "/password/forgotten"):
        page.goto(path)
        titles.append(page.title())
        expect(page.locator("h1")).to_have_count(1)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
    page.goto("/account/second-step")
    page.get_by_role("button", name="Set it up").click()
    drawn = "document.querySelector('.qr svg')"
    assert page.evaluate(f"{drawn}.getBoundingClientRect().width === {drawn}.width.baseVal.value"), "it is cut off"
    whole = page.locator(".qr svg").bounding_box()
    assert whole
    assert whole["x"] + whole["width"] <= kind.width
    assert_accessible(page)
    page.locator("#code").fill("000000")
    page.get_by_role("button", name="Turn the second step on").click()
    expect(page.locator(".problems")).to_be_focused()
    assert_accessible(page)

    assert len(set(titles)) == len(titles), titles
    assert asked == {urlsplit(store.base_url).netloc}


def test_an_address_is_kept_by_keyboard_alone_and_fills_the_checkout_in(store: Store, open_page: Opener) -> None:
    page = open_page(KINDS[2])
    open_account(store, page)
    page.goto("/account/addresses/new")
    page.locator("#name").focus()
    for answer in ("Ada Byrne", "", "12 Harbour Road", "", "D13 X2Y4", "Howth"):
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(answer)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/account/addresses$"))
    page.goto("/search?q=mug")
    page.locator("main a[href^='/p/']").first.click()
    page.wait_for_url(re.compile("/p/"))
    page.locator("#add").click()
    expect(page.locator("#status")).to_contain_text(re.compile("cart", re.I))
    page.goto("/checkout/details")

    expect(page.locator("#line1")).to_have_value("12 Harbour Road")
    expect(page.locator("#postcode")).to_have_value("D13 X2Y4")
