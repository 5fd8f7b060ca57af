"""Every change that staff make is written down as it is made: each transaction of this app opens an entry."""

from functools import partial

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session

from domain.catalog.imports.run import FINISHED
from domain.shared.audit import Deed, begin_audit
from domain.users.queries import StaffView
from web.csrf import SAFE
from web.db import transaction

BY_WORKERS = {FINISHED: "Come to the end of an import"}
"""What workers do for somebody, in words; the rest is said by the views."""


def init_audit(app: Flask) -> None:
    """Open an entry in every transaction, and write one for what was changed without any."""
    app.extensions["begin_transaction"] = begin
    app.after_request(_leave_none_out)
    app.context_processor(lambda: {"said": partial(said, app)})


def begin(tx: Session) -> None:
    """Open the entry of whoever is signed in; before a sign-in there is nobody to name yet."""
    staff: StaffView | None = g.get("staff")
    if staff is not None:
        note(tx, staff)


def note(tx: Session, staff: StaffView) -> None:
    """Open an entry for somebody in this transaction, named after the route they use."""
    endpoint = request.endpoint or "unknown"
    begin_audit(
        tx,
        Deed(
            staff_id=staff.id,
            staff_name=staff.name,
            area=endpoint.partition(".")[0],
            action=endpoint,
            resource=g.get("about") or " ".join(str(value) for value in (request.view_args or {}).values()),
            address=request.remote_addr or "",
            request_id=g.get("request_id", ""),
            detail=g.get("told", ""),
        ),
    )
    g.noted = True


def say(words: str, *, about: object = None) -> None:
    """Add to the entry of the next transaction what no row tells, and what it is about where the address does not."""
    g.told = words
    if about is not None:
        g.about = str(about)


def tell(words: str) -> None:
    """Write down what this request hands out, and how much: what staff only read leaves no other trace."""
    say(words)
    with transaction():
        pass


def said(app: Flask, action: str) -> str:
    """Say what an action does, by the first sentence of its view; an action of a former version keeps its name."""
    words = BY_WORKERS.get(action) or (getattr(app.view_functions.get(action), "__doc__", None) or action).strip()
    return words.partition("\n")[0].partition(";")[0].rstrip(".")


def _leave_none_out(response: Response) -> Response:
    """Write down what was done without a transaction of ours, such as a job that was run again."""
    staff: StaffView | None = g.get("staff")
    acts = request.method not in SAFE and response.status_code < 400
    if acts and staff is not None and not g.get("noted") and request.endpoint in current_app.view_functions:
        with transaction():
            pass
    return response
