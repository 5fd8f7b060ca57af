"""Opening an account and setting a new password, by mail; no answer tells whether an address has an account."""

import secrets
from datetime import UTC, datetime
from hmac import compare_digest

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask import session as signed_cookie
from werkzeug.wrappers import Response as AnyResponse

from domain.users.commands import ask_registration, ask_reset, confirm_registration, reset_password
from domain.users.commands.registration import browser_digest
from domain.users.errors import BadEmail, LinkSpent, WeakPassword, WrongPassword
from domain.users.links import REGISTRATION, RESET
from domain.users.queries import LinkView
from storefront.forms.account import ConfirmForm, ForgottenForm, NewPasswordForm, RegisterForm
from storefront.links import mailed_link
from storefront.session import current_shopper
from storefront.sign_in import let_in
from storefront.throttle import in_words, mail_throttle, sign_in_throttle
from web.db import transaction
from web.forms import ShopForm
from web.headers import keep_address_private

bp = Blueprint("registration", __name__)

MINE, ASKED = "registering", "asked"
"""What the signed cookie remembers until the mail is read: this browser's secret, and the address to be shown."""


@bp.get("/register")
def register() -> AnyResponse | str:
    """Offer an account."""
    if current_shopper():
        return redirect(url_for("account.orders"), 303)
    known = {"email": request.args.get("email", "")[:254] or None}
    return render_template("storefront/account/register.html", form=RegisterForm(data=known))


@bp.post("/register")
def ask() -> AnyResponse:
    """Send a mail with a link that opens the account, or that says there is one."""
    form = RegisterForm(request.form)
    waiting = _mails_to_wait(form)
    if waiting:
        return _too_many("register", form, waiting)
    if form.validate():
        mine = signed_cookie.get(MINE) or secrets.token_urlsafe(24)
        try:
            with transaction() as tx:
                ask_registration(
                    tx,
                    email=form.email.data,
                    password=form.password.data,
                    name=form.name.data or "",
                    browser=mine,
                    now=datetime.now(UTC),
                )
        except WeakPassword as refusal:
            form.refuse("password", str(refusal))
        except BadEmail as refusal:
            form.refuse("email", str(refusal))
        else:
            mail_throttle(form.email.data).note_failure()
            signed_cookie[MINE], signed_cookie[ASKED] = mine, form.email.data
            return redirect(url_for(".sent"), 303)
    return _page("register", form, 422)


@bp.get("/register/sent")
def sent() -> str:
    """Say that a mail is on its way."""
    return render_template("storefront/account/sent.html", email=signed_cookie.get(ASKED), about="account")


@bp.get("/register/confirmation")
def confirmation() -> AnyResponse:
    """Ask for the one press that opens the account: reading a mail must not do it, as mail scanners follow links."""
    keep_address_private()
    token = request.args.get("token", "")
    link = mailed_link(token, REGISTRATION)
    if link is None:
        return _spent()
    return _page("confirm", ConfirmForm(data={"token": token}), 200, email=link.email, known=_is_mine(link))


@bp.post("/register/confirmation")
def confirm() -> AnyResponse:
    """Open the account and sign in."""
    keep_address_private()
    form = ConfirmForm(request.form)
    link = mailed_link(form.token.data or "", REGISTRATION)
    if link is None:
        return _spent()
    throttle = sign_in_throttle(f"link {link.id}")
    waiting = throttle.seconds_to_wait()
    if waiting:
        return _too_many("confirm", form, waiting, email=link.email, known=False)
    try:
        with transaction() as tx:
            shopper = confirm_registration(
                tx,
                link_id=link.id,
                browser=signed_cookie.get(MINE, ""),
                password=form.password.data or "",
                now=datetime.now(UTC),
            )
    except LinkSpent:
        return _spent()
    except WrongPassword as refusal:
        throttle.note_failure()
        form.refuse("password", str(refusal))
        return _page("confirm", form, 422, email=link.email, known=False)
    return let_in(shopper, url_for("account.orders"), remember=False)


@bp.get("/password/forgotten")
def forgotten() -> str:
    """Ask whose password is forgotten."""
    return render_template("storefront/account/forgotten.html", form=ForgottenForm())


@bp.post("/password/forgotten")
def send_reset() -> AnyResponse:
    """Send a mail with a link, if the address has an account."""
    form = ForgottenForm(request.form)
    waiting = _mails_to_wait(form)
    if waiting:
        return _too_many("forgotten", form, waiting)
    if form.validate():
        try:
            with transaction() as tx:
                ask_reset(tx, email=form.email.data, now=datetime.now(UTC))
        except BadEmail as refusal:
            form.refuse("email", str(refusal))
        else:
            mail_throttle(form.email.data).note_failure()
            signed_cookie[ASKED] = form.email.data
            return redirect(url_for(".reset_sent"), 303)
    return _page("forgotten", form, 422)


@bp.get("/password/sent")
def reset_sent() -> str:
    """Say that a mail is on its way, if there is an account."""
    return render_template("storefront/account/sent.html", email=signed_cookie.get(ASKED), about="password")


@bp.get("/password/new")
def new_password() -> AnyResponse:
    """Ask for the new password."""
    keep_address_private()
    token = request.args.get("token", "")
    if mailed_link(token, RESET) is None:
        return _spent()
    return _page("new_password", NewPasswordForm(data={"token": token}), 200)


@bp.post("/password/new")
def set_password() -> AnyResponse:
    """Set the new password and sign in with it."""
    keep_address_private()
    form = NewPasswordForm(request.form)
    link = mailed_link(form.token.data or "", RESET)
    if link is None:
        return _spent()
    if form.validate():
        try:
            with transaction() as tx:
                reset_password(tx, link_id=link.id, password=form.password.data, now=datetime.now(UTC))
        except LinkSpent:
            return _spent()
        except WeakPassword as refusal:
            form.refuse("password", str(refusal))
        else:
            return redirect(url_for("account.sign_in", changed=1), 303)
    return _page("new_password", form, 422)


def _is_mine(link: LinkView) -> bool:
    return compare_digest(link.browser_hash or "", browser_digest(signed_cookie.get(MINE, "")))


def _mails_to_wait(form: RegisterForm | ForgottenForm) -> int:
    return mail_throttle(form.email.data or "").seconds_to_wait()


def _page(name: str, form: ShopForm, status: int, **more: object) -> AnyResponse:
    return make_response(render_template(f"storefront/account/{name}.html", form=form, **more), status)


def _too_many(name: str, form: ShopForm, waiting: int, **more: object) -> AnyResponse:
    form.refuse("main", f"That was tried many times. Please wait {in_words(waiting)}, then try again.")
    answer = _page(name, form, 429, **more)
    answer.headers["Retry-After"] = str(waiting)
    return answer


def _spent() -> AnyResponse:
    return make_response(render_template("storefront/account/spent.html"), 410)
