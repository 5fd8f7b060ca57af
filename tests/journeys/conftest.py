"""Fixtures for journeys: the store, the browser, and pages at phone and desktop widths, with JavaScript or without.

Against a store that runs elsewhere: `./shop test journeys --base-url https://shop.example`.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, expect, sync_playwright

from cli.demo_accounts import STAFF_EMAIL, STAFF_PASSWORD
from tests.journeys.pages.admin import Admin
from tests.journeys.store import Store, running_store

PHONE, DESKTOP = (390, 844), (1280, 900)


@pytest.fixture(scope="session")
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """The store under test: the one at --base-url, or one started for this run by each worker that has journeys."""
    base_url = request.config.getoption("--base-url")
    if not base_url:
        with running_store() as store:
            yield store
        return
    yield Store(
        base_url=base_url.rstrip("/"),
        admin_url=(request.config.getoption("--admin-url") or "http://localhost:8001").rstrip("/"),
        sandbox_url=(request.config.getoption("--sandbox-url") or "http://localhost:8002").rstrip("/"),
        staff_email=os.environ.get("SHOP_TEST_STAFF_EMAIL", STAFF_EMAIL),
        staff_password=os.environ.get("SHOP_TEST_STAFF_PASSWORD", STAFF_PASSWORD),
        var=Path(os.environ["SHOP_TEST_VAR"]) if "SHOP_TEST_VAR" in os.environ else None,
    )


@pytest.fixture
def own_store(store: Store) -> Store:
    """A store that a journey may rearrange, and whose database it may read."""
    if store.var is None:
        pytest.skip("It changes the rules of the shop and reads its database: only on a store of our own")
    return store


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium: the one on this machine, or the one Playwright installed."""
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("SHOP_TEST_CHROMIUM") or None,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield browser
        browser.close()


@dataclass(frozen=True)
class Kind:
    """A way to look at the store."""

    name: str
    width: int
    height: int
    javascript: bool

    def __str__(self) -> str:
        return self.name


KINDS = [
    Kind("phone-js", *PHONE, javascript=True),
    Kind("phone-nojs", *PHONE, javascript=False),
    Kind("desktop-js", *DESKTOP, javascript=True),
    Kind("desktop-nojs", *DESKTOP, javascript=False),
]

Opener = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, store: Store) -> Iterator[Opener]:
    """Open pages in contexts of their own (nothing shared), told apart by width, JavaScript and colour scheme.

    Every page must stay on this machine's addresses and log no error of its own; both are checked at the end.
    """
    contexts: list[BrowserContext] = []
    strangers: list[str] = []
    errors: list[str] = []

    def open_(
        kind: Kind = KINDS[2], *, base_url: str | None = None, dark: bool = False, state: StorageState | None = None
    ) -> Page:
        context = browser.new_context(
            base_url=base_url or store.base_url,
            viewport={"width": kind.width, "height": kind.height},
            java_script_enabled=kind.javascript,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="en-GB",
            storage_state=state,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        homes = (store.base_url, store.admin_url, store.sandbox_url, "data:", "about:", "blob:")
        page.on("request", lambda request: None if request.url.startswith(homes) else strangers.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if "Content Security" in message.text else None)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert strangers == [], "A page asked somebody else for something"
    assert errors == [], "A page's script failed"


@pytest.fixture(scope="session")
def staff_state(browser: Browser, store: Store) -> StorageState:
    """The cookies of a member of staff who has signed in, once for all journeys."""
    context = browser.new_context(base_url=store.admin_url)
    Admin(context.new_page()).sign_in(store.staff_email, store.staff_password)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def open_admin(open_page: Opener, own_store: Store, staff_state: StorageState) -> Callable[..., Admin]:
    """Open the admin as somebody who has signed in already."""

    def open_(kind: Kind = KINDS[2], *, dark: bool = False) -> Admin:
        return Admin(
            open_page(kind, base_url=own_store.admin_url, dark=dark, state=staff_state), scripts=kind.javascript
        )

    return open_


AdminOpener = Callable[..., Admin]
