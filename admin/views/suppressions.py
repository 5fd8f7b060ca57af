"""The addresses that get nothing any more: seen, added, and lifted with a reason."""

from collections.abc import Sequence

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs
from admin.forms.notifications import LiftForm, StopForm
from admin.many import Deed, Many, Planned, Seen, offer
from domain.notifications.suppression import (
    REASONS,
    SHOWN,
    SORTS,
    lift,
    lift_many,
    read_suppression_filter,
    stops_among,
    suppress,
    suppressed,
)
from domain.shared.errors import DomainError
from web.db import session, transaction
from web.errors import status_of

bp = Blueprint("suppressions", __name__, url_prefix="/notifications/stopped")

PER_PAGE = 50


@bp.get("")
@needs("notifications:read")
def index():
    """List the addresses that get nothing any more."""
    return _page(StopForm())


@bp.post("")
@needs("notifications:write")
def stop():
    """Stop mail to an address."""
    form = StopForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    try:
        with transaction() as tx:
            suppress(tx, email=form.email.data, reason="staff", detail=form.detail.data)
    except DomainError as refusal:
        form.refuse("email", str(refusal))
        return _page(form, status=status_of(refusal))
    flash(f"{form.email.data} gets nothing more.")
    return redirect(url_for(".index"), 303)


@bp.get("/lifting")
@needs("notifications:write")
def ask():
    """Ask why an address may have its mail again."""
    return _lifting(LiftForm(data={"email": request.args.get("email", "")[:254]}))


@bp.post("/lifting")
@needs("notifications:write")
def allow():
    """Let an address have its mail again."""
    form = LiftForm(request.form)
    if not form.validate():
        return _lifting(form, 422)
    try:
        with transaction() as tx:
            lift(tx, email=form.email.data, because=form.because.data)
    except DomainError as refusal:
        form.refuse("email", str(refusal))
        return _lifting(form, status_of(refusal))
    flash(f"{form.email.data} gets its mail again.")
    return redirect(url_for(".index"), 303)


def _look(_action: str, keys: Sequence[str]) -> list[Planned]:
    return [
        Planned(
            one.email, one.seen, one.email, "Lifted" if one.lifted_at else "Stopped",
            "it gets its mail already" if one.lifted_at else "", words=f"{REASONS[one.reason]} {one.detail}",
        )
        for one in stops_among(session(), keys)
    ]  # fmt: skip


def _lift(seen: Seen, because: str) -> int:
    with transaction() as tx:
        return lift_many(tx, seen=seen, because=because)


MANY = Many(
    list="suppressions.index",
    title="Stopped addresses",
    one="address",
    many="addresses",
    permission="notifications:write",
    look=_look,
    deeds={
        "lift": Deed(
            "Lift the stop", ("gets its mail again", "get their mail again"), _lift,
            "Why they may have their mail again", "Such as: the mailboxes were full and have room again.",
        )
    },
    said="Let addresses have their mail again.",
    key=str,
)  # fmt: skip
offer(bp, MANY)


def _page(form: StopForm, *, status: int = 200) -> Response:
    wanted, after = read_suppression_filter(request.args), request.args.get("after", "")[:254] or None
    words = wanted.as_words()
    page = render_template(
        "admin/notifications/stopped.html",
        found=suppressed(session(), **vars(wanted), after=after, limit=PER_PAGE),
        form=form,
        wanted=wanted,
        words=words,
        kept={name: value for name, value in words.items() if name != "show"},
        reasons=REASONS,
        shown=SHOWN,
        sorts=SORTS,
        many=MANY,
    )
    return make_response(page, status)


def _lifting(form: LiftForm, status: int = 200) -> Response:
    return make_response(render_template("admin/notifications/lifting.html", form=form), status)
