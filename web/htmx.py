"""What htmx 4 needs and htmx-flask does not know: the type of a request, and answers of several partials."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, render_template, request
from markupsafe import Markup

VARY = ("HX-Request", "HX-Request-Type", "HX-History-Restore-Request")
"""The headers on which a view decides between a page and a partial."""

_ROOT_ID = re.compile(r"<[a-z][\w-]*\b[^>]*?\sid=[\"']([^\"']+)[\"']", re.DOTALL)


def wants_partial() -> bool:
    """Say whether htmx asked for a part of the page; boosted links and restored history get the whole."""
    return asks_for_part(request.environ)


def asks_for_part(environ: Mapping[str, Any]) -> bool:
    """Say the same of a request that the app has not seen yet."""
    return (
        environ.get("HTTP_HX_REQUEST_TYPE") == "partial"
        and "HTTP_HX_BOOSTED" not in environ
        and "HTTP_HX_HISTORY_RESTORE_REQUEST" not in environ
    )


def partials(*templates: str, status: int = 200, announce: str | None = None, **context: Any) -> Response:
    """Answer with partials, each of which takes the place of the element that has its root's id.

    `announce` is read out politely by the page's status region.
    """
    parts = [_placed(render_template(template, **context)) for template in templates]
    if announce:
        parts.append(Markup('<hx-partial hx-target="#status" hx-swap="innerHTML">{}</hx-partial>').format(announce))
    response = make_response("\n".join(parts), status)
    response.vary.update(VARY)
    return response


def _placed(fragment: str) -> str:
    root = _ROOT_ID.search(fragment)
    if root is None:
        raise ValueError("A partial needs one root element with an id.")
    tag = Markup('<hx-partial hx-target="#{}" hx-swap="outerHTML">').format(root.group(1))
    return f"{tag}{fragment}</hx-partial>"
