"""Staff come in and go out."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask_login import current_user, login_user, logout_user

from admin import audit
from admin.access import EVERYBODY, STAFF, SignedIn, needs
from admin.forms.sign_in import SignInForm
from admin.throttle import sign_in_throttle
from domain.users import commands
from domain.users.errors import WrongCredentials
from web.db import transaction

bp = Blueprint("sign_in", __name__)


@bp.get("/sign-in")
@needs(EVERYBODY)
def show():
    """Ask who is there."""
    if current_user.is_authenticated:
        return redirect(url_for("dashboard.show"), 303)
    return _page(SignInForm(), 200)


@bp.post("/sign-in")
@needs(EVERYBODY)
def enter():
    """Let a member of staff in, or say no without saying why."""
    form = SignInForm(request.form)
    if not form.validate():
        return _page(form, 422)
    throttle = sign_in_throttle(
        current_app.extensions["redis"], email=form.email.data, address=request.remote_addr or "unknown"
    )
    wait = throttle.seconds_to_wait()
    if wait:
        minutes = -(-wait // 60)
        form.refuse("", f"Too many attempts. Please wait {minutes} minute{'s' if minutes > 1 else ''} and try again.")
        response = _page(form, 429)
        response.headers["Retry-After"] = str(wait)
        return response
    try:
        with transaction() as tx:
            found = commands.authenticate_staff(tx, email=form.email.data, password=form.password.data)
            audit.note(tx, found)
    except WrongCredentials as error:
        throttle.note_failure()
        form.refuse("", str(error))
        return _page(form, 422)
    throttle.forgive()
    cookie.clear()
    cookie.permanent = True
    login_user(SignedIn(found))
    return redirect(_inside(request.args.get("next")), 303)


@bp.post("/sign-out")
@needs(STAFF)
def leave():
    """Let go of the sign-in in this browser."""
    logout_user()
    cookie.clear()
    g.staff = None
    return redirect(url_for("sign_in.show"), 303)


def _page(form: SignInForm, status: int) -> Response:
    return make_response(
        render_template("admin/sign_in/show.html", form=form, next=_inside(request.args.get("next"))), status
    )


def _inside(address: str | None) -> str:
    """Return an address if it is a path of this app, else the first page: nobody is sent elsewhere by a link."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")) or urlsplit(address).netloc:
        return url_for("dashboard.show")
    return address
