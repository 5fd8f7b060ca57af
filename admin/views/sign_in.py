"""Staff come in and go out: a password, then a code where a second factor is asked for."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from flask_login import current_user, logout_user

from admin import audit, pending
from admin.access import EVERYBODY, STAFF, admit, needs
from admin.forms.sign_in import SignInForm
from admin.forms.staff import CodeForm
from admin.throttle import code_throttle, sign_in_throttle
from domain.shared.db import utcnow
from domain.users import commands
from domain.users.errors import WrongCode, WrongCredentials
from domain.users.queries import StaffView
from web.db import transaction
from web.forms import ShopForm
from web.settings import shop_settings
from web.throttle import Throttle

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
    """Sign in with a password, or say no without saying why."""
    form = SignInForm(request.form)
    if not form.validate():
        return _page(form, 422)
    throttle = sign_in_throttle(
        current_app.extensions["redis"], email=form.email.data, address=request.remote_addr or "unknown"
    )
    if wait := throttle.seconds_to_wait():
        return _slow_down(form, wait, _page)
    held = None
    try:
        with transaction() as tx:
            found = commands.authenticate_staff(tx, email=form.email.data, password=form.password.data)
            audit.note(tx, found)
            if not asks_for_code(found):
                held = begin(tx, found)
    except WrongCredentials as error:
        throttle.note_failure()
        form.refuse("", str(error))
        return _page(form, 422)
    throttle.forgive()
    if held is None:
        pending.hold(found)
        step = ".code" if found.second_factor else "second_factor.set_up"
        return redirect(url_for(step, next=request.args.get("next")), 303)
    admit(held)
    return redirect(inside(request.args.get("next")), 303)


@bp.get("/sign-in/code")
@needs(EVERYBODY)
def code():
    """Ask for the code of somebody whose password was right."""
    if pending.held() is None:
        return redirect(url_for(".show"), 303)
    return _code_page(CodeForm(), 200)


@bp.post("/sign-in/code")
@needs(EVERYBODY)
def prove():
    """Sign in with a code, after the password."""
    staff = pending.held()
    if staff is None or not staff.second_factor:
        return redirect(url_for(".show"), 303)
    form = CodeForm(request.form)
    if not form.validate():
        return _code_page(form, 422)
    throttle: Throttle = code_throttle(current_app.extensions["redis"], staff_id=staff.id)
    if wait := throttle.seconds_to_wait():
        return _slow_down(form, wait, _code_page)
    try:
        with transaction() as tx:
            commands.prove_second_factor(tx, staff_id=staff.id, code=form.code.data, now=utcnow())
            audit.note(tx, staff)
            held = begin(tx, staff)
    except WrongCode as error:
        throttle.note_failure()
        form.refuse("code", str(error))
        return _code_page(form, 422)
    throttle.forgive()
    admit(held)
    return redirect(inside(request.args.get("next")), 303)


@bp.post("/sign-out")
@needs(STAFF)
def leave():
    """Sign out in this browser."""
    with transaction() as tx:
        commands.end_staff_session(tx, staff_id=g.staff.id, session_id=g.staff.session_id)
    logout_user()
    cookie.clear()
    g.staff = None
    return redirect(url_for("sign_in.show"), 303)


def asks_for_code(staff: StaffView) -> bool:
    """Say whether somebody needs more than the password: whoever has a second factor, and all others by setting."""
    return staff.second_factor or (shop_settings().staff_second_factor and not staff.exempt)


def begin(tx, staff: StaffView) -> str:
    """Begin a sign-in in this browser and return what its cookie holds."""
    return commands.begin_staff_session(
        tx, staff_id=staff.id, address=request.remote_addr or "", browser=request.user_agent.string
    )


def inside(address: str | None) -> str:
    """Return an address if it is a path of this app, else the first page: nobody is sent elsewhere by a link."""
    if (
        not address
        or not address.startswith("/")
        or address.startswith("//")
        or "\\" in address
        or not address.isprintable()
        or urlsplit(address).netloc
    ):
        return url_for("dashboard.show")
    return address


def _slow_down(form: ShopForm, wait: int, page) -> Response:
    minutes = -(-wait // 60)
    form.refuse("", f"Too many attempts. Please wait {minutes} minute{'s' if minutes > 1 else ''} and try again.")
    response = page(form, 429)
    response.headers["Retry-After"] = str(wait)
    return response


def _page(form: ShopForm, status: int) -> Response:
    onward = inside(request.args.get("next"))
    return make_response(render_template("admin/sign_in/show.html", form=form, next=onward), status)


def _code_page(form: ShopForm, status: int) -> Response:
    onward = inside(request.args.get("next"))
    return make_response(render_template("admin/sign_in/code.html", form=form, next=onward), status)
