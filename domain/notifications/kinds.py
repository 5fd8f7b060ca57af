"""The kinds of messages there are, and which may be switched off: those that neither law nor money needs."""

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.notifications.models import SwitchedOff
from domain.shared.db import utcnow
from domain.shared.errors import NotFound, RuleBroken

ASKED = "Somebody waits for it, to open or keep an account."
SAFETY = "It tells people that their account was used or changed."
CONTRACT = "The law asks for a confirmation of what was bought, changed or cancelled."
MONEY = "It is about money that was paid, given back or is missing."
RETURNS = "The law asks that a return is answered."


class NoSuchKind(NotFound):
    """There is no message of this kind."""

    def __init__(self) -> None:
        super().__init__("There is no message of this kind.")


@dataclass(frozen=True)
class Kind:
    """What a template is for; one with a `needed` reason is always sent."""

    title: str
    needed: str = ""
    for_staff: bool = False
    holds_link: bool = False

    @property
    def can_be_off(self) -> bool:
        """Whether a shop may do without it."""
        return not self.needed


KINDS: dict[str, Kind] = {
    "confirm_account": Kind("Confirm a new account", ASKED, holds_link=True),
    "confirm_address": Kind("Confirm a new address", ASKED, holds_link=True),
    "account_exists": Kind("There is an account already", ASKED),
    "reset_password": Kind("Set a new password", ASKED, holds_link=True),
    "phone_code": Kind("Code for a telephone number", ASKED, holds_link=True),
    "account_notice": Kind("An account was changed", SAFETY),
    "new_sign_in": Kind("Sign-in at a new browser", SAFETY),
    "welcome": Kind("Welcome"),
    "order_placed": Kind("Order placed", CONTRACT),
    "payment_received": Kind("Payment received", MONEY),
    "payment_failed": Kind("Payment failed", MONEY),
    "payment_pending": Kind("Payment still open"),
    "order_shipped": Kind("Parcel shipped"),
    "order_delivered": Kind("Order delivered"),
    "order_cancelled": Kind("Order cancelled", CONTRACT),
    "order_refunded": Kind("Money given back", MONEY),
    "return_approved": Kind("Return approved", RETURNS),
    "return_refused": Kind("Return refused", RETURNS),
    "return_received": Kind("Return received", RETURNS),
    "back_in_stock": Kind("Back in stock"),
    "cart_reminder": Kind("Something was left in the cart"),
    "review_request": Kind("How was it?"),
    "staff_invited": Kind("Invitation to the staff", ASKED, for_staff=True, holds_link=True),
    "staff_new_order": Kind("New order", for_staff=True),
    "staff_payment_trouble": Kind("Trouble with a payment", MONEY, for_staff=True),
    "staff_low_stock": Kind("Something runs low", for_staff=True),
    "staff_failed_jobs": Kind("Background work has failed", for_staff=True),
    "staff_failed_messages": Kind("Messages could not be sent", for_staff=True),
    "staff_daily_summary": Kind("Yesterday in figures", for_staff=True),
}
"""Every template by its name."""


def kind_of(template: str) -> Kind:
    """Return the kind of message a template is; raises NoSuchKind."""
    if template not in KINDS:
        raise NoSuchKind
    return KINDS[template]


def title_of(template: str) -> str:
    """Say what a template is for; one of a former version by its name."""
    return KINDS[template].title if template in KINDS else template.replace("_", " ").capitalize()


def switch(session: Session, *, template: str, on: bool) -> None:
    """Send messages of a kind from now on, or no more; raises NoSuchKind, and RuleBroken for those that are needed."""
    kind = kind_of(template)
    if on:
        session.execute(delete(SwitchedOff).where(SwitchedOff.template == template))
        return
    if not kind.can_be_off:
        raise RuleBroken(f"“{kind.title}” is always sent. {kind.needed}")
    session.execute(insert(SwitchedOff).values(template=template, since=utcnow()).on_conflict_do_nothing())


def switched_off(session: Session) -> frozenset[str]:
    """Return the templates that are not sent at present."""
    return frozenset(session.scalars(select(SwitchedOff.template)))


def is_off(session: Session, template: str) -> bool:
    """Say whether messages of a kind are not sent at present."""
    return session.get(SwitchedOff, template, populate_existing=True) is not None
