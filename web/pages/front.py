"""In front of the app: what was rendered before and has not changed since is shown again, or answered with 304."""

import time
from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Any

import structlog
from flask import Flask
from redis import Redis, RedisError

from domain.shared.pages import Versions
from web.cache import KEEPING, policy
from web.htmx import VARY
from web.logging import log_request, new_reference
from web.pages.asked import Asked, asked_by
from web.pages.page import FOUND, Order, Page, init_keeping, is_personal, matches
from web.pages.shelf import Shelf
from web.release import release

FRESH = 60
"""Seconds that a page is shown before it is rendered anew, though nothing is known to have changed."""
PATIENCE, LOOK = 1.0, 0.02
"""Seconds that a request waits for the one that renders its page, and between two looks whether it is there."""
PAUSE = 2.0
"""Seconds in which Redis is not asked again after it has failed."""
SETTLED = 1.0
"""Seconds for which what the shop shows besides its catalogue is not looked at again."""

log = structlog.get_logger("web")
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Front:
    """A WSGI app before the app: it answers from the shelf, and lets one request of many fill it."""

    def __init__(self, app: Flask, redis: Redis, *, is_page: Callable[[str], bool], traced: bool) -> None:
        self._app, self._inner, self._is_page, self._traced = app, app.wsgi_app, is_page, traced
        self._versions, self._shelf = Versions(redis), Shelf(redis)
        self._away_until = 0.0
        self._shown, self._shown_until, self._common = "", 0.0, ""
        self._fixed: list[tuple[str, str]] = app.extensions["fixed_headers"]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        started = time.perf_counter()
        if not self._is_page(environ["PATH_INFO"]) or time.monotonic() < self._away_until:
            return self._inner(environ, start_response)
        asked = asked_by(environ)
        if asked is None:
            return self._inner(environ, start_response)
        try:
            tag = self._tag(asked)
            if matches(tag, environ) and not self._traced:
                return self._unchanged(tag, environ, start_response, started)
            page, task = self._look(asked.name, tag)
        except RedisError as error:
            self._leave_redis(error)
            return self._inner(environ, start_response)
        if page is not None:
            return self._show(page, environ, start_response, started)
        return self._render(asked, tag, environ, start_response, task=task)

    def _tag(self, asked: Asked) -> str:
        """Work out the ETag that the page has now, whether or not anybody has rendered it."""
        common, own = self._versions.of(asked.path)
        now = time.monotonic()
        if common != self._common or now > self._shown_until:
            with self._app.app_context():
                if common != self._common:
                    self._app.extensions["look_again"]()
                self._shown = _hash(self._app.extensions["shown"]().encode())
            self._common, self._shown_until = common, now + SETTLED
        return f'"{_hash(f"{release()} {self._shown} {asked.name} {own}".encode())}"'

    def _look(self, name: str, tag: str) -> tuple[Page | None, bool]:
        """Find a page that shows what is; without one, say whether it is the caller's task to render it."""
        page = self._current(name, tag)
        if page is not None and time.time() - page.at < FRESH:
            return page, False
        if self._shelf.take_on(name):
            # Whoever had it may have finished between the look and the taking on.
            page = self._current(name, tag)
            if page is None or time.time() - page.at >= FRESH:
                return None, True
            self._shelf.done(name)
            return page, False
        deadline = time.monotonic() + PATIENCE
        while page is None and time.monotonic() < deadline and self._shelf.is_taken(name):
            time.sleep(LOOK)
            page = self._current(name, tag)
        return page or self._current(name, tag), False

    def _current(self, name: str, tag: str) -> Page | None:
        page = self._shelf.near(name)
        if page is None or page.tag != tag or time.time() - page.at >= FRESH:
            page = self._shelf.far(name)
        return page if page is not None and page.tag == tag else None

    def _render(
        self, asked: Asked, tag: str, environ: dict[str, Any], start_response: Any, *, task: bool
    ) -> Iterable[bytes]:
        order = Order(asked, tag, environ.get("QUERY_STRING", ""))
        environ[KEEPING], environ["QUERY_STRING"] = order, asked.query

        def begin(status: str, headers: list[tuple[str, str]], *trouble: Any) -> Any:
            if is_personal(headers):
                order.page = None
            return start_response(status, headers, *trouble)

        try:
            return self._inner(environ, begin)
        finally:
            try:
                if order.page is not None:
                    self._shelf.put(order.page)
                if task:
                    self._shelf.done(asked.name)
            except RedisError as error:
                self._leave_redis(error)

    def _show(self, page: Page, environ: dict[str, Any], start_response: Any, started: float) -> Iterable[bytes]:
        if self._traced:
            environ[FOUND] = page
            return self._inner(environ, start_response)
        own = [*page.headers, ("Content-Length", str(len(page.body))), ("ETag", page.tag)]
        self._begin(200, own, environ, start_response, started)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [page.body]

    def _unchanged(self, tag: str, environ: dict[str, Any], start_response: Any, started: float) -> Iterable[bytes]:
        own = [("Cache-Control", policy()), ("Vary", ", ".join(VARY)), ("ETag", tag)]
        self._begin(304, own, environ, start_response, started)
        return []

    def _begin(
        self, status: int, own: list[tuple[str, str]], environ: dict[str, Any], start_response: Any, started: float
    ) -> None:
        """Send the head of an answer of our own, with all that every answer has, and write its line in the log."""
        reference = new_reference()
        line = "200 OK" if status == 200 else "304 NOT MODIFIED"
        start_response(line, [*own, *self._fixed, ("X-Request-Id", reference)])
        log_request(
            app=self._app.name,
            request=reference,
            method=environ["REQUEST_METHOD"],
            path=environ["PATH_INFO"],
            endpoint="kept",
            status=status,
            started=started,
        )

    def _leave_redis(self, error: RedisError) -> None:
        """Go on without Redis for a moment: pages are slower then, and never old."""
        self._away_until = time.monotonic() + PAUSE
        log.warning("pages are not kept", reason=type(error).__name__)


def _hash(whole: bytes) -> str:
    return blake2b(whole, digest_size=12).hexdigest()


def init_pages(app: Flask, redis: Redis, *, is_page: Callable[[str], bool], traced: bool) -> None:
    """Put the shelf in front of an app; `is_page` knows the paths of its pages, `traced` has the app see each request.

    The app's extensions `shown` and `look_again` tell of what pages show besides the catalogue.
    """
    init_keeping(app)
    app.wsgi_app = Front(app, redis, is_page=is_page, traced=traced)  # type: ignore[method-assign]
