"""Opening an account and setting a new password, both by a link in a mail.

Whoever asks gets the same answer after the same work whether or not an account has the address: only the handler that
writes the mail looks it up, and only the mail says.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.shared.db import lock_one
from domain.shared.outbox import record
from domain.users.commands.shoppers import open_account, set_shopper_password
from domain.users.email import normal_email
from domain.users.errors import EmailTaken, LinkSpent, WrongPassword
from domain.users.events import AccountOpened, AddressVerified, LinkAsked
from domain.users.links import REGISTRATION, RESET
from domain.users.models import MailedLink, Shopper
from domain.users.passwords import check_acceptable, hash_password, matches
from domain.users.queries import ShopperView, shopper_view

LIFE = {REGISTRATION: timedelta(days=1), RESET: timedelta(hours=1)}
"""How long a link works."""


def ask_registration(session: Session, *, email: str, password: str, name: str, browser: str, now: datetime) -> None:
    """Note that somebody wants an account; raises BadEmail or WeakPassword. `browser` is a secret of theirs."""
    email = normal_email(email)
    check_acceptable(password, email=email)
    _ask(
        session,
        MailedLink(
            purpose=REGISTRATION,
            email=email,
            name=name.strip(),
            password_hash=hash_password(password),
            browser_hash=browser_digest(browser),
            expires_at=now + LIFE[REGISTRATION],
        ),
    )


def confirm_registration(session: Session, *, link_id: UUID, browser: str, password: str, now: datetime) -> ShopperView:
    """Open the account that a link stands for; raises LinkSpent or WrongPassword.

    It takes the browser that asked, or the password that was chosen there: otherwise somebody who was sent a link that
    another asked for would open an account to which the other knows the password.
    """
    link = _open(session, link_id, purpose=REGISTRATION, now=now)
    known = bool(browser) and compare_digest(link.browser_hash or "", browser_digest(browser))
    if not known and not matches(link.password_hash, password):
        raise WrongPassword
    assert link.password_hash
    try:
        shopper = open_account(session, email=link.email, password_hash=link.password_hash, name=link.name)
    except EmailTaken:
        raise LinkSpent from None
    shopper.verified_at = link.used_at = now
    record(session, AddressVerified(shopper_id=shopper.id, email=shopper.email))
    record(session, AccountOpened(shopper_id=shopper.id))
    return shopper_view(shopper)


def ask_reset(session: Session, *, email: str, now: datetime) -> None:
    """Note that somebody has forgotten a password; raises BadEmail."""
    _ask(session, MailedLink(purpose=RESET, email=normal_email(email), expires_at=now + LIFE[RESET]))


def reset_password(session: Session, *, link_id: UUID, password: str, now: datetime) -> ShopperView:
    """Set a new password by a link, which ends all sign-ins and all other such links; raises LinkSpent or WeakPassword.

    Whoever reads the mail has the address, so it counts as verified from now on.
    """
    link = _open(session, link_id, purpose=RESET, now=now)
    shopper = session.scalar(select(Shopper).where(Shopper.email == link.email, Shopper.blocked_at.is_(None)))
    if shopper is None:
        raise LinkSpent
    set_shopper_password(session, shopper_id=shopper.id, password=password)
    session.execute(
        update(MailedLink)
        .where(MailedLink.email == link.email, MailedLink.purpose == RESET, MailedLink.used_at.is_(None))
        .values(used_at=now)
    )
    if shopper.verified_at is None:
        shopper.verified_at = now
        record(session, AddressVerified(shopper_id=shopper.id, email=shopper.email))
    return shopper_view(shopper)


def browser_digest(browser: str) -> str:
    """Return what is kept of a browser's secret."""
    return sha256(browser.encode()).hexdigest()


def _ask(session: Session, link: MailedLink) -> None:
    session.add(link)
    record(session, LinkAsked(link_id=link.id))


def _open(session: Session, link_id: UUID, *, purpose: str, now: datetime) -> MailedLink:
    link = lock_one(session, MailedLink, link_id)
    if link is None or link.purpose != purpose or link.used_at or link.expires_at <= now:
        raise LinkSpent
    return link
