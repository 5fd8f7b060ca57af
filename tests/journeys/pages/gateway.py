"""The demo gateway's own pages."""

import re

from playwright.sync_api import Page

GOOD, DECLINED, POOR, CHALLENGE = "4242424242424242", "4000000000000002", "4000000000009995", "4000002760003184"
ABANDON, SLOW, ERROR = "4000000000000341", "4000000000000259", "4000000000000119"

BACK = re.compile(r"/orders/[A-Z0-9-]+\?")


class Gateway:
    """The page on which a shopper pays."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def pay(self, card: str = GOOD) -> None:
        """Pay with a test card; comes back to the shop unless the bank asks first."""
        self.page.get_by_label("Card number").fill(card)
        self.page.get_by_role("button", name=re.compile("^Pay")).click()

    def approve(self) -> None:
        """Tell the bank that it is us."""
        self.page.get_by_role("button", name=re.compile("Approve")).click()

    def refuse(self) -> None:
        """Tell the bank that it is not us."""
        self.page.get_by_role("button", name=re.compile("Refuse")).click()

    def cancel(self) -> None:
        """Go back without paying."""
        self.page.get_by_role("button", name=re.compile("Cancel")).click()
