"""A scripted shopper without JavaScript: opens pages, fills in the forms it finds there, and follows redirects.

The bench and the tests of faults drive the store with it; it knows the store only by its pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

import urllib3

ANSWERS = {
    "email": "ada@example.com",
    "phone": "",
    "name": "Ada Lovelace",
    "line1": "12 Harbour Row",
    "line2": "",
    "city": "Dublin",
    "region": "",
    "postcode": "D02 X285",
    "country": "IE",
}
"""What the shopper types into fields of these names."""

GOOD_CARD = "4242 4242 4242 4242"


class Stuck(Exception):
    """The shopper cannot go on: the page that stands in the way is in the message."""


@dataclass
class Form:
    """A form of a page with the values it was served with."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Page:
    """A page as it was answered, after redirects."""

    url: str
    status: int
    text: str
    forms: list[Form]

    def form(self, words: str) -> Form:
        """Return the form whose action holds these words."""
        for form in self.forms:
            if words in form.action:
                return form
        raise Stuck(f"{self.url} ({self.status}) has no form for {words}: {[form.action for form in self.forms]}")


class _Forms(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self.url, values.get("action", "") or self.url)
            self._open = Form(action, values.get("method", "get").lower())
            self.forms.append(self._open)
        form = self._open
        if form is None:
            return
        name = values.get("name", "")
        if tag == "input" and name and "disabled" not in values:
            kind = values.get("type", "text")
            if kind in ("radio", "checkbox"):
                if kind == "radio":
                    form.choices.setdefault(name, []).append(values.get("value", "on"))
                if "checked" in values:
                    form.values[name] = values.get("value", "on")
            elif kind not in ("submit", "button", "image", "file"):
                form.values[name] = values.get("value", "")
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select:
            form.choices.setdefault(self._select, []).append(values.get("value", ""))
            if "selected" in values or self._select not in form.values:
                form.values[self._select] = values.get("value", "")
        elif tag == "textarea" and name:
            self._area = name
            form.values[name] = ""

    def handle_data(self, data: str) -> None:
        if self._open and self._area:
            self._open.values[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None


class Shopper:
    """Somebody with a browser of their own: cookies by host, one page open at a time.

    `sent_to` is every address that an answer redirected to.
    """

    def __init__(self, base_url: str, *, timeout: float = 30.0) -> None:
        self.base_url = base_url
        self.cookies: dict[str, dict[str, str]] = {}
        self.sent_to: list[str] = []
        self._pool = urllib3.PoolManager(maxsize=2, timeout=timeout, retries=False)

    def open(self, address: str) -> Page:
        """Open an address, relative to the store's."""
        return self._go("GET", urljoin(self.base_url, address), None)

    def submit(self, form: Form, **values: str) -> Page:
        """Send a form with some of its values changed."""
        merged = form.values | values
        if form.method == "get":
            return self._go("GET", f"{form.action.split('?')[0]}?{urlencode(merged)}", None)
        return self._go("POST", form.action, merged)

    def post(self, address: str, values: Mapping[str, str]) -> Page:
        """Send values that no page offered, as somebody who tampers would."""
        return self._go("POST", urljoin(self.base_url, address), dict(values))

    def add_to_cart(self, slug: str) -> Page:
        """Put the product's first choice in the cart."""
        return self.submit(self.open(f"/p/{slug}").form("/cart/lines"))

    def check_out(self, **answers: str) -> Page:
        """Answer every question until the gateway's page is open; raises Stuck where a page does not let go."""
        page = self.open("/checkout")
        said = ANSWERS | answers
        for _ in range(6):
            if urlsplit(page.url).netloc != urlsplit(self.base_url).netloc:
                return page
            form = page.form("/checkout/")
            chosen = {name: said[name] for name in form.values if name in said}
            chosen |= {name: options[0] for name, options in form.choices.items() if name not in form.values}
            before, page = page.url, self.submit(form, **chosen)
            if page.status >= 400 or page.url == before:
                break
        raise Stuck(f"The checkout stops at {page.url} ({page.status}): {words_of(page)[:600]}")

    def pay(self, page: Page, card: str = GOOD_CARD) -> Page:
        """Pay on the gateway's page and come back to the order."""
        back = self.submit(page.form("/gateway/pay"), number=card)
        if urlsplit(back.url).netloc != urlsplit(self.base_url).netloc or back.status != 200:
            raise Stuck(f"Paying ended at {back.url} ({back.status}): {words_of(back)[:600]}")
        return back

    def _go(self, method: str, url: str, values: Mapping[str, str] | None) -> Page:
        for _ in range(10):
            host = urlsplit(url).netloc
            kept = self.cookies.setdefault(host, {})
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in kept.items())} if kept else {}
            body = None
            if values is not None:
                headers |= {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Origin": url[: url.index(host)] + host,
                }
                body = urlencode(values)
            answer = self._pool.request(method, url, headers=headers, body=body, redirect=False)
            for cookie in answer.headers.getlist("Set-Cookie"):
                name, _, value = cookie.split(";", 1)[0].partition("=")
                kept[name.strip()] = value
                if not value or "max-age=0" in cookie.lower():
                    kept.pop(name.strip(), None)
            if answer.status not in (301, 302, 303, 307, 308):
                text = answer.data.decode(errors="replace")
                forms = _Forms(url)
                forms.feed(text)
                return Page(url, answer.status, text, forms.forms)
            url, method, values = urljoin(url, answer.headers["Location"]), "GET", None
            self.sent_to.append(url)
        raise Stuck(f"{url} redirects for ever")


def words_of(page: Page) -> str:
    """Return what a page says, without its markup."""
    said: list[str] = []

    class Words(HTMLParser):
        def handle_data(self, data: str) -> None:
            said.append(data)

    Words().feed(page.text)
    return " ".join(" ".join(said).split())
