"""What is written to shoppers about their accounts: links, a welcome, and notices of what was changed or used."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.notifications.commands import queue_message
from domain.notifications.forget import keep_for_erasure
from domain.notifications.models import EMAIL
from domain.shared.db import utcnow
from domain.users.errors import NoSuchShopper
from domain.users.events import AccountChanged
from domain.users.links import ADDRESS, REGISTRATION, RESET
from domain.users.queries import has_account, open_link, shopper_by_id, sign_in_at

NEW = {REGISTRATION: "confirm_account", ADDRESS: "confirm_address"}
"""The letters that go to an address without an account; one that has an account is told that it has."""

CHANGES: dict[str, tuple[str, str]] = {
    "password": ("Your password was changed", "The password of your account was changed, and every browser was signed "
                 "out."),
    "address": ("Your e-mail address was changed", "Your account now has another e-mail address. From now on we write "
                "to that one, and you sign in with it."),
    "second factor on": ("Your second step is on", "From now on signing in takes a code from your app as well as the "
                         "password."),
    "second factor off": ("Your second step is off", "Signing in to your account no longer takes a code from your "
                          "app."),
    "copied app": ("We signed an app out", "Somebody used a copy of what keeps one of your apps signed in, so we "
                   "signed that app out. Sign in again, and change your password if you do not know why."),
    "copied sign-in": ("We signed you out everywhere", "Somebody used a copy of what keeps one of your browsers signed "
                       "in, so we ended every sign-in of your account. Please sign in again."),
    "deleted": ("Your account is gone", "Your account was deleted, with your addresses and all that was kept with it. "
                "Orders stay in our books, as the law asks, without your name."),
}  # fmt: skip
"""What a notice says, by what was changed: its title and its text."""


def write_link(session: Session, link_id: UUID) -> None:
    """Write the mail that belongs to a link; nothing to an unknown address that asks for a new password."""
    for purpose in (REGISTRATION, RESET, ADDRESS):
        link = open_link(session, link_id, purpose=purpose, now=utcnow())
        if link is None:
            continue
        known = has_account(session, link.email)
        template = "reset_password" if purpose == RESET else "account_exists" if known else NEW[purpose]
        if known or purpose != RESET:
            context = {"link_id": str(link.id), "purpose": purpose, "name": link.name}
            _queue(session, template, recipient=link.email, about=link.id, context=context)


def tell_of_change(session: Session, event: AccountChanged) -> None:
    """Write the notice of a change; what went to an address that an account had is known as that account's from then.

    Else nobody could tell whose it was when the account is deleted.
    """
    title, words = CHANGES[event.what]
    context = {"title": title, "words": words, "gone": event.what == "deleted"}
    _queue(session, "account_notice", recipient=event.email, about=event.change_id, context=context)
    if event.what == "address":
        try:
            present = shopper_by_id(session, event.shopper_id).email
        except NoSuchShopper:
            present = None
        keep_for_erasure(session, former=event.email, present=present, shopper_id=event.shopper_id)


def welcome(session: Session, shopper_id: UUID) -> None:
    """Write the welcome to whoever has opened an account; to nobody if it is gone already."""
    try:
        shopper = shopper_by_id(session, shopper_id)
    except NoSuchShopper:
        return
    _queue(session, "welcome", recipient=shopper.email, about=shopper.id, context={"name": shopper.name})


def tell_of_device(session: Session, session_id: UUID) -> None:
    """Write that somebody signed in at a browser that was not known before."""
    found = sign_in_at(session, session_id)
    if found is not None:
        context = {
            "name": found.shopper.name,
            "browser": found.browser,
            "place": found.place,
            "at": found.at.isoformat(),
        }
        _queue(session, "new_sign_in", recipient=found.shopper.email, about=session_id, context=context)


def _queue(session: Session, template: str, *, recipient: str, about: UUID, context: dict[str, Any]) -> None:
    queue_message(
        session, template=template, channel=EMAIL, recipient=recipient, subject_key=str(about), context=context
    )
