"""Accounts of those who buy."""

import secrets
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from domain.shared.db import lock_one, utcnow
from domain.shared.outbox import record
from domain.users.commands.sessions import end_sessions
from domain.users.email import normal_email
from domain.users.errors import AccountBlocked, BadEmail, EmailTaken, NoSuchShopper, WrongCredentials
from domain.users.events import AccountChanged
from domain.users.models import Shopper
from domain.users.passwords import check_acceptable, hash_password, is_outdated, matches
from domain.users.queries import ShopperView, shopper_view


def register_shopper(session: Session, *, email: str, password: str, name: str = "") -> ShopperView:
    """Open an account; raises EmailTaken, BadEmail or WeakPassword."""
    email = normal_email(email)
    check_acceptable(password, email=email)
    return shopper_view(open_account(session, email=email, password_hash=hash_password(password), name=name))


def open_account(session: Session, *, email: str, password_hash: str, name: str) -> Shopper:
    """Write a new account down; raises EmailTaken."""
    shopper: Shopper | None = session.scalar(
        insert(Shopper)
        .values(
            id=uuid7(),
            created_at=utcnow(),
            email=email,
            name=name.strip(),
            password_hash=password_hash,
            session_key=secrets.token_urlsafe(32),
        )
        .on_conflict_do_nothing(index_elements=[Shopper.email])
        .returning(Shopper)
    )
    if shopper is None:
        raise EmailTaken
    return shopper


def authenticate_shopper(session: Session, *, email: str, password: str) -> ShopperView:
    """Return who signs in with this address and password; raises WrongCredentials for all that does not fit.

    Raises AccountBlocked if it fits and the account is closed.
    """
    shopper = _by_email(session, email)
    if not matches(shopper.password_hash if shopper else None, password) or shopper is None:
        raise WrongCredentials
    if shopper.blocked_at:
        raise AccountBlocked
    if is_outdated(shopper.password_hash):
        shopper.password_hash = hash_password(password)
    return shopper_view(shopper)


def set_shopper_password(session: Session, *, shopper_id: UUID, password: str) -> ShopperView:
    """Change a password and end every sign-in made with the old one; the view carries the new session key."""
    shopper = lock_one(session, Shopper, shopper_id)
    if shopper is None:
        raise NoSuchShopper
    check_acceptable(password, email=shopper.email)
    shopper.password_hash = hash_password(password)
    end_sessions(session, shopper_id=shopper_id, now=utcnow())
    shopper.session_key = secrets.token_urlsafe(32)
    notice(session, shopper, "password")
    return shopper_view(shopper)


def notice(session: Session, shopper: Shopper, what: str, *, email: str | None = None) -> None:
    """Have a shopper be told of a change to the account, at the present address or the one given."""
    record(session, AccountChanged(shopper_id=shopper.id, change_id=uuid7(), email=email or shopper.email, what=what))


def _by_email(session: Session, email: str) -> Shopper | None:
    try:
        address = normal_email(email)
    except BadEmail:
        return None
    return session.scalar(select(Shopper).where(Shopper.email == address))
