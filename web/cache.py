"""Who may keep a page and for how long; what says nothing is kept by nobody."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from flask import Flask, Response, make_response, request

from web.here import asked
from web.htmx import VARY
from web.replica import may_lag

SHARED, STALE = 60, 600
"""How many seconds a public page may be kept unless its view says otherwise, and how many more while asking anew."""
KEEPING = "shop.page.order"
"""Where a request says that its page is to be kept for others: then nothing of it may come from a lagging replica."""


def init_cache(app: Flask) -> None:
    """Let no answer be stored that does not say otherwise, and send none again that the browser has."""
    app.after_request(_private_by_default)
    app.after_request(_conditional)


def public(
    *, shared: int = SHARED, stale: int = STALE, browser: int = 0, partial: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let everybody's caches keep a page that is the same for all; all times in seconds.

    `shared` is how long a CDN answers without asking, `stale` how much longer while it asks, `browser` the same for the
    browser, which else asks each time and mostly hears 304. `partial` marks views that answer htmx with a part.
    """
    header = policy(shared=shared, stale=stale, browser=browser)

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        lagging = may_lag(view)  # what caches may keep for a minute may also come from the replica

        @wraps(view)
        def cached(*args: Any, **kwargs: Any) -> Response:
            answer = view if KEEPING in request.environ else lagging
            response = make_response(answer(*args, **kwargs))
            if partial:
                response.headers["Vary"] = ", ".join(VARY)
            if response.status_code == 200:
                response.headers["Cache-Control"] = header
                tag(response)
            return response

        cached.policy = policy  # type: ignore[attr-defined]  # for whoever sets up what stands in front
        return cached

    return decorate


def policy(*, shared: int = SHARED, stale: int = STALE, browser: int = 0) -> str:
    """Write who may keep an answer and for how many seconds, as `public` explains them."""
    return f"public, max-age={browser}, s-maxage={shared}, stale-while-revalidate={stale}"


def tag(response: Response) -> Response:
    """Mark an answer with a hash of its body, so that whoever has that already is answered with 304."""
    response.headers["ETag"] = tag_of(response.get_data())
    return response


def tag_of(body: bytes) -> str:
    """Return the mark of a body; processors have SHA-256 built in, and take half the time of BLAKE2 for it."""
    return f'"{sha256(body).hexdigest()[:24]}"'


def revalidated(response: Response) -> Response:
    """Let only the browser keep an answer, which asks each time whether it changed."""
    response.headers["Cache-Control"] = "private, no-cache"
    return tag(response)


def _conditional(response: Response) -> Response:
    if "HTTP_IF_NONE_MATCH" in asked().environ and response.status_code == 200 and "ETag" in response.headers:
        response.make_conditional(request)
    return response


def _private_by_default(response: Response) -> Response:
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response
