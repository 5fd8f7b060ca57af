"""The admin as staff use it."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.journeys.axe import assert_sound


class Admin:
    """One member of staff with one open page; the page's base address is the admin's."""

    def __init__(self, page: Page, *, scripts: bool = True) -> None:
        self.page = page
        self.scripts = scripts

    def sound(self) -> None:
        """Expect the open page to be sound."""
        assert_sound(self.page, scripts=self.scripts)

    def sign_in(self, email: str, password: str) -> None:
        """Sign in and see the dashboard."""
        self.page.goto("/")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.press("Sign in")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Today")

    def open(self, path: str) -> None:
        """Open a page, which must be sound."""
        self.page.goto(path)
        self.sound()

    def search(self, label: str, words: str) -> None:
        """Look for something in the list that is open."""
        field = self.page.get_by_label(label)
        field.fill(words)
        field.press("Enter")
        self.page.wait_for_url(re.compile(r"\?(.*&)?q="))

    def fill(self, answers: Mapping[str, str]) -> None:
        """Answer the fields with these labels."""
        for label, answer in answers.items():
            self.page.get_by_label(label, exact=True).fill(answer)

    def choose(self, answers: Mapping[str, str | re.Pattern[str]]) -> None:
        """Choose the option that reads so, whatever its level in a tree, in the fields with these labels."""
        for label, words in answers.items():
            field = self.page.get_by_label(label, exact=True)
            wanted = words if isinstance(words, re.Pattern) else re.compile(rf"^\s*{re.escape(words)}$")
            field.select_option(field.locator("option").filter(has_text=wanted).first.get_attribute("value"))

    def press(self, name: str) -> None:
        """Press the button of this name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        """Follow the link of this name."""
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def told(self, words: str | re.Pattern[str]) -> None:
        """Expect the page to say what was done."""
        expect(self.page.locator("#status")).to_contain_text(words)

    def refused(self, words: str) -> None:
        """Expect the page to say what is wrong, in the summary that has the focus, and to be sound all the same."""
        summary = self.page.locator(".problems")
        expect(summary).to_contain_text(words)
        expect(summary).to_be_focused()
        expect(self.page).to_have_title(re.compile("^Problem: "))
        self.sound()

    def rows(self, table: str) -> Locator:
        """Return the rows of the table of this name, without its head."""
        return self.page.get_by_role("region", name=table).locator("tbody tr")

    def row(self, words: str) -> Locator:
        """Return the row of a table that holds these words."""
        return self.page.get_by_role("row").filter(has_text=words)

    def card(self, title: str) -> Locator:
        """Return the part of the page under this heading."""
        return self.page.locator(".card").filter(has=self.page.get_by_role("heading", name=title, exact=True))

    def figure(self, name: str) -> str:
        """Return the figure of this name."""
        box = self.page.locator(".figures > div").filter(has=self.page.get_by_text(name, exact=True))
        return box.locator("dd").first.inner_text()

    def begin_product(self, title: str, sku: str, price: str, **answers: str) -> str:
        """Make a draft, with values of a first option if they are named, and return the address of its page."""
        self.page.goto("/products/new")
        self.fill({"Title": title, "SKU": sku, "Price": price})
        self.page.get_by_label("Category", exact=True).select_option(index=2)
        for option, values in answers.items():
            self.fill({"First option": option, "Values of the first option, with commas between": values})
        self.press("Make a draft")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        return urlsplit(self.page.url).path

    def open_order(self, number: str) -> None:
        """Open an order's page."""
        self.page.goto(f"/orders/{number}")
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(number)

    def ship(self, carrier: str, tracking_number: str, parcel: Mapping[str, int] | None = None) -> None:
        """Send a parcel with so many units of each title in it; with everything that is left if none is named."""
        self.page.get_by_label("Carrier").fill(carrier)
        self.page.get_by_label("Tracking number").fill(tracking_number)
        for title, units in (parcel or {}).items():
            self.page.locator(".parcel").get_by_label(re.compile(re.escape(title))).fill(str(units))
        self.press("Ship")
        expect(self.page.locator("main")).to_contain_text(re.compile("shipped", re.I))
        expect(self.page.locator("main")).to_contain_text(tracking_number)

    def cancel(self, reason: str) -> None:
        """Cancel the open order and put its units back."""
        self.page.get_by_role("link", name=re.compile("Cancel the order")).click()
        self.page.get_by_label(re.compile("Reason", re.I)).fill(reason)
        self.page.get_by_role("button", name=re.compile("Cancel the order", re.I)).click()
        expect(self.page.locator("main")).to_contain_text(re.compile("cancelled", re.I))

    def choose_orders(self, action: str, *numbers: str) -> None:
        """Tick orders in the list and go on to what is done with all of them."""
        self.page.goto("/orders")
        for number in numbers:
            self.page.get_by_label(f"Choose order {number}").check()
        self.page.get_by_label("With the chosen orders").select_option(action)
        self.press("Go on…")
        self.page.wait_for_url(re.compile("/orders/(bulk|pick-list)"))
        self.sound()
