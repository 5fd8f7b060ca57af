"""Every refusal and failure, as a page or as problem details: what happened, what to do, a reference for the log."""

import re
import secrets
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, g, jsonify, make_response, render_template, request
from markupsafe import Markup
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError

from domain.shared.errors import Conflict, DomainError, NotFound, RuleBroken
from web.htmx import wants_partial
from web.logging import loggable_path

log = structlog.get_logger("web")

STATUS: tuple[tuple[type[DomainError], int], ...] = ((NotFound, 404), (RuleBroken, 422), (Conflict, 409))

WORDS: dict[int, tuple[str, str]] = {
    400: ("We could not read this", "This address or form is not as we expect it. Please go back and try again."),
    401: ("Please sign in", "This page is for people who are signed in."),
    403: ("This is not open to you", "You may not see or do this. If you think you should, please ask us."),
    404: ("We cannot find this page", "It may have moved, or the address has a slip in it."),
    405: ("This does not work here", "This page cannot be used in this way. Please go back and try again."),
    409: ("Something has changed", "Somebody was faster, or this page was open for long. Please look at it again."),
    413: ("This is too large", "What you sent is larger than we can take. Please shorten it and send it again."),
    414: ("This address is too long", "Please shorten your search or remove some filters."),
    422: ("Please check your answers", "We could not accept this as it is."),
    429: ("That was a little too fast", "Please wait a moment, then try again."),
    500: ("Something went wrong on our side", "It is not your fault, and we have a note of it. Please try again."),
    503: ("We will be right back", "The shop is busy for a moment. Your cart and your orders are safe. "
                                   "Please try again in a few seconds."),
}  # fmt: skip
"""The title and the message of each status, where the error has none of its own."""

RETRY_AFTER = 5


def register(app: Flask) -> None:
    """Answer every error of an app in the shop's own words."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _no_database)
    app.register_error_handler(InterfaceError, _no_database)
    app.register_error_handler(PoolTimeout, _no_database)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(Exception, _unexpected)


def status_of(error: DomainError) -> int:
    """Return the status with which pages answer a refusal."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 422)


def problem(
    status: int,
    *,
    title: str | None = None,
    message: str | None = None,
    reference: str | None = None,
    kind: str | None = None,
    **more: Any,
) -> Response:
    """Answer with a problem as a page, as a part of a page or as JSON, whichever was asked for.

    `kind` names the refusal to programs, and `more` says what they can act on; pages show neither.
    """
    words = WORDS.get(status) or (HTTPStatus(status).phrase, WORDS[500 if status >= 500 else 400][1])
    if is_api():
        return _details(status, kind=kind, message=message or words[1], **more)
    title, message = title or words[0], message or words[1]
    if request.path.startswith("/webhooks/"):
        body = {"error": {"status": status, "title": title, "message": message, "reference": reference}}
        return make_response(jsonify(body), status)
    if wants_partial():
        return make_response(_fragment(message, reference), status)
    return make_response(_page(status, title, message, reference), status)


def is_api() -> bool:
    """Say whether a program asks, by the address alone."""
    return request.path.startswith("/api/")


def kind_of(error: type[DomainError]) -> str:
    """Return the name of a refusal as programs know it: `OutOfStock` is `out-of-stock`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", error.__name__).lower()


def _details(status: int, *, kind: str | None, message: str, **more: Any) -> Response:
    """Write the problem details of RFC 9457; the `type` leads to where the kind is explained."""
    body = {
        "type": f"/api/v1/docs#{kind}" if kind else "about:blank",
        "title": kind.replace("-", " ").capitalize() if kind else HTTPStatus(status).phrase,
        "status": status,
        "detail": message,
        "request_id": g.get("request_id"),
    }
    response = make_response(jsonify(body | more), status)
    response.mimetype = "application/problem+json"
    return response


def _refused(error: DomainError) -> Response:
    return problem(status_of(error), message=str(error), kind=kind_of(type(error)), **error.details)


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    if error.response is not None:
        return make_response(error.response)
    if isinstance(error, InternalServerError):
        return _unexpected(error.original_exception or error)  # a hook failed, outside of any view
    own_words = error.description if error.description != type(error).description else None
    response = problem(error.code, message=own_words)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _no_database(error: Exception) -> Response:
    log.error("database unavailable", request=g.get("request_id"), endpoint=request.endpoint, reason=_reason(error))
    response = problem(503, reference=g.get("request_id"))
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _database(error: DBAPIError) -> Response:
    """A statement failed: the connection broke, it was given a NUL, which no text can hold, or it is our mistake."""
    if isinstance(error, DataError) and "NUL" in str(error.orig):
        return problem(400)
    return _no_database(error) if error.connection_invalidated else _unexpected(error)


def _unexpected(error: Exception) -> Response:
    reference = g.get("request_id") or secrets.token_hex(6)
    log.error("unexpected error", request=reference, endpoint=request.endpoint, path=loggable_path(), exc_info=error)
    return problem(500, reference=reference)


def _reason(error: Exception) -> str:
    """The first line of what the driver says, which names no data."""
    return (str(getattr(error, "orig", error)).splitlines() or [type(error).__name__])[0]


def _fragment(message: str, reference: str | None) -> str:
    """A problem said in the page's own status region, so that the page and what was typed stay."""
    tail = Markup(" (Reference {})").format(reference) if reference else ""
    return Markup(
        '<hx-partial hx-target="#status" hx-swap="innerHTML">'
        '<p class="status-problem" data-kind="error">{}{}</p></hx-partial>'
    ).format(message, tail)


def _page(status: int, title: str, message: str, reference: str | None) -> str:
    try:
        return render_template(
            "errors/error.html", status=status, title=title, message=message, reference=reference, back=_back()
        )
    except Exception as error:  # the page that tells of an error must never be one
        log.error("error page failed", request=reference, exc_info=error)
        return Markup(
            '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            '<title>{0}</title><h1>{0}</h1><p>{1}</p><p>{2}</p><p><a href="/">Back to the start</a></p></html>'
        ).format(title, message, f"Reference: {reference}" if reference else "")


def _back() -> str:
    """Where the reader came from, if that was one of our own pages."""
    referrer = request.referrer or ""
    path = referrer.removeprefix(request.host_url[:-1]) if referrer.startswith(request.host_url) else "/"
    return "/" if path.startswith(("//", "/\\")) else path  # a link that begins so leads to another host
