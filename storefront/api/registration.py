"""Opening an account and setting a new password, by mail; no answer tells whether an address has an account."""

import secrets
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import Field

from domain.users import commands
from domain.users.errors import LinkSpent, WrongPassword
from domain.users.links import REGISTRATION, RESET
from storefront.api.caller import CART
from storefront.api.shapes import account as shapes
from storefront.api.table import api
from storefront.api.tokens import let_in
from storefront.forms.account import ForgottenForm, NewPasswordForm, RegisterForm
from storefront.links import mailed_link
from storefront.throttle import mail_throttle, sign_in_throttle
from web.api import Body
from web.api.deeds import deed
from web.api.forms import answers, refuse
from web.api.slowdown import counting, slow_down

AREA = "Registration"
ACCOUNT_MAIL = "We have written to this address. The link in that mail opens the account."
RESET_MAIL = "If this address has an account, a mail with a link is on its way to it."

Email = Annotated[str, Field(min_length=3, max_length=254)]
Password = Annotated[str, Field(min_length=1, max_length=200)]
Token = Annotated[
    str, Field(min_length=1, max_length=300, description="The `token` in the address of the mail's link.")
]


class NewAccount(Body):
    """Who wants an account; nothing is opened before the link in the mail is used."""

    email: Email
    password: Password
    name: Annotated[str, Field(max_length=200)] = ""


class Confirmed(Body):
    """The mail's token with the password that was chosen, which shows that whoever asked has the mail too."""

    token: Token
    password: Password
    app: Annotated[str, Field(max_length=80, description="What the shopper knows the app by.")] = "An app"


class Forgotten(Body):
    """Whose password is forgotten."""

    email: Email


class Reset(Body):
    """The mail's token, and the password from now on."""

    token: Token
    password: Password


@api.post("/registrations", area=AREA, body=NewAccount, answer=shapes.MailSent, status=202,
          example={"email": "ada@example.com", "password": "correct tests need staples", "name": "Ada"})  # fmt: skip
def register(body: NewAccount) -> Any:
    """Ask for an account: a mail with a link goes to the address, or one that says that there is an account.

    An app can take the link up, and send its token; else the page behind it opens the account.
    """
    form = RegisterForm(answers(body.model_dump()))
    refuse(form, {name: f"#/{name}" for name in ("email", "password", "name")})
    throttle = mail_throttle(body.email)
    slow_down(throttle)
    with deed() as act:
        commands.ask_registration(
            act.tx,
            email=form.email.data,
            password=body.password,
            name=form.name.data or "",
            browser=secrets.token_urlsafe(24),  # of nobody: an app proves itself by the password
            now=datetime.now(UTC),
        )
        act.answers({"message": ACCOUNT_MAIL}, status=202)
    throttle.note_failure()
    return act.answer


@api.post("/registrations/confirmation", area=AREA, body=Confirmed, answer=shapes.Tokens, headers=CART,
          example={"token": "the-token-of-the-link", "password": "correct tests need staples",
                   "app": "Ada's phone"})  # fmt: skip
def confirm_registration(body: Confirmed) -> Any:
    """Open the account, its address now being verified, and sign in."""
    now, link = datetime.now(UTC), mailed_link(body.token, REGISTRATION)
    if link is None:
        with deed():  # whoever sends the same again gets the tokens; anybody else that the link is spent
            raise LinkSpent
    with counting(sign_in_throttle(f"link {link.id}"), WrongPassword), deed() as act:
        shopper = commands.confirm_registration(act.tx, link_id=link.id, browser="", password=body.password, now=now)
        act.answers(let_in(act.tx, shopper.id, app=body.app, now=now))
    return act.answer


@api.post("/password-resets", area=AREA, body=Forgotten, answer=shapes.MailSent, status=202,
          example={"email": "ada@example.com"})  # fmt: skip
def ask_reset(body: Forgotten) -> Any:
    """Ask for a new password: if the address has an account, a mail with a link goes to it."""
    form = ForgottenForm(answers({"email": body.email}))
    refuse(form, {"email": "#/email"})
    throttle = mail_throttle(body.email)
    slow_down(throttle)
    with deed() as act:
        commands.ask_reset(act.tx, email=form.email.data, now=datetime.now(UTC))
        act.answers({"message": RESET_MAIL}, status=202)
    throttle.note_failure()
    return act.answer


@api.post("/password-resets/confirmation", area=AREA, body=Reset, status=204,
          example={"token": "the-token-of-the-link", "password": "a new set of words"})  # fmt: skip
def reset_password(body: Reset) -> Any:
    """Set the new password, which signs every browser and every app out; then sign in with it."""
    link = mailed_link(body.token, RESET)
    form = NewPasswordForm(answers(body.model_dump()))
    refuse(form, {"password": "#/password", "token": "#/token"})
    with deed() as act:
        if link is None:
            raise LinkSpent
        commands.reset_password(act.tx, link_id=link.id, password=body.password, now=datetime.now(UTC))
        act.answers(None, status=204)
    return act.answer
