"""What keeps an account safe: e-mail address, password, second step, and where it is signed in."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from flask import abort
from pydantic import Field

from domain.users import commands
from domain.users.errors import LinkSpent, WrongPassword
from domain.users.links import ADDRESS
from domain.users.queries import shopper_by_id, sign_ins
from domain.users.second_factor import provisioning_uri
from storefront.api.caller import shopper, signed_in
from storefront.api.registration import Email, Password, Token
from storefront.api.shapes import account as shapes
from storefront.api.table import api
from storefront.forms.profile import ChangePasswordForm, CodeForm, NewEmailForm
from storefront.links import mailed_link
from storefront.throttle import code_throttle, mail_throttle
from web.api import Body, Query
from web.api.deeds import deed
from web.api.forms import answers, refuse
from web.api.slowdown import counting, slow_down
from web.db import session, transaction
from web.errors import problem
from web.settings import shop_settings

AREA = "Account safety"
ADDRESS_MAIL = "We have written to the new address. Everything stays as it is until the link in that mail is used."


class NewEmail(Body):
    """Another address, with the present password."""

    email: Email
    present: Password


class ConfirmedEmail(Body):
    """The token of the mail that went to the new address."""

    token: Token


class NewPassword(Body):
    """Another password, with the present one."""

    present: Password
    password: Password


class FirstCode(Body):
    """What the authenticator app shows."""

    code: Annotated[str, Field(min_length=1, max_length=40)]


class Present(Body):
    """The present password once more."""

    present: Password


class Ending(Query):
    """Which sign-ins end."""

    keep_this: Annotated[bool, Field(description="Whether this app stays signed in.")] = False


@api.post("/account/email", area=AREA, body=NewEmail, answer=shapes.MailSent, status=202,
          example={"email": "grace@example.org", "present": "correct tests need staples"})  # fmt: skip
def ask_email(body: NewEmail) -> Any:
    """Have a link sent to a new address; nothing changes before it is used."""
    mine, mails = shopper().id, mail_throttle(body.email)
    form = NewEmailForm(answers(body.model_dump()))
    refuse(form, {"email": "#/email", "present": "#/present"})
    slow_down(mails)
    with counting(code_throttle(mine), WrongPassword), deed() as act:
        commands.ask_new_email(
            act.tx, shopper_id=mine, present=body.present, email=form.email.data, now=datetime.now(UTC)
        )
        act.answers({"message": ADDRESS_MAIL}, status=202)
    mails.note_failure()
    return act.answer


@api.post("/account/email/confirmation", area=AREA, body=ConfirmedEmail, answer=shapes.Account, status=200,
          example={"token": "the-token-of-the-link"})  # fmt: skip
def confirm_email(body: ConfirmedEmail) -> Any:
    """Change the address to the one that the link was sent to."""
    mine, link = shopper().id, mailed_link(body.token, ADDRESS)
    with deed() as act:
        if link is None:
            raise LinkSpent
        commands.confirm_new_email(act.tx, link_id=link.id, shopper_id=mine, now=datetime.now(UTC))
        act.tx.flush()
        act.answers(shapes.account(shopper_by_id(act.tx, mine)), status=200)
    return act.answer


@api.post("/account/password", area=AREA, body=NewPassword, status=204,
          example={"present": "correct tests need staples", "password": "a new set of words"})  # fmt: skip
def change_password(body: NewPassword) -> Any:
    """Change the password, which signs every browser and every other app out."""
    found = signed_in()
    form = ChangePasswordForm(answers(body.model_dump()))
    refuse(form, {"present": "#/present", "password": "#/password"})
    with counting(code_throttle(found.shopper.id), WrongPassword), deed() as act:
        commands.change_password(
            act.tx,
            shopper_id=found.shopper.id,
            present=body.present,
            password=body.password,
            here=found.id,
            now=datetime.now(UTC),
        )
        act.answers(None, status=204)
    return act.answer


@api.get("/account/sign-ins", area=AREA, answer=shapes.SignInList)
def list_sign_ins() -> shapes.SignInList:
    """List the browsers and apps at which the account is signed in, the one seen last first."""
    here = signed_in()
    return {"items": [shapes.sign_in(row, here.id) for row in sign_ins(session(), here.shopper.id)]}


@api.delete("/account/sign-ins", area=AREA, query=Ending, status=204, matches=False)
def end_sign_ins(query: Ending) -> Any:
    """Sign out everywhere; this app too, unless it is to be kept."""
    found = signed_in()
    but = found.id if query.keep_this else None
    with transaction() as tx:
        commands.end_sessions(tx, shopper_id=found.shopper.id, now=datetime.now(UTC), but=but)


@api.delete("/account/sign-ins/<uuid:sign_in_id>", area=AREA, status=204, matches=False)
def end_sign_in(sign_in_id: UUID) -> Any:
    """Sign one browser or app out; one that has ended, or is not the shopper's own, is left as it is."""
    with transaction() as tx:
        commands.end_session(tx, shopper_id=shopper().id, session_id=sign_in_id, now=datetime.now(UTC))


@api.post("/account/second-factor", area=AREA, answer=shapes.NewFactor)
def begin_second_factor() -> Any:
    """Draw a secret for an authenticator app; it is in force once a first code was sent."""
    mine = shopper()
    if mine.second_factor:
        abort(problem(409, kind="second-factor-on", message="The second step is on. Turn it off before a new one."))
    with deed() as act:
        secret = commands.begin_shopper_factor(act.tx, shopper_id=mine.id)
        uri = provisioning_uri(secret, account=mine.email, shop=shop_settings().name)
        act.answers({"secret": secret, "uri": uri})
    return act.answer


@api.post("/account/second-factor/confirmation", area=AREA, body=FirstCode, answer=shapes.RecoveryCodes, status=200,
          example={"code": "123456"})  # fmt: skip
def confirm_second_factor(body: FirstCode) -> Any:
    """Turn the second step on with a first code; keep the recovery codes, which are shown this once."""
    form, mine = CodeForm(answers({"code": body.code})), shopper().id
    refuse(form, {"code": "#/code"})
    with deed() as act:
        codes = commands.confirm_shopper_factor(act.tx, shopper_id=mine, code=form.code.data, now=datetime.now(UTC))
        act.answers({"recovery_codes": list(codes)}, status=200)
    return act.answer


@api.post("/account/second-factor/removal", area=AREA, body=Present, status=204,
          example={"present": "correct tests need staples"})  # fmt: skip
def end_second_factor(body: Present) -> Any:
    """Turn the second step off."""
    mine = shopper().id
    with counting(code_throttle(mine), WrongPassword), deed() as act:
        commands.drop_shopper_factor(act.tx, shopper_id=mine, password=body.present)
        act.answers(None, status=204)
    return act.answer
