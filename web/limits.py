"""How much one request may bring, and to which host it may come."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Request, abort
from werkzeug.sansio.utils import host_is_trusted

from domain.shared.settings import Settings
from web.here import asked

MAX_BODY = 1024 * 1024
MAX_FORM = 512 * 1024
MAX_FIELDS = 300
MAX_QUERY = 8 * 1024
BRINGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
"""The methods whose requests have a body."""

PROBES = frozenset({"/healthz", "/readyz"})
"""Load balancers call these by address, not by name."""


View = TypeVar("View", bound=Callable[..., Any])


def takes_body(most: int) -> Callable[[View], View]:
    """Let a view's requests bring more than others may, in bytes: for those that take files."""

    def mark(view: View) -> View:
        view.most_body = most  # type: ignore[attr-defined]
        return view

    return mark


def init_limits(app: Flask, settings: Settings, *, public_url: str) -> None:
    """Refuse bodies over 1 MB, endless forms and queries, unreadable addresses and hosts that are not ours.

    A view that takes files says itself how much it takes.

    Without a setting a shop on HTTPS answers to the name in its address alone; on HTTP to any, as on a desk.
    """
    app.config.update(MAX_CONTENT_LENGTH=MAX_BODY, MAX_FORM_MEMORY_SIZE=MAX_FORM, MAX_FORM_PARTS=MAX_FIELDS)
    own = [urlsplit(public_url).netloc] if public_url.startswith("https://") else []
    trusted = list(settings.trusted_hosts) or own

    def check() -> None:
        request = asked()
        if trusted and request.path not in PROBES and not host_is_trusted(request.host, trusted):
            abort(400, description="This shop does not answer under this name.")
        request.max_content_length = most = _most_body(app, request)
        length = request.content_length
        if length is not None and length > most:
            abort(413)
        if length is None and request.method in BRINGING:
            if most > MAX_BODY and "wsgi.input_terminated" in request.environ:
                # It would be read whole, before anybody has asked who sends it.
                abort(411, description="Please say how long this is before you send it.")
            # A body of unknown length would be cut at the limit without a word: one more byte tells.
            request.get_data()
            request.stream.read(1)
        query = request.query_string
        if len(query) > MAX_QUERY:
            abort(414)
        # PostgreSQL keeps no NUL in a text, so nothing we hold can have one.
        if b"%00" in query or "\x00" in request.path:
            abort(400)

    app.before_request(check)


def _most_body(app: Flask, request: Request) -> int:
    view = app.view_functions.get(request.endpoint or "")
    most: int = getattr(view, "most_body", MAX_BODY)
    return most
