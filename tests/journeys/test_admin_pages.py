"""Every page of the admin is sound, before sign-in and after it: on a phone and a desk, by day and by night."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect
from pyotp import TOTP

from tests.admin.test_access import ROUTES  # which holds every route there is: that module proves it
from tests.journeys.axe import COLOURS, complaints, flaws
from tests.journeys.conftest import DESKTOP, KINDS, PHONE, AdminOpener, Opener
from tests.journeys.pages import Admin
from tests.journeys.samples import addresses, look_up, names
from tests.journeys.steps import new_address
from tests.journeys.store import Store
from tests.journeys.test_account import PASSWORD, link_in

RULES = sorted(rule for method, rule in ROUTES if method == "GET")


def unsound(page: Page) -> list[str]:
    """Return what is wrong with the page that is open: on a phone by day, in its colours by night, and on a desk."""
    page.emulate_media(color_scheme="light")
    found = flaws(page) + complaints(page)
    page.emulate_media(color_scheme="dark")
    found += [f"in the dark: {line}" for line in complaints(page, COLOURS)]
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    found += flaws(page)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    return [f"{page.url}: {line}" for line in dict.fromkeys(found)]


def test_every_page_of_the_admin_has_a_sample() -> None:
    paths = addresses(RULES, {name: name for name in names(RULES)})

    assert len(paths) == len(set(paths)) > 80


def test_every_page_of_the_admin_is_sound_and_has_a_title_of_its_own(own_store: Store, open_admin: AdminOpener) -> None:
    admin = open_admin(KINDS[0])
    page, wrong, titles = admin.page, [], {}
    for path in addresses(RULES, look_up(own_store, admin, RULES)):
        answer = page.goto(path)
        assert answer
        assert (answer.status, urlsplit(page.url).path) == (200, urlsplit(path).path)
        titles[path] = page.title()
        wrong += unsound(page)

    assert wrong == [], "\n".join(wrong)
    shared = [(path, title) for path, title in titles.items() if list(titles.values()).count(title) > 1]
    assert shared == []


def test_every_page_on_the_way_in_is_sound(own_store: Store, open_page: Opener, open_admin: AdminOpener) -> None:
    owner, email = open_admin(KINDS[0]), new_address()
    page = open_page(KINDS[0], base_url=own_store.admin_url)
    seen: list[str] = []
    wrong: list[str] = []

    def look(path: str) -> None:
        expect(page).to_have_url(re.compile(rf"{re.escape(path)}(\?|$)"))
        seen.append(path)
        wrong.extend(unsound(page))

    owner.page.goto("/staff/invitations/new")
    owner.fill({"E-mail address": email, "Name": "Noor Haddad"})
    owner.page.get_by_label("Role").select_option("support")
    owner.page.locator("main form button").click()
    owner.page.wait_for_url(re.compile("/staff$"))
    page.goto(link_in(own_store.wait_for_mail(email, "invites you")))
    look("/invitation")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    look("/sign-in/second-factor")
    page.locator("main form button").first.click()
    look("/sign-in/second-factor/secret")
    secret = page.locator("main code").first.inner_text().replace(" ", "")
    page.get_by_label("Code").fill(TOTP(secret).now())
    page.get_by_label("Code").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("codes", re.I))
    wrong += unsound(page)
    page.goto("/me")
    Admin(page).press("Sign out")
    look("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    Admin(page).press("Sign in")
    look("/sign-in/code")
    page.get_by_label("Code").fill("000000")
    page.get_by_label("Code").press("Enter")
    expect(page.locator(".problems")).to_be_focused()
    wrong += unsound(page)
    gone = page.goto("/invitation?token=nothing")
    assert gone
    assert gone.status == 404
    wrong += unsound(page)

    assert wrong == [], "\n".join(wrong)
    assert set(seen) >= {"/invitation", "/sign-in", "/sign-in/code", "/sign-in/second-factor"}
