"""Those who run the shop: somebody joins with a second factor, by keyboard alone; each page of theirs is accessible."""

import re
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect
from pyotp import TOTP

from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import KINDS, AdminOpener, Kind, Opener
from tests.journeys.pages.admin import Admin
from tests.journeys.steps import buy, new_address
from tests.journeys.store import Store
from tests.journeys.test_account import PASSWORD, link_in

PAGES = ("/staff", "/staff/invitations/new", "/staff/roles", "/staff/roles/support", "/log", "/me", "/notifications",
         "/notifications/kinds", "/notifications/kinds/order_placed", "/notifications/kinds/welcome",
         "/notifications/stopped", "/notifications/stopped/lifting?email=a@example.com",
         "/notifications/alerts")  # fmt: skip


def type_into(page: Page, label: str, words: str) -> None:
    """Reach a field by Tab and type into it."""
    reach(page, page.get_by_label(label, exact=True))
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until something has the focus."""
    for _ in range(60):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} cannot be reached by keyboard on {page.url}")


@pytest.mark.parametrize("kind", [KINDS[0], KINDS[2]], ids=str)
def test_every_page_about_staff_and_messages_is_accessible(store: Store, open_page: Opener, kind: Kind) -> None:
    page = open_page(kind, base_url=store.admin_url, dark=kind is KINDS[0])
    Admin(page).sign_in(store.staff_email, store.staff_password)
    titles = []
    for path in PAGES:
        page.goto(path)
        titles.append(page.title())
        expect(page.locator("h1")).to_have_count(1)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth"), path
    assert len(set(titles)) == len(PAGES)


def test_somebody_joins_with_a_second_factor_and_sets_the_messages_by_keyboard(store: Store, open_page: Opener) -> None:
    owner, email, name = open_page(KINDS[0], base_url=store.admin_url), new_address(), f"Noor {uuid4().hex[:6]}"
    Admin(owner).sign_in(store.staff_email, store.staff_password)
    owner.goto("/staff/invitations/new")
    type_into(owner, "E-mail address", email)
    type_into(owner, "Name", name)
    reach(owner, owner.get_by_label("Role"))
    owner.keyboard.type("manager")
    reach(owner, owner.locator("main form button"))
    owner.keyboard.press("Enter")
    owner.wait_for_url(re.compile("/staff$"))

    page = open_page(KINDS[0], base_url=store.admin_url)
    page.goto(link_in(store.wait_for_mail(email, "invites you")))
    type_into(page, "Password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/sign-in/second-factor"))
    assert_accessible(page)
    reach(page, page.locator("main form button").first)
    page.keyboard.press("Enter")
    secret = page.locator("main code").first.inner_text().replace(" ", "")
    assert_accessible(page)
    type_into(page, "Code", TOTP(secret).now())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("codes", re.I))
    assert_accessible(page)

    page.goto("/notifications/kinds/welcome")
    for word in ("Switch off", "Switch on"):
        reach(page, page.get_by_role("button", name=word))
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("from now on")
    page.goto("/notifications/alerts")
    box = page.get_by_label(f"Something runs low: {name}")
    reach(page, box)
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    expect(page.get_by_label(f"Something runs low: {name}")).to_be_checked()
    assert urlsplit(page.url).path == "/notifications/alerts"


def test_a_role_is_made_and_shows_its_holder_what_it_may_and_nothing_else(
    own_store: Store, open_page: Opener, open_admin: AdminOpener
) -> None:
    bought, email, name = buy(own_store, {"ALD-DISH-HEAD": 1}), new_address(), f"packers-{uuid4().hex[:6]}"
    owner = open_admin(KINDS[3])
    owner.open("/staff/roles")
    owner.follow("New role")
    owner.press("Save")
    owner.refused("Say what the role is called.")
    owner.refused("Say what the role is for.")
    owner.fill({"Name": name, "What it is for": "Packs and sends"})
    for may in ("See orders", "Pack, ship and deliver orders"):
        owner.page.get_by_label(may, exact=True).check()
    owner.press("Save")
    owner.page.wait_for_url(re.compile("/staff/roles$"))
    expect(owner.row(name)).to_contain_text("Packs and sends")

    owner.page.goto("/staff/invitations/new")
    owner.fill({"E-mail address": email, "Name": "Noor Haddad"})
    owner.page.get_by_label("Role").select_option(name)
    owner.press("Send the invitation")
    owner.page.wait_for_url(re.compile("/staff$"))
    page = open_page(KINDS[3], base_url=own_store.admin_url)
    page.goto(link_in(own_store.wait_for_mail(email, "invites you")))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password", exact=True).press("Enter")
    page.wait_for_url(re.compile("/sign-in/second-factor"))
    page.locator("main form button").first.click()
    secret = page.locator("main code").first.inner_text().replace(" ", "")
    page.get_by_label("Code").fill(TOTP(secret).now())
    page.get_by_label("Code").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("codes", re.I))

    packer = Admin(page, scripts=False)
    packer.open("/me")
    areas = page.get_by_role("navigation", name="Areas").get_by_role("link").all_inner_texts()
    assert areas == ["Orders", "Returns"]
    for path in ("/products", "/customers", "/reports", "/staff", "/settings", "/jobs", "/log"):
        answer = page.goto(path)
        assert answer
        assert answer.status == 403, path
        packer.sound()
    packer.open_order(bought.number)
    expect(page.get_by_role("link", name=re.compile("Give money back|Cancel the order"))).to_have_count(0)
    packer.press("Mark as packed")
    expect(page.locator(".heading")).to_contain_text("Packed")
    answer = page.goto(f"/orders/{bought.number}/refunds")
    assert answer
    assert answer.status == 403

    owner.page.goto(f"/staff/roles/{name}")  # what a role may is changed for whoever has it, at once
    owner.page.get_by_label("See products", exact=True).check()
    owner.press("Save")
    owner.page.wait_for_url(re.compile("/staff/roles$"))
    packer.open("/products")
    expect(page.get_by_role("navigation", name="Areas").get_by_role("link", name="Products")).to_be_visible()
    expect(page.get_by_role("link", name="New product")).to_have_count(0)
