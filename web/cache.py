"""Who may keep a page and for how long; what says nothing is kept by nobody."""

from collections.abc import Callable
from functools import wraps
from hashlib import blake2b
from typing import Any

from flask import Flask, Response, make_response, request

from web.htmx import VARY


def init_cache(app: Flask) -> None:
    """Let no answer be stored that does not say otherwise."""
    app.after_request(_private_by_default)


def public(
    *, shared: int = 60, stale: int = 600, browser: int = 0, partial: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let everybody's caches keep a page that is the same for all; all times in seconds.

    `shared` is how long a CDN answers without asking, `stale` how much longer while it asks, `browser` the same for the
    browser, which else asks each time and mostly hears 304. `partial` marks views that answer htmx with a part.
    """
    policy = f"public, max-age={browser}, s-maxage={shared}, stale-while-revalidate={stale}"

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def cached(*args: Any, **kwargs: Any) -> Response:
            response = make_response(view(*args, **kwargs))
            if partial:
                response.headers["Vary"] = ", ".join(VARY)
            if response.status_code == 200:
                response.headers["Cache-Control"] = policy
                tag(response)
            return response

        return cached

    return decorate


def tag(response: Response) -> Response:
    """Mark an answer with a hash of its body, and answer 304 to whoever has that already."""
    response.headers["ETag"] = f'"{blake2b(response.get_data(), digest_size=12).hexdigest()}"'
    if "HTTP_IF_NONE_MATCH" in request.environ:
        response.make_conditional(request)
    return response


def revalidated(response: Response) -> Response:
    """Let only the browser keep an answer, which asks each time whether it changed."""
    response.headers["Cache-Control"] = "private, no-cache"
    return tag(response)


def _private_by_default(response: Response) -> Response:
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response
