"""The shoppers: they come with plans, do what people do when a shop stumbles (reload, wait, leave), and remember.

What a shopper saw is kept apart from the shop's own books, so that the one can be held against the other.
"""

import itertools
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlsplit

import urllib3

from cli.chaos.stage import HOT, Place
from cli.shopper import ANSWERS, GOOD_CARD, Form, Page, Shopper, Stuck

DECLINED, SLOW, FAILS_ONCE = "4000 0000 0000 0002", "4000 0000 0000 0259", "4000 0000 0000 0119"
PATIENCE = 20.0
"""Seconds that a shopper reloads a page before leaving."""

_PLANS = {
    "pays": 46, "pays slowly": 7, "pays while the gateway stumbles": 7, "is declined, then pays": 9,
    "is declined": 4, "leaves at the gateway": 8, "changes the order": 6, "pays the changed order twice": 4,
    "orders with many clicks": 6, "changes the cart while ordering": 5, "looks around": 4, "cancels": 6,
}  # fmt: skip
_ORDER = re.compile(r"/orders/([A-Z0-9-]+)")

T = TypeVar("T")


class Gone(Exception):
    """The shopper has lost patience and left."""


@dataclass
class Visit:
    """What one shopper did and saw."""

    email: str
    plan: str
    numbers: set[str] = field(default_factory=set)
    payments: set[str] = field(default_factory=set)
    end: str = ""


class Crowd:
    """Many shoppers at once, each with one visit after another."""

    def __init__(self, place: Place, *, shoppers: int, seed: int) -> None:
        self._place, self._seed = place, seed
        self.visits: list[Visit] = []
        self.ends: Counter[str] = Counter()
        self._count = itertools.count(1)
        self._closing = threading.Event()
        self._threads = [threading.Thread(target=self._come, args=(n,), daemon=True) for n in range(shoppers)]

    def open(self) -> None:
        """Let them in."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Let nobody new in and wait until the last one has left."""
        self._closing.set()
        for thread in self._threads:
            thread.join(180)

    def _come(self, number: int) -> None:
        chance = random.Random(f"{self._seed} shopper {number}")  # noqa: S311 - repeatable, not secret
        while not self._closing.is_set():
            plan = chance.choices(list(_PLANS), list(_PLANS.values()))[0]
            visit = Visit(f"shopper{next(self._count)}@example.com", plan)
            self.visits.append(visit)
            person = Person(self._place, visit, chance)
            try:
                visit.end = person.follow(plan)
            except Gone as gone:
                visit.end = f"left: {gone}"
            except Stuck as stuck:
                visit.end = f"stuck: {stuck}"[:300]
            except Exception as error:
                visit.end = f"failed: {type(error).__name__}: {error}"[:300]
            finally:
                person.remember()
            self.ends[visit.end.split(":")[0]] += 1
            self._closing.wait(chance.uniform(0, 0.4))


