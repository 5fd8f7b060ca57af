"""A kept page, and how an answer of the app becomes one."""

import json
import time
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, g, request

from web.cache import KEEPING
from web.pages.asked import Asked

HEADERS = ("Content-Type", "Cache-Control", "Vary")
"""The headers that are kept; all others are the same on every answer, or this request's own."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was rendered at a moment (in seconds since 1970); `tag` is its ETag, and so its version."""

    name: str
    tag: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    at: float

    def packed(self) -> bytes:
        """Write it for Redis: a line of JSON, and the compressed body."""
        head = [self.name, self.tag, self.headers, self.at]
        return json.dumps(head).encode() + b"\n" + zlib.compress(self.body, 1)


def unpacked(raw: bytes) -> Page:
    """Read what `packed` wrote."""
    head, _, body = raw.partition(b"\n")
    name, tag, headers, at = json.loads(head)
    return Page(name, tag, tuple((key, value) for key, value in headers), zlib.decompress(body), at)


@dataclass(slots=True)
class Order:
    """A page that is wanted and not there: the app renders it, and `page` becomes what may be kept of it."""

    asked: Asked
    tag: str
    query: str
    page: Page | None = None


FOUND = "shop.page.found"
"""Where a request carries the page that was found."""


def keep_page() -> None:
    """Let this answer be kept: what its address asks for exists, and nothing of it is strange.

    Everything that changes the page must be in its address, in the catalogue's events or in `app.extensions["shown"]`.
    """
    g.keep_page = True


def query_as_sent() -> str:
    """Return the query as the browser sent it, which may hold more than the page was asked for with."""
    order: Order | None = request.environ.get(KEEPING)
    return order.query if order else request.query_string.decode("ascii", "ignore")


def init_keeping(app: Flask) -> None:
    """Have an app take note of pages that may be kept; call it so that no other hook has changed the answer yet."""
    app.before_request(_found)
    app.after_request(_note)


def _found() -> Response | None:
    """Answer with a page that was found, where the app is to know of each request."""
    page: Page | None = request.environ.get(FOUND)
    if page is None:
        return None
    return Response(page.body, headers=[*page.headers, ("ETag", page.tag)])


def _note(response: Response) -> Response:
    order: Order | None = request.environ.get(KEEPING)
    if order is None or not g.get("keep_page") or response.status_code != 200:
        return response
    if not response.headers.get("Cache-Control", "").startswith("public"):
        return response
    response.headers["ETag"] = order.tag
    headers = tuple((name, response.headers[name]) for name in HEADERS if name in response.headers)
    order.page = Page(order.asked.name, order.tag, headers, response.get_data(), time.time())
    return response


def is_personal(headers: Iterable[tuple[str, str]]) -> bool:
    """Say whether an answer knows its reader: it sets a cookie, or its view has looked at the session."""
    return any(name == "Set-Cookie" or (name == "Vary" and "Cookie" in value) for name, value in headers)


def matches(tag: str, environ: dict[str, Any]) -> bool:
    """Say whether a request names this tag among those that it has."""
    wanted: str = environ.get("HTTP_IF_NONE_MATCH", "")
    return bool(wanted) and tag in (one.strip().removeprefix("W/") for one in wanted.split(","))
