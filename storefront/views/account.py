"""Signing in and out, opening an account, and the shopper's own orders."""

from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask import session as signed_cookie
from flask_login import login_required, login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from domain.cart.queries import count
from domain.orders.commands import Merged, merge_carts
from domain.orders.link import order_path
from domain.orders.queries import shopper_orders
from domain.users.commands import authenticate_shopper, register_shopper
from domain.users.errors import BadEmail, EmailTaken, WeakPassword, WrongCredentials
from domain.users.queries import ShopperView
from storefront.forms.account import RegisterForm, SignInForm
from storefront.session import SignedIn, current_cart_id, current_shopper, remember_cart
from web.db import session, transaction

bp = Blueprint("account", __name__)

ORDERS_PER_PAGE = 20


@bp.get("/sign-in")
def sign_in() -> AnyResponse | str:
    """Ask who is there; whoever is known goes on."""
    onward = local_path(request.args.get("next"))
    if current_shopper():
        return redirect(onward, 303)
    return render_template("storefront/account/sign_in.html", form=SignInForm(next=onward))


@bp.post("/sign-in")
def authenticate() -> AnyResponse:
    """Sign in, or say that it does not fit without saying what."""
    form = SignInForm(request.form)
    if form.validate():
        try:
            with transaction() as tx:
                shopper = authenticate_shopper(tx, email=form.email.data, password=form.password.data)
                merged = merge_carts(tx, cart_id=current_cart_id(), shopper_id=shopper.id)
        except WrongCredentials as refusal:
            form.refuse("email", str(refusal))
        else:
            return _welcome(shopper, local_path(form.next.data), merged)
    return make_response(render_template("storefront/account/sign_in.html", form=form), 422)


@bp.get("/register")
def register() -> AnyResponse | str:
    """Offer an account."""
    if current_shopper():
        return redirect(url_for(".orders"), 303)
    known = {"email": request.args.get("email", "")[:254] or None}
    return render_template("storefront/account/register.html", form=RegisterForm(data=known))


@bp.post("/register")
def open_account() -> AnyResponse:
    """Open an account and sign in."""
    form, status = RegisterForm(request.form), 422
    if form.validate():
        try:
            with transaction() as tx:
                shopper = register_shopper(
                    tx, email=form.email.data, password=form.password.data, name=form.name.data or ""
                )
                merged = merge_carts(tx, cart_id=current_cart_id(), shopper_id=shopper.id)
        except WeakPassword as refusal:
            form.refuse("password", str(refusal))
        except BadEmail as refusal:
            form.refuse("email", str(refusal))
        except EmailTaken as refusal:
            form.refuse("email", str(refusal))
            status = 409
        else:
            return _welcome(shopper, url_for(".orders"), merged)
    return make_response(render_template("storefront/account/register.html", form=form), status)


@bp.post("/sign-out")
def sign_out() -> AnyResponse:
    """End the sign-in of this browser; its cart stays."""
    logout_user()
    signed_cookie.clear()
    return redirect(url_for("home.show"), 303)


@bp.get("/account")
@login_required
def orders() -> str:
    """Show the shopper's own orders, the newest first."""
    shopper = current_shopper()
    assert shopper
    found, keys = shopper_orders(session(), shopper.id, after=_after(), limit=ORDERS_PER_PAGE)
    links = {row.id: order_path(row.number, keys[row.id]) for row in found.rows}
    return render_template("storefront/account/orders.html", shopper=shopper, orders=found, links=links)


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


def _welcome(shopper: ShopperView, onward: str, merged: Merged) -> AnyResponse:
    """Sign the shopper in, with their one cart in the browser, and have what became of it said on the next page."""
    signed_cookie.clear()
    signed_cookie.permanent = True
    login_user(SignedIn(shopper))
    for words in merged.changes:
        flash(words)
    response = make_response(redirect(onward, 303))
    return remember_cart(response, merged.cart_id, count(session(), merged.cart_id), forget=merged.cart_id is None)
