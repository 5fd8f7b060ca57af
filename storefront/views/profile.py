"""Name, e-mail address and password; what keeps the account safe takes the present password."""

from datetime import UTC, datetime

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_login import login_required
from werkzeug.wrappers import Response as AnyResponse

from domain.users.commands import ask_new_email, change_name, change_password, confirm_new_email
from domain.users.errors import BadEmail, LinkSpent, WeakPassword, WrongPassword
from domain.users.links import ADDRESS
from domain.users.queries import LinkView
from storefront.forms.profile import ChangePasswordForm, NameForm, NewEmailForm
from storefront.links import mailed_link
from storefront.session import current_session_id, signed_in_shopper
from storefront.throttle import code_throttle, in_words, mail_throttle
from web.db import transaction
from web.forms import ShopForm
from web.headers import keep_address_private

bp = Blueprint("profile", __name__, url_prefix="/account")


@bp.get("/details")
@login_required
def show() -> AnyResponse:
    """Show what can be changed."""
    return _page()


@bp.post("/name")
@login_required
def rename() -> AnyResponse:
    """Change the name."""
    form = NameForm(request.form)
    if not form.validate():
        return _page(name=form, status=422)
    with transaction() as tx:
        change_name(tx, shopper_id=signed_in_shopper().id, name=form.name.data or "")
    return _done("Your name is changed.")


@bp.post("/email")
@login_required
def ask_email() -> AnyResponse:
    """Send a link to a new address."""
    form, shopper = NewEmailForm(request.form), signed_in_shopper()
    throttle = code_throttle(shopper.id)
    waiting = max(throttle.seconds_to_wait(), mail_throttle(form.email.data or "").seconds_to_wait())
    if waiting:
        return _too_many(form, waiting, email=form)
    if form.validate():
        try:
            with transaction() as tx:
                ask_new_email(
                    tx,
                    shopper_id=shopper.id,
                    present=form.present.data,
                    email=form.email.data,
                    now=datetime.now(UTC),
                )
        except WrongPassword as refusal:
            throttle.note_failure()
            form.refuse("present", str(refusal))
        except BadEmail as refusal:
            form.refuse("email", str(refusal))
        else:
            mail_throttle(form.email.data).note_failure()
            return _done(f"We have written to {form.email.data}. Use the link in that mail to confirm it.")
    return _page(email=form, status=422)


@bp.get("/email/confirmation")
@login_required
def email_confirmation() -> AnyResponse:
    """Ask for the one press that changes the address."""
    keep_address_private()
    token = request.args.get("token", "")
    link = _link(token)
    if link is None:
        return _spent()
    return make_response(render_template("storefront/account/confirm_email.html", email=link.email, token=token))


@bp.post("/email/confirmation")
@login_required
def confirm_email() -> AnyResponse:
    """Change the address."""
    link = _link(request.form.get("token", ""))
    if link is None:
        return _spent()
    try:
        with transaction() as tx:
            confirm_new_email(tx, link_id=link.id, shopper_id=signed_in_shopper().id, now=datetime.now(UTC))
    except LinkSpent:
        return _spent()
    return _done(f"Your e-mail address is now {link.email}.")


@bp.post("/password")
@login_required
def set_password() -> AnyResponse:
    """Change the password, which signs every other browser out."""
    form, shopper = ChangePasswordForm(request.form), signed_in_shopper()
    throttle = code_throttle(shopper.id)
    waiting = throttle.seconds_to_wait()
    if waiting:
        return _too_many(form, waiting, password=form)
    if form.validate():
        try:
            with transaction() as tx:
                change_password(
                    tx,
                    shopper_id=shopper.id,
                    present=form.present.data,
                    password=form.password.data,
                    here=current_session_id(),
                    now=datetime.now(UTC),
                )
        except WrongPassword as refusal:
            throttle.note_failure()
            form.refuse("present", str(refusal))
        except WeakPassword as refusal:
            form.refuse("password", str(refusal))
        else:
            return _done("Your password is changed. Every other browser was signed out.")
    return _page(password=form, status=422)


def _page(
    *,
    name: NameForm | None = None,
    email: NewEmailForm | None = None,
    password: ChangePasswordForm | None = None,
    status: int = 200,
) -> AnyResponse:
    shopper = signed_in_shopper()
    forms = {
        "name": name or NameForm(data={"name": shopper.name}),
        "email": email or NewEmailForm(),
        "password": password or ChangePasswordForm(),
    }
    summary = tuple(line for form in forms.values() for line in form.summary)
    page = render_template("storefront/account/details.html", shopper=shopper, summary=summary, **forms)
    return make_response(page, status)


def _done(words: str) -> AnyResponse:
    flash(words)
    return redirect(url_for(".show"), 303)


def _too_many(form: ShopForm, waiting: int, **forms: ShopForm) -> AnyResponse:
    form.refuse("present", f"That was tried many times. Please wait {in_words(waiting)}, then try again.")
    answer = _page(**forms, status=429)  # type: ignore[arg-type]
    answer.headers["Retry-After"] = str(waiting)
    return answer


def _link(token: str) -> LinkView | None:
    found = mailed_link(token, ADDRESS)
    return found if found and found.shopper_id == signed_in_shopper().id else None


def _spent() -> AnyResponse:
    return make_response(render_template("storefront/account/spent.html"), 410)
