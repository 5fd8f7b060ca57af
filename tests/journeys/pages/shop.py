"""The storefront as a shopper uses it."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.journeys.pages.gateway import Gateway

ADDRESS = {
    "Full name": "Ada Lovelace",
    "Street and house number": "12 Harbour Row",
    "Town or city": "Dublin",
    "Postcode": "D02 X285",
}


@dataclass(frozen=True)
class PlacedOrder:
    """An order as its page names it, and the address of that page."""

    number: str
    url: str


class Shop:
    """One shopper with one open page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open_home(self) -> None:
        """Open the home page."""
        self.page.goto("/")

    def search(self, words: str) -> None:
        """Search by the box that every page has."""
        box = self.page.get_by_label("Search the shop")
        box.fill(words)
        box.press("Enter")
        self.page.wait_for_url(re.compile(r"/search\?"))

    def tiles(self) -> list[str]:
        """Return the addresses of the products on the list, in its order."""
        self.page.locator("main a[href^='/p/']").first.wait_for()
        found = [str(link.get_attribute("href")) for link in self.page.locator("main a[href^='/p/']").all()]
        return list(dict.fromkeys(found))

    def open_first_product_to_buy(self, path: str) -> None:
        """Open the first product of a list that can be bought."""
        self.page.goto(path)
        for href in self.tiles():
            self.page.goto(href)
            button = self.add_button()
            if button.count() and button.is_enabled():
                return
        raise AssertionError(f"Nothing on {path} can be bought")

    def add_button(self):  # type: ignore[no-untyped-def]
        """Return the button that puts the open product in the cart."""
        return self.page.get_by_role("button", name=re.compile("add to (cart|basket)", re.I))

    def add_to_cart(self, quantity: int | None = None) -> None:
        """Put the open product in the cart and open the cart's page."""
        if quantity is not None:
            self.page.get_by_label("Quantity").first.fill(str(quantity))
        self.add_button().click()
        dialog = self.page.get_by_role("dialog")
        cart_page = re.compile(r"/cart(\?.*)?$")
        try:
            self.page.wait_for_url(cart_page, timeout=2500)
        except Exception:
            expect(dialog).to_be_visible()
            self.page.goto("/cart")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def line(self, title: str) -> Locator:
        """Return the line of the cart with this title."""
        return self.page.locator(".cart-line").filter(has_text=title)

    def set_quantity(self, title: str, quantity: int) -> None:
        """Ask for so many of a line of the cart: by leaving the field, or by its button where no script listens."""
        field = self.line(title).get_by_label(re.compile("^Quantity"))
        field.fill(str(quantity))
        update = self.line(title).get_by_role("button", name=re.compile("^Update"))
        if update.is_visible():
            update.click()
        else:
            field.press("Tab")

    def take_out(self, title: str) -> None:
        """Take a line out of the cart."""
        self.line(title).get_by_role("button", name=re.compile("^Remove")).click()

    def check_out(self, email: str) -> Gateway:
        """Go through the checkout as a guest, up to the gateway's page."""
        self.page.goto("/checkout")
        self.fill_details(email)
        self.go_on()
        self.page.wait_for_url(re.compile("/checkout/delivery"))
        self.page.locator("input[name=method]").first.check(force=True)
        self.go_on()
        self.page.wait_for_url(re.compile("/checkout/review"))
        return self.place_order()

    def fill_details(self, email: str, **answers: str) -> None:
        """Answer who and where."""
        self.page.wait_for_url(re.compile("/checkout/details"))
        self.page.get_by_label("E-mail address").fill(email)
        for label, answer in (ADDRESS | answers).items():
            self.page.get_by_label(label, exact=True).first.fill(answer)

    def go_on(self) -> None:
        """Press the one button that leads to the next step."""
        self.page.locator("main form[action^='/checkout/'] button:not([type=button])").last.click()

    def place_order(self) -> Gateway:
        """Press the button that places the order; the gateway's page follows."""
        self.page.locator("form[action='/checkout/order'] button:not([type=button])").last.click()
        self.page.wait_for_url(re.compile("/gateway/pay/"))
        return Gateway(self.page)

    def placed_order(self) -> PlacedOrder:
        """Read which order the open page is about."""
        self.page.wait_for_url(re.compile(r"/orders/[A-Z0-9-]+\?"))
        found = re.search(r"/orders/([A-Z0-9-]+)\?", self.page.url)
        assert found, self.page.url
        return PlacedOrder(number=found[1], url=self.page.url)

    def says(self, words: str | re.Pattern[str]) -> None:
        """Expect words anywhere on the page; waits for them."""
        expect(self.page.locator("body")).to_contain_text(words, ignore_case=True)
