"""The second step of signing in: turned on with an app, off with the password."""

from datetime import UTC, datetime

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from domain.users.commands import begin_shopper_factor, confirm_shopper_factor, drop_shopper_factor
from domain.users.errors import WrongCode, WrongPassword
from domain.users.queries import factor_secret
from domain.users.second_factor import provisioning_uri, qr_code
from storefront.forms.profile import CodeForm, PresentPasswordForm
from storefront.session import signed_in_shopper
from storefront.throttle import code_throttle, in_words
from web.db import session, transaction
from web.settings import shop_settings

bp = Blueprint("second_step", __name__, url_prefix="/account/second-step")


@bp.get("")
@login_required
def show() -> AnyResponse:
    """Say whether the second step is on, or show the code to be scanned."""
    return _page(CodeForm(), PresentPasswordForm())


@bp.post("")
@login_required
def begin() -> AnyResponse:
    """Draw a secret for the app."""
    if not signed_in_shopper().second_factor:
        with transaction() as tx:
            begin_shopper_factor(tx, shopper_id=signed_in_shopper().id)
    return redirect(url_for(".show"), 303)


@bp.post("/confirmation")
@login_required
def confirm() -> AnyResponse:
    """Turn the second step on with a first code, and show the recovery codes this once."""
    form = CodeForm(request.form)
    if form.validate():
        try:
            with transaction() as tx:
                codes = confirm_shopper_factor(
                    tx, shopper_id=signed_in_shopper().id, code=form.code.data, now=datetime.now(UTC)
                )
        except WrongCode as refusal:
            form.refuse("code", str(refusal))
        else:
            return make_response(render_template("storefront/account/recovery_codes.html", codes=codes))
    return _page(form, PresentPasswordForm(), status=422)


@bp.post("/removal")
@login_required
def end() -> AnyResponse:
    """Turn the second step off."""
    form, throttle = PresentPasswordForm(request.form), code_throttle(signed_in_shopper().id)
    waiting = throttle.seconds_to_wait()
    if waiting:
        form.refuse("present", f"That was tried many times. Please wait {in_words(waiting)}, then try again.")
    elif form.validate():
        try:
            with transaction() as tx:
                drop_shopper_factor(tx, shopper_id=signed_in_shopper().id, password=form.present.data)
        except WrongPassword as refusal:
            throttle.note_failure()
            form.refuse("present", str(refusal))
        else:
            flash("The second step is off.")
            return redirect(url_for(".show"), 303)
    return _page(CodeForm(), form, status=429 if waiting else 422)


def _page(code: CodeForm, password: PresentPasswordForm, *, status: int = 200) -> AnyResponse:
    shopper = signed_in_shopper()
    secret = None if shopper.second_factor else factor_secret(session(), shopper.id)
    drawn = qr_code(provisioning_uri(secret, account=shopper.email, shop=shop_settings().name)) if secret else None
    page = render_template(
        "storefront/account/second_step.html", on=shopper.second_factor, secret=secret, drawn=drawn, code=code,
        password=password,
    )  # fmt: skip
    return make_response(page, status)
