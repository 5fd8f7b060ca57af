"""Edits of what somebody has seen: If-Match says which version an edit is of."""

from typing import Any

from flask import abort, request

from web.api.answers import encode
from web.cache import tag_of
from web.errors import problem


def match(present: Any) -> None:
    """Let an edit pass that is of what there is now; answers 428 without If-Match, and 412 if it changed since.

    The caller holds a lock, so that it stays what it is until the edit is done.
    """
    match_tag(tag_of(encode(present)))


def match_tag(present: str) -> None:
    """Do the same for a version that is known by its tag alone."""
    if "If-Match" not in request.headers:
        abort(problem(428, kind="match-needed", message="Say by If-Match which version this edit is of, or * for any."))
    wanted = request.if_match
    if not wanted.star_tag and not wanted.contains(present.strip('"')):
        abort(problem(412, kind="changed-meanwhile", message="This has changed since you read it. Please look again."))
