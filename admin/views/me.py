"""One's own account: the password, the recovery codes, and where one is signed in."""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for

from admin.access import STAFF, needs, staff
from admin.forms.staff import CodeForm, PasswordForm
from admin.throttle import code_throttle
from domain.shared.db import utcnow
from domain.users import commands, queries
from domain.users.errors import WeakPassword, WrongCode, WrongCredentials
from web.db import session, transaction
from web.settings import shop_settings

bp = Blueprint("me", __name__, url_prefix="/me")


@bp.get("")
@needs(STAFF)
def show():
    """Show one's own account."""
    return _page(PasswordForm(), CodeForm(), 200)


@bp.post("/password")
@needs(STAFF)
def change_password():
    """Change one's own password."""
    form = PasswordForm(request.form)
    if not form.validate():
        return _page(form, CodeForm(), 422)
    throttle = code_throttle(current_app.extensions["redis"], staff_id=staff().id)
    if throttle.seconds_to_wait():
        form.refuse("present", "Too many attempts. Please wait a few minutes and try again.")
        return _page(form, CodeForm(), 429)
    try:
        with transaction() as tx:
            commands.change_own_password(
                tx,
                staff_id=staff().id,
                present=form.present.data,
                password=form.password.data,
                sitting=staff().session_id,
            )
    except WrongCredentials:
        throttle.note_failure()
        form.refuse("present", "This is not your present password.")
        return _page(form, CodeForm(), 422)
    except WeakPassword as refusal:
        form.refuse("password", str(refusal))
        return _page(form, CodeForm(), 422)
    flash("Your password is changed. Every other browser is signed out.")
    return redirect(url_for(".show"), 303)


@bp.post("/recovery-codes")
@needs(STAFF)
def renew_codes():
    """Get new recovery codes in the place of the old ones."""
    form = CodeForm(request.form)
    if not form.validate():
        return _page(PasswordForm(), form, 422)
    throttle = code_throttle(current_app.extensions["redis"], staff_id=staff().id)
    if throttle.seconds_to_wait():
        form.refuse("code", "Too many attempts. Please wait a few minutes and try again.")
        return _page(PasswordForm(), form, 429)
    try:
        with transaction() as tx:
            codes = commands.renew_recovery_codes(tx, staff_id=staff().id, code=form.code.data, now=utcnow())
    except WrongCode as refusal:
        throttle.note_failure()
        form.refuse("code", str(refusal))
        return _page(PasswordForm(), form, 422)
    return render_template("admin/second_factor/codes.html", codes=codes, onward=url_for(".show"))


@bp.post("/sign-ins/<uuid:session_id>/end")
@needs(STAFF)
def end(session_id: UUID):
    """End one of one's own sign-ins."""
    with transaction() as tx:
        commands.end_staff_session(tx, staff_id=staff().id, session_id=session_id)
    flash("This sign-in is ended.")
    return redirect(url_for(".show"), 303)


def _page(password: PasswordForm, code: CodeForm, status: int) -> Response:
    since = utcnow() - timedelta(hours=shop_settings().staff_session_hours)
    person = queries.staff_person(session(), staff().id, since=since)
    page = render_template(
        "admin/me/show.html",
        person=person,
        password=password,
        code=code,
        problems_found=(*password.summary, *code.summary),
        end_address=lambda session_id: url_for(".end", session_id=session_id),
    )
    return make_response(page, status)
