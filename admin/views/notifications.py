"""The log of every message, and sending one again."""

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs
from domain.notifications.again import send_again
from domain.notifications.kinds import KINDS
from domain.notifications.log import STATES, message_log, one_message
from domain.notifications.samples import LETTERS
from domain.shared.errors import NotFound, RuleBroken
from web.db import session, transaction
from web.errors import status_of
from web.htmx import partials, wants_partial

bp = Blueprint("notifications", __name__, url_prefix="/notifications")

PER_PAGE = 50


@bp.get("")
@needs("notifications:read")
def index():
    """List every message, the newest first."""
    state, template = request.args.get("state", ""), request.args.get("template", "")
    given = {
        "state": state if state in STATES else "",
        "template": template if template in KINDS else "",
        "q": request.args.get("q", "").strip()[:254],
    }
    context = {
        "log": message_log(session(), **given, after=_after(), limit=PER_PAGE),
        "labels": STATES,
        "kinds": KINDS,
        "given": given,
        "kept": {name: value for name, value in given.items() if value},
    }
    if wants_partial():
        return partials("admin/notifications/_rows.html", **context)
    return render_template("admin/notifications/index.html", **context)


@bp.get("/<uuid:message_id>")
@needs("notifications:read")
def show(message_id: UUID):
    """Show what became of a message."""
    return _page(message_id)


@bp.post("/<uuid:message_id>/copies")
@needs("notifications:send")
def resend(message_id: UUID):
    """Send a message once more."""
    try:
        with transaction() as tx:
            copy = send_again(tx, message_id=message_id)
    except NotFound:
        raise
    except RuleBroken as refusal:
        return _page(message_id, refusal=str(refusal), status=status_of(refusal))
    flash("The message goes out once more.")
    return redirect(url_for(".show", message_id=copy), 303)


def _page(message_id: UUID, *, refusal: str = "", status: int = 200) -> Response:
    message = one_message(session(), message_id)
    kind = KINDS.get(message.row.template)
    shows = message.row.channel == "email" and message.row.template in LETTERS and kind and not kind.holds_link
    return make_response(
        render_template(
            "admin/notifications/show.html", message=message, refusal=refusal, shows=bool(shows and message.context)
        ),
        status,
    )


def _after() -> UUID | None:
    try:
        return UUID(request.args.get("after", ""))
    except ValueError:
        return None
