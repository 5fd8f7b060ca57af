"""Signing in and out, and the shopper's own orders."""

from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask import session as signed_cookie
from flask_login import login_required, logout_user
from werkzeug.wrappers import Response as AnyResponse

from domain.notifications.queries import unread
from domain.orders.link import order_path
from domain.orders.queries import shopper_orders
from domain.users.commands import authenticate_shopper, end_session, prove_shopper_factor
from domain.users.errors import WrongCode, WrongCredentials
from storefront.forms.account import SignInForm
from storefront.forms.profile import CodeForm
from storefront.session import current_session_id, current_shopper, forget_browser, signed_in_shopper
from storefront.sign_in import await_code, awaited, let_in
from storefront.throttle import code_throttle, in_words, sign_in_throttle
from storefront.wishlist import remember_wishlist
from web.db import session, transaction
from web.htmx import partials, wants_partial

bp = Blueprint("account", __name__)

ORDERS_PER_PAGE = 20


@bp.get("/sign-in")
def sign_in() -> AnyResponse | str:
    """Ask who is there; whoever is known goes on."""
    onward = local_path(request.args.get("next"))
    if current_shopper():
        return redirect(onward, 303)
    changed = request.args.get("changed") == "1"
    return render_template("storefront/account/sign_in.html", form=SignInForm(next=onward), changed=changed)


@bp.post("/sign-in")
def authenticate() -> AnyResponse:
    """Sign in, or say that it does not fit without saying what; whoever goes on guessing waits longer and longer."""
    form = SignInForm(request.form)
    throttle = sign_in_throttle(form.email.data or "")
    waiting = throttle.seconds_to_wait()
    if waiting:
        form.refuse("main", f"That was tried many times. Please wait {in_words(waiting)}, then try again.")
        answer = _sign_in_page(form, 429)
        answer.headers["Retry-After"] = str(waiting)
        return answer
    if form.validate():
        try:
            with transaction() as tx:
                shopper = authenticate_shopper(tx, email=form.email.data, password=form.password.data)
        except WrongCredentials as refusal:
            throttle.note_failure()
            form.refuse("email", str(refusal))
        else:
            throttle.forgive()
            onward, remember = local_path(form.next.data), bool(form.remember.data)
            if shopper.second_factor:
                await_code(shopper.id, onward, remember=remember)
                return redirect(url_for(".ask_code"), 303)
            return let_in(shopper, onward, remember=remember)
    return _sign_in_page(form, 422)


@bp.get("/sign-in/code")
def ask_code() -> AnyResponse | str:
    """Ask for the second step."""
    if awaited() is None:
        return redirect(url_for(".sign_in"), 303)
    return render_template("storefront/account/code.html", form=CodeForm())


@bp.post("/sign-in/code")
def prove() -> AnyResponse:
    """Take a code of the app or a recovery code, and let the shopper in."""
    pending, form = awaited(), CodeForm(request.form)
    if pending is None:
        return redirect(url_for(".sign_in"), 303)
    throttle = code_throttle(pending.shopper_id)
    waiting, status = throttle.seconds_to_wait(), 422
    if waiting:
        form.refuse("code", f"That was tried many times. Please wait {in_words(waiting)}, then try again.")
        status = 429
    elif form.validate():
        try:
            with transaction() as tx:
                shopper = prove_shopper_factor(
                    tx, shopper_id=pending.shopper_id, code=form.code.data, now=datetime.now(UTC)
                )
        except WrongCode as refusal:
            throttle.note_failure()
            form.refuse("code", str(refusal))
        else:
            throttle.forgive()
            return let_in(shopper, local_path(pending.onward), remember=pending.remember)
    return make_response(render_template("storefront/account/code.html", form=form), status)


@bp.post("/sign-out")
def sign_out() -> AnyResponse:
    """End the sign-in of this browser; its cart stays."""
    shopper, session_id = current_shopper(), current_session_id()
    if shopper and session_id:
        with transaction() as tx:
            end_session(tx, shopper_id=shopper.id, session_id=session_id, now=datetime.now(UTC))
    logout_user()
    signed_cookie.clear()
    forget_browser()
    return remember_wishlist(make_response(redirect(url_for("home.show"), 303)), None, 0)


@bp.get("/account")
@login_required
def orders() -> AnyResponse | str:
    """Show the shopper's own orders, the newest first, or those that some words are found in."""
    shopper, q = signed_in_shopper(), " ".join(request.args.get("q", "").split())[:100]
    found, keys = shopper_orders(session(), shopper.id, q=q, after=_after(), limit=ORDERS_PER_PAGE)
    context = {
        "orders": found,
        "links": {row.id: order_path(row.number, keys[row.id]) for row in found.rows},
        "q": q,
        "older": url_for(".orders", q=q or None, after=found.after) if found.after else None,
    }
    if wants_partial():
        return partials("storefront/account/_orders.html", **context)
    return render_template(
        "storefront/account/orders.html", shopper=shopper, unread=unread(session(), shopper.id), **context
    )


def local_path(wanted: str | None) -> str:
    """Return a path on this shop to go on to; anything that leads elsewhere becomes the account page."""
    fallback = url_for("account.orders")
    if (
        not wanted
        or not wanted.startswith("/")
        or wanted.startswith("//")
        or "\\" in wanted
        or not wanted.isprintable()
    ):
        return fallback
    parts = urlsplit(wanted)
    return fallback if parts.scheme or parts.netloc else wanted


def _after() -> UUID | None:
    try:
        return UUID(request.args.get("after", ""))
    except ValueError:
        return None


def _sign_in_page(form: SignInForm, status: int) -> AnyResponse:
    return make_response(render_template("storefront/account/sign_in.html", form=form, changed=False), status)
