"""The admin as staff use it."""

import re

from playwright.sync_api import Page, expect


class Admin:
    """One member of staff with one open page; the page's base address is the admin's."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def sign_in(self, email: str, password: str) -> None:
        """Sign in and see the dashboard."""
        self.page.goto("/")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Today")

    def open_order(self, number: str) -> None:
        """Open an order's page."""
        self.page.goto(f"/orders/{number}")
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(number)

    def ship(self, carrier: str, tracking_number: str) -> None:
        """Send everything that is left in one parcel."""
        self.page.get_by_label("Carrier").fill(carrier)
        self.page.get_by_label("Tracking number").fill(tracking_number)
        self.page.get_by_role("button", name="Ship", exact=True).click()
        expect(self.page.locator("main")).to_contain_text(re.compile("shipped", re.I))
        expect(self.page.locator("main")).to_contain_text(tracking_number)

    def cancel(self, reason: str) -> None:
        """Cancel the open order and put its units back."""
        self.page.get_by_role("link", name=re.compile("Cancel the order")).click()
        self.page.get_by_label(re.compile("Reason", re.I)).fill(reason)
        self.page.get_by_role("button", name=re.compile("Cancel the order", re.I)).click()
        expect(self.page.locator("main")).to_contain_text(re.compile("cancelled", re.I))