class Person:
    """One shopper on one visit."""

    def __init__(self, place: Place, visit: Visit, chance: random.Random) -> None:
        self._place, self._visit, self._chance = place, visit, chance
        self._shopper = Shopper(place.settings.storefront_url, timeout=25.0)

    def follow(self, plan: str) -> str:
        """Do what the plan says and return how it ended."""
        self._open("/")
        if plan == "looks around":
            self._open("/c/goods")
            self._open("/search?q=good")
            return "looked"
        self._fill_cart()
        if plan == "orders with many clicks":
            page = self._click_often()
        elif plan == "changes the cart while ordering":
            page = self._order_while_changing()
        else:
            page = self._order()
        if page is None:
            return "refused"
        if not self._at_gateway(page):
            page = self._again(page)
            if page is None:
                return "waits"
        return self._pay(plan, page)

    def remember(self) -> None:
        """Note the orders and payments that the shop led this shopper to."""
        for address in self._shopper.sent_to:
            found = _ORDER.search(address)
            if found:
                self._visit.numbers.add(found[1])
            if "/gateway/pay/" in address:
                self._visit.payments.add(urlsplit(address).path.split("/")[3])

    def _pay(self, plan: str, page: Page) -> str:
        match plan:
            case "leaves at the gateway":
                return "left at the gateway"
            case "is declined" | "is declined, then pays":
                page = self._use(page, DECLINED)
                if plan == "is declined":
                    return "declined"
                again = self._again(page)
                if again is None:
                    return "waits"
                page = self._use(again, GOOD_CARD)
            case "pays slowly":
                page = self._use(page, SLOW)
            case "pays while the gateway stumbles":
                page = self._use(page, FAILS_ONCE)
            case "changes the order" | "pays the changed order twice":
                first = page
                self._fill_cart()
                second = self._order()
                if second is None or not self._at_gateway(second):
                    return "waits"
                if plan == "pays the changed order twice":
                    both = [lambda: self._use(first, GOOD_CARD), lambda: self._use(second, GOOD_CARD)]
                    _at_once(both)
                    return "paid twice"
                page = self._use(second, GOOD_CARD)
            case _:
                page = self._use(page, GOOD_CARD)
        if plan == "cancels":
            return self._cancel(page)
        return "paid"

    def _fill_cart(self) -> None:
        hot = self._chance.random() < 0.15
        for slug in {
            HOT if hot else self._chance.choice(self._place.slugs[1:]),
            self._chance.choice(self._place.slugs[1:]),
        }:
            page = self._open(f"/p/{slug}")
            forms = [form for form in page.forms if "/cart/lines" in form.action]
            if forms:
                quantity = str(self._chance.randint(1, 3))
                self._try(lambda form=forms[0], quantity=quantity: self._shopper.submit(form, quantity=quantity))

    def _order(self) -> Page | None:
        """Go through the checkout to the gateway's page or the order's; None where the shop refuses."""
        return self._checkout(lambda form, chosen: self._try(lambda: self._shopper.submit(form, **chosen)))

    def _checkout(self, place: Callable[[Form, dict[str, str]], Page]) -> Page | None:
        page = self._open("/checkout")
        said = ANSWERS | {"email": self._visit.email}
        refusals = 0
        for _ in range(20):
            if self._at_gateway(page) or "/orders/" in page.url:
                return page
            forms = [form for form in page.forms if "/checkout/" in form.action]
            refusals += page.status == 409  # the total has changed, or something is sold out: look again
            if not forms or refusals > 2:
                if page.url.endswith("/cart") or refusals > 2:
                    return None
                page = self._open("/checkout")
                continue
            form = forms[0]
            chosen = {name: said[name] for name in form.values if name in said}
            chosen |= {name: options[0] for name, options in form.choices.items() if name not in form.values}
            last = form.action.endswith("/checkout/order")
            page = place(form, chosen) if last else self._try(lambda f=form, c=chosen: self._shopper.submit(f, **c))
            if page.status in (422, 404):
                page = self._open("/checkout")
        raise Stuck(f"The checkout does not end: {page.url} ({page.status})")

    def _click_often(self) -> Page | None:
        def many(form: Form, chosen: dict[str, str]) -> Page:
            clicks = [self._twin() for _ in range(3)]
            pages = _at_once([lambda one=one: one.submit(form, **chosen) for one in clicks])
            for one in clicks:
                self._shopper.sent_to += one.sent_to
            good = [page for page in pages if page is not None and page.status < 500]
            return good[0] if good else self._try(lambda: self._shopper.submit(form, **chosen))

        return self._checkout(many)

    def _order_while_changing(self) -> Page | None:
        def both(form: Form, chosen: dict[str, str]) -> Page:
            twin = self._twin()
            slug = self._chance.choice(self._place.slugs[1:])
            pages = _at_once([lambda: self._shopper.submit(form, **chosen), lambda: twin.add_to_cart(slug)])
            page = pages[0]
            return page if page is not None and page.status < 500 else self._open("/checkout")

        return self._checkout(both)

    def _again(self, page: Page) -> Page | None:
        """From the order's page back to the gateway, if it offers that."""
        for _ in range(3):
            forms = [form for form in page.forms if form.action.split("?")[0].endswith("/payments")]
            if not forms:
                return None
            page = self._try(lambda form=forms[0]: self._shopper.submit(form))
            if self._at_gateway(page):
                return page
            time.sleep(1)
        return None

    def _use(self, page: Page, card: str) -> Page:
        form = page.form("/gateway/pay")
        page = self._try(lambda: self._shopper.submit(form, number=card))
        if self._at_gateway(page):
            # Paid by an earlier click whose answer was lost: the page has a link back to the order.
            numbers = [url for url in self._shopper.sent_to if "/return" in url]
            page = self._open(numbers[-1]) if numbers else page
        return page

    def _cancel(self, page: Page) -> str:
        """Cancel the order that was just paid, twice at once as somebody who clicks again."""
        place = urlsplit(page.url)
        address = f"{place.path.rstrip('/')}/cancellation?{place.query}"
        forms = [form for form in self._open(address).forms if form.action.split("?")[0].endswith("/cancellation")]
        if not forms:
            return "paid"
        twin = self._twin()
        _at_once([lambda: self._shopper.submit(forms[0]), lambda: twin.submit(forms[0])])
        self._try(lambda: self._shopper.submit(forms[0]))
        return "cancelled"

    def _at_gateway(self, page: Page) -> bool:
        return page.url.startswith(self._place.settings.sandbox_url)

    def _twin(self) -> Shopper:
        twin = Shopper(self._place.settings.storefront_url, timeout=25.0)
        twin.cookies = {host: dict(kept) for host, kept in self._shopper.cookies.items()}
        return twin

    def _open(self, address: str) -> Page:
        return self._try(lambda: self._shopper.open(address))

    def _try(self, act: Callable[[], Page]) -> Page:
        """Do something, and again as a person would while the shop stumbles."""
        deadline, problem = time.monotonic() + PATIENCE, ""
        while time.monotonic() < deadline:
            try:
                page = act()
            except urllib3.exceptions.HTTPError as error:
                problem = type(error).__name__
            else:
                if page.status < 500:
                    return page
                problem = f"answered {page.status}"
            time.sleep(self._chance.uniform(0.2, 0.8))
        raise Gone(problem)


def _at_once(deeds: list[Callable[[], Page]]) -> list[Page | None]:
    pages: list[Page | None] = [None] * len(deeds)

    def run(position: int, deed: Callable[[], Page]) -> None:
        try:
            pages[position] = deed()
        except (urllib3.exceptions.HTTPError, Stuck, Gone):
            pages[position] = None

    threads = [threading.Thread(target=run, args=(n, deed)) for n, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return pages
