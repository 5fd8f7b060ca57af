"""Cursors: where the next page of a list begins, as a text that callers pass on and need not understand."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Any

from flask import abort
from pydantic import Field

from web.api.bodies import invalid

Cursor = Annotated[
    str, Field(max_length=600, description="`next` of the page before; without it the list begins at its start.")
]
Next = Annotated[str | None, Field(description="The cursor of the next page; null on the last one.")]


def write_cursor(values: Any) -> str:
    """Write the place behind the last row of a page."""
    packed = json.dumps(values, separators=(",", ":"), default=str).encode()
    return urlsafe_b64encode(packed).decode().rstrip("=")


def read_cursor(text: str | None, *kinds: type) -> list[Any] | None:
    """Read a cursor of ours, whose values are of these types; None without one, and 422 for what is not ours."""
    if text is None:
        return None
    try:
        values = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(values, list) or len(values) != len(kinds):
            raise ValueError
        return [_read(kind, value) for kind, value in zip(kinds, values, strict=True)]
    except (ValueError, TypeError, AttributeError):
        abort(invalid([{"parameter": "cursor", "detail": "This is no cursor of this list."}]))


def _read(kind: type, value: Any) -> Any:
    if kind in (str, int, bool):
        if type(value) is not kind or (kind is str and "\x00" in value) or (kind is int and abs(value) >= 2**63):
            raise ValueError
        return value
    reader = getattr(kind, "fromisoformat", kind)
    return reader(value)
