"""Guests who buy one thing each, as fast as the store lets them; run as a process of its own.

It reads a plan from standard input (JSON) and prints a result (JSON). The buyers are light, so that the store is what
is measured: they read only the form they have to fill in.
"""

import html
import json
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode, urljoin, urlsplit

from cli.shopper import ANSWERS, GOOD_CARD, Stuck

_TAG = re.compile(r"<(?:input|select)\b([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')
_FORM = re.compile(r'<form\b[^>]*\baction="/checkout/(?:details|delivery|order)".*?</form>', re.DOTALL)
_WAY = re.compile(r'<main\b.*?href="(/checkout[^"]*)"', re.DOTALL)
_ACTION = re.compile(r'\baction="([^"]*)"')

STEPS = ("/cart", "/checkout/details", "/checkout/delivery", "/checkout/review")
"""The pages of a shopper with something in the cart who has answered every question."""
LAST_STEP = STEPS[-1]


@dataclass
class Buyer:
    """A guest with a browser of their own, and one connection to each server."""

    store: str
    cookies: dict[str, str] = field(default_factory=dict)
    links: dict[str, HTTPConnection] = field(default_factory=dict)

    @property
    def cookie(self) -> str:
        """What this browser sends along."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def buy(self, sku: str, email: str) -> str:
        """Buy one unit and return the address of the paid order's page; raises Stuck."""
        url, _ = self._send(*self.come_to_order(sku, email), email)
        if urlsplit(url).netloc == urlsplit(self.store).netloc:
            raise Stuck(f"The checkout stops at {url}")
        url, _ = self._follow("POST", url, {"number": GOOD_CARD})
        if "/orders/" not in url or "placed=1" not in url:
            raise Stuck(f"Paying ended at {url}")
        return url

    def come_to_order(self, sku: str, email: str) -> tuple[str, str]:
        """Put one unit in a new cart and answer every question but the last; return that step's address and page."""
        self.cookies.clear()
        url, page = self._follow("POST", "/cart/lines", {"sku": sku, "quantity": "1"})
        way = _WAY.search(page)
        if way is None:
            raise Stuck(f"{url} has no way to the checkout: {page[:300]}")
        url, page = self._follow("GET", way.group(1))
        for _ in range(4):
            if urlsplit(url).path == LAST_STEP:
                return url, page
            url, page = self._send(url, page, email)
        raise Stuck(f"The checkout stops at {url}: {page[:300]}")

    def close(self) -> None:
        """Hang up."""
        for link in self.links.values():
            link.close()

    def _send(self, url: str, page: str, email: str) -> tuple[str, str]:
        """Fill in the form of a step, and go where it leads."""
        form = _FORM.search(page)
        if form is None:
            raise Stuck(f"{url} has no form of the checkout: {page[:300]}")
        values = ANSWERS | {"email": email}
        filled = {name: values.get(name, value) for name, value in fields(form.group()).items()}
        action = _ACTION.search(form.group())
        return self._follow("POST", html.unescape(action.group(1) if action else url), filled)

    def _follow(self, method: str, address: str, values: dict[str, str] | None = None) -> tuple[str, str]:
        """Ask, and go where the answers lead; a page of the gateway is not opened, as its form is known."""
        url = urljoin(self.store, address)
        for _ in range(6):
            answer, body = self._ask(method, url, values)
            if answer.status < 300:
                return url, body.decode(errors="replace")
            location = answer.headers.get("Location")
            if answer.status >= 400 or location is None:
                raise Stuck(f"{method} {url} answered {answer.status}: {body[:300]!r}")
            before, url = url, urljoin(url, location)
            if urlsplit(before).netloc == urlsplit(self.store).netloc != urlsplit(url).netloc:
                return url, ""
            method, values = "GET", None
        raise Stuck(f"{url} redirects for ever")

    def _ask(self, method: str, url: str, values: dict[str, str] | None) -> tuple[HTTPResponse, bytes]:
        parts = urlsplit(url)
        link = self.links.setdefault(parts.netloc, HTTPConnection(parts.netloc, timeout=30))
        headers = {"Origin": f"http://{parts.netloc}"}
        if url.startswith(self.store) and self.cookies:
            headers["Cookie"] = self.cookie
        body = None
        if values is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(values)
        link.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, headers)
        answer = link.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        return answer, answer.read()


def fields(form: str) -> dict[str, str]:
    """Return what a form would send as it stands; of choices the one that is made, else the first."""
    values: dict[str, str] = {}
    for tag in _TAG.finditer(form):
        attributes = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(tag.group(1))}
        name, kind = attributes.get("name"), attributes.get("type", "text")
        chosen = "checked" in attributes
        if name and not (kind == "checkbox" and not chosen) and not (kind == "radio" and name in values and not chosen):
            values[name] = attributes.get("value", "")
    return values


def run(store: str, skus: list[str], *, buyers: int, seconds: float) -> dict[str, object]:
    """Let so many buyers buy one thing after another until the time is up; latencies in milliseconds."""
    started = time.perf_counter()

    def busy(first: int) -> list[float]:
        buyer, taken, number = Buyer(store), [], first
        while (begun := time.perf_counter()) < started + seconds:
            buyer.buy(skus[number % len(skus)], f"buyer{number}@example.com")
            taken.append((time.perf_counter() - begun) * 1000)
            number += buyers
        buyer.close()
        return taken

    with ThreadPoolExecutor(buyers) as pool:
        taken = sorted(value for values in pool.map(busy, range(buyers)) for value in values)
    whole = time.perf_counter() - started
    return {
        "orders": len(taken),
        "per_second": round(len(taken) / whole, 1),
        "p50": round(taken[len(taken) // 2], 1),
        "p95": round(taken[len(taken) * 95 // 100], 1),
    }


if __name__ == "__main__":
    plan = json.load(sys.stdin)
    json.dump(run(plan["store"], plan["skus"], buyers=plan["buyers"], seconds=plan["seconds"]), sys.stdout)
