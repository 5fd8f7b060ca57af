"""From an empty shop to the first paid order: its owner takes the first steps, and a shopper buys what they brought."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from pyotp import TOTP

from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import KINDS, Kind, Opener
from tests.journeys.pages import Shop
from tests.journeys.steps import new_address
from tests.journeys.store import Store, running_store
from tests.processes import eventually


@pytest.fixture
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store without a shop in it, and somebody who may sign in as its owner."""
    if request.config.getoption("--base-url"):
        pytest.skip("It takes an empty store.")
    with running_store("--empty") as store:
        yield store


def sign_in_for_the_first_time(page: Page, store: Store) -> None:
    """Sign in with a password and set up the second factor, as the owner of a new shop does."""
    page.goto("/start")
    page.get_by_label("E-mail").fill(store.staff_email)
    page.get_by_label("Password").fill(store.staff_password)
    page.get_by_role("button", name="Sign in").click()
    page.locator("main form button").first.click()
    secret = page.locator("main code").first.inner_text().replace(" ", "")
    page.get_by_label("Code").fill(TOTP(secret).now())
    page.get_by_label("Code").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("codes", re.I))


def look_at(page: Page, kind: Kind) -> None:
    """See that a page is accessible, which takes a script, and no wider than the screen."""
    if kind.javascript:
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth"), page.url


def answer(page: Page, kind: Kind, title: str, **answers: str) -> None:
    """Fill the form of a step by its labels, look at it, and go on."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    for label, words in answers.items():
        page.get_by_label(label.replace("_", " "), exact=True).fill(words)
    look_at(page, kind)
    page.get_by_role("button", name="Save and go on").click()


@pytest.mark.parametrize("kind", [KINDS[1], KINDS[2]], ids=str)
def test_from_an_empty_shop_to_the_first_paid_order(store: Store, open_page: Opener, kind: Kind) -> None:
    shopper = open_page(kind, dark=kind is KINDS[1])
    shopper.goto("/")
    expect(shopper.get_by_role("heading", level=1)).to_have_text("We open soon.")
    look_at(shopper, kind)

    page = open_page(kind, base_url=store.admin_url, dark=kind is KINDS[2])
    sign_in_for_the_first_time(page, store)
    page.goto("/")
    expect(page.get_by_role("heading", name="Set up your shop")).to_be_visible()
    look_at(page, kind)
    page.get_by_role("link", name="Go on: Name and address").click()
    answer(page, kind, "Name and address", Name_of_the_shop="Mill Lane", Address="12 Mill Lane\nCork")
    answer(page, kind, "Currency and language", Currency="EUR")
    answer(page, kind, "Delivery", Price="4.95", Free_from_a_worth_of="50")
    page.get_by_label("Name that shoppers read").first.fill("Card, for practice")
    answer(page, kind, "Ways to pay")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    answer(page, kind, "The first product", What_it_is_called="Harbour mug", Category="Mugs", Price="12", SKU="MUG-1",
           How_many_there_are="5")  # fmt: skip
    expect(page.get_by_role("heading", level=1)).to_have_text("Tax")
    look_at(page, kind)
    page.get_by_role("button", name="Leave it for later").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("First steps")
    expect(page.locator("main")).to_contain_text("5 of 6 steps done")
    look_at(page, kind)
    page.get_by_role("link", name="Look into the shop").click()
    expect(page.locator("body")).to_contain_text("Not open: shoppers read")
    page.goto(f"{store.base_url}/p/harbour-mug")
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour mug")
    look_at(page, kind)
    shopper.goto("/p/harbour-mug")
    expect(shopper.get_by_role("heading", level=1)).to_have_text("We open soon.")
    page.goto(f"{store.admin_url}/start")
    page.get_by_role("button", name="Open the shop").click()
    expect(page.get_by_role("heading", name="The shop is open")).to_be_visible()

    def comes_in() -> bool:
        shopper.goto("/p/harbour-mug")
        return shopper.get_by_role("heading", level=1).inner_text() == "Harbour mug"

    assert eventually(comes_in, seconds=40, every=0.5)
    shop, email = Shop(shopper), new_address()
    shop.add_to_cart()
    shop.check_out(email).pay()
    order = shop.placed_order()
    expect(shopper.locator("#order-status")).to_contain_text(re.compile("paid|payment received", re.I))
    assert "Mill Lane" in store.wait_for_mail(email, order.number)["text"]
    page.goto("/orders")
    expect(page.locator("main")).to_contain_text(order.number)
