"""Setting up a second factor at the first sign-in."""

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from markupsafe import Markup

from admin import audit, pending
from admin.access import EVERYBODY, admit, needs
from admin.forms.staff import CodeForm
from admin.throttle import code_throttle
from admin.views.sign_in import begin, inside
from domain.shared.db import utcnow
from domain.users import commands
from domain.users.errors import WrongCode
from domain.users.queries import StaffView
from domain.users.second_factor import provisioning_uri, qr_code
from web.db import transaction
from web.settings import shop_settings

bp = Blueprint("second_factor", __name__, url_prefix="/sign-in/second-factor")


@bp.get("")
@needs(EVERYBODY)
def set_up():
    """Ask somebody whose password was right whether they are ready to set up a second factor."""
    staff = pending.held()
    if staff is None or staff.second_factor:
        return redirect(url_for("sign_in.show"), 303)
    return render_template("admin/second_factor/set_up.html", next=inside(request.args.get("next")))


@bp.post("/secret")
@needs(EVERYBODY)
def reveal():
    """Show a secret for the app."""
    staff = pending.held()
    if staff is None or staff.second_factor:
        return redirect(url_for("sign_in.show"), 303)
    return _page(staff, CodeForm(), 200)


@bp.post("")
@needs(EVERYBODY)
def confirm():
    """Turn the second factor on and sign in."""
    staff = pending.held()
    if staff is None or staff.second_factor:
        return redirect(url_for("sign_in.show"), 303)
    form = CodeForm(request.form)
    if not form.validate():
        return _page(staff, form, 422)
    throttle = code_throttle(current_app.extensions["redis"], staff_id=staff.id)
    if throttle.seconds_to_wait():
        form.refuse("code", "Too many attempts. Please wait a few minutes and try again.")
        return _page(staff, form, 429)
    try:
        with transaction() as tx:
            codes = commands.confirm_second_factor(tx, staff_id=staff.id, code=form.code.data, now=utcnow())
            audit.note(tx, staff)
            held = begin(tx, staff)
    except WrongCode as error:
        throttle.note_failure()
        form.refuse("code", str(error))
        return _page(staff, form, 422)
    admit(held)
    return render_template("admin/second_factor/codes.html", codes=codes, onward=inside(request.args.get("next")))


def _page(staff: StaffView, form: CodeForm, status: int) -> Response:
    with transaction() as tx:
        secret = commands.begin_second_factor(tx, staff_id=staff.id)
    picture = Markup(qr_code(provisioning_uri(secret, account=staff.email, shop=shop_settings().name)))  # noqa: S704
    grouped = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    return make_response(
        render_template(
            "admin/second_factor/secret.html",
            form=form, secret=grouped, picture=picture, next=inside(request.args.get("next")),
        ),
        status,
    )  # fmt: skip
