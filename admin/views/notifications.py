"""The log of every message, and sending one again."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs
from admin.many import Deed, Many, Planned, Seen, offer
from domain.notifications.again import send_again, send_many_again, why_not_again
from domain.notifications.kinds import KINDS
from domain.notifications.log import (
    SORTS,
    STATES,
    message_log,
    messages_of_ids,
    one_message,
    read_message_filter,
)
from domain.notifications.samples import LETTERS
from domain.shared.errors import NotFound, RuleBroken
from domain.shared.lists import id_of
from web.db import session, transaction
from web.errors import status_of
from web.htmx import partials, wants_partial

bp = Blueprint("notifications", __name__, url_prefix="/notifications")

PER_PAGE = 50


@bp.get("")
@needs("notifications:read")
def index():
    """List every message, the newest first unless asked otherwise."""
    wanted, after = read_message_filter(request.args), id_of(request.args.get("after"))
    context = {
        "log": message_log(session(), **vars(wanted), after=after, limit=PER_PAGE),
        "labels": STATES,
        "kinds": KINDS,
        "wanted": wanted,
        "words": wanted.as_words(),
        "sorts": SORTS,
        "many": MANY,
    }
    if wants_partial():
        return partials("admin/notifications/_rows.html", **context)
    return render_template("admin/notifications/index.html", **context)


def _look(_action: str, keys: Sequence[str]) -> list[Planned]:
    ids = [UUID(key) for key in keys]
    refusals = why_not_again(session(), ids)
    return [
        Planned(
            str(one.id), one.state, f"{one.title} to {one.recipient}", one.state_label, refusals.get(one.id, ""),
            url_for(".show", message_id=one.id), one.error[:200],
        )
        for one in messages_of_ids(session(), ids)
    ]  # fmt: skip


def _send_again(seen: Seen, _answer: str) -> int:
    with transaction() as tx:
        return send_many_again(tx, seen={UUID(key): was for key, was in seen.items()})


MANY = Many(
    list="notifications.index",
    title="Messages",
    one="message",
    many="messages",
    permission="notifications:send",
    look=_look,
    deeds={"again": Deed("Send again", ("goes out once more", "go out once more"), _send_again)},
    said="Send messages once more.",
)
offer(bp, MANY)


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
