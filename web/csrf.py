"""Refusing forms that another site sends, without tokens, so that pages with forms can be cached.

Browsers say in Sec-Fetch-Site where a request comes from; those that do not send Origin with every unsafe request.
A request with neither does not come from a browser, and has no shopper's cookies to abuse. The same rule as Go's
net/http CrossOriginProtection. Cookies are SameSite=Lax besides.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request

from web.here import asked

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def init_csrf(app: Flask) -> None:
    """Check every unsafe request of an app."""
    app.before_request(_check)


def csrf_exempt(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let other sites call a view; only for those that prove themselves otherwise, as webhooks do by signature."""
    view.csrf_exempt = True  # type: ignore[attr-defined]
    return view


def is_cross_site() -> bool:
    """Say whether a browser reports that another site sent this request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc.lower() != request.host.lower()
    except ValueError:
        return True  # no browser writes what cannot be read


def _check() -> None:
    if asked().method in SAFE:
        return
    view = current_app.view_functions.get(request.endpoint or "")
    if not getattr(view, "csrf_exempt", False) and is_cross_site():
        abort(403, description="This form was sent from another site, so we did not act on it. Please open the page "
                               "here in the shop and send it again.")  # fmt: skip
