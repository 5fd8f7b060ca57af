"""The addresses that get nothing any more: seen, added, and lifted with a reason."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from admin.access import needs
from admin.forms.notifications import LiftForm, StopForm
from domain.notifications.suppression import REASONS, lift, suppress, suppressed
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


def _page(form: StopForm, *, status: int = 200) -> Response:
    q = request.args.get("q", "").strip()[:254]
    found = suppressed(session(), q=q, after=request.args.get("after", "")[:254] or None, limit=PER_PAGE)
    return make_response(
        render_template("admin/notifications/stopped.html", found=found, form=form, q=q, reasons=REASONS), status
    )


def _lifting(form: LiftForm, status: int = 200) -> Response:
    return make_response(render_template("admin/notifications/lifting.html", form=form), status)
