"""Who buys here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from domain.users.errors import NoSuchShopper
from domain.users.models import MailedLink, Shopper, ShopperSession


@dataclass(frozen=True)
class ShopperView:
    """A shopper with an account; the `session_key` changes with the password."""

    id: UUID
    email: str
    name: str
    session_key: str
    verified: bool
    second_factor: bool


@dataclass(frozen=True)
class SignInView:
    """A shopper at one browser."""

    shopper: ShopperView
    id: UUID
    last_seen_at: datetime


@dataclass(frozen=True)
class SignInRow:
    """A line of the list of browsers that are signed in."""

    id: UUID
    browser: str
    place: str
    remembered: bool
    created_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True)
class DeviceView:
    """A sign-in as the letter about it tells it."""

    shopper: ShopperView
    browser: str
    place: str
    at: datetime


@dataclass(frozen=True)
class LinkView:
    """A link from a mail that still works."""

    id: UUID
    email: str
    purpose: str
    name: str
    shopper_id: UUID | None
    browser_hash: str | None


def shopper_by_session(session: Session, session_id: UUID) -> SignInView:
    """Return who is signed in at a browser; raises NoSuchShopper if the sign-in has ended or the shopper is blocked."""
    row = session.execute(
        select(ShopperSession, Shopper)
        .join(Shopper, Shopper.id == ShopperSession.shopper_id)
        .where(ShopperSession.id == session_id, ShopperSession.ended_at.is_(None), Shopper.blocked_at.is_(None))
    ).one_or_none()
    if row is None:
        raise NoSuchShopper
    return SignInView(shopper_view(row[1]), row[0].id, row[0].last_seen_at)


def sign_ins(session: Session, shopper_id: UUID) -> tuple[SignInRow, ...]:
    """List the browsers at which a shopper is signed in, the one seen last first."""
    rows = session.scalars(
        select(ShopperSession)
        .where(ShopperSession.shopper_id == shopper_id, ShopperSession.ended_at.is_(None))
        .order_by(ShopperSession.last_seen_at.desc(), ShopperSession.id)
    )
    return tuple(
        SignInRow(row.id, row.browser, row.place, row.token_hash is not None, row.created_at, row.last_seen_at)
        for row in rows
    )


def sign_in_at(session: Session, session_id: UUID) -> DeviceView | None:
    """Return a sign-in, ended or not; None if it is kept no longer."""
    row = session.execute(
        select(ShopperSession, Shopper)
        .join(Shopper, Shopper.id == ShopperSession.shopper_id)
        .where(ShopperSession.id == session_id)
    ).one_or_none()
    return DeviceView(shopper_view(row[1]), row[0].browser, row[0].place, row[0].created_at) if row else None


def open_link(session: Session, link_id: UUID, *, purpose: str, now: datetime) -> LinkView | None:
    """Return what a link from a mail will do; None if it was used or is too old."""
    row = session.scalar(
        select(MailedLink).where(
            MailedLink.id == link_id,
            MailedLink.purpose == purpose,
            MailedLink.used_at.is_(None),
            MailedLink.expires_at > now,
        )
    )
    if row is None:
        return None
    return LinkView(row.id, row.email, row.purpose, row.name, row.shopper_id, row.browser_hash)


def has_account(session: Session, email: str) -> bool:
    """Say whether an address has an account; nobody may be told but who reads the address's mail."""
    return bool(session.scalar(select(exists().where(Shopper.email == email))))


def shopper_by_id(session: Session, shopper_id: UUID) -> ShopperView:
    """Return a shopper who may sign in; raises NoSuchShopper for anybody else, the blocked too."""
    shopper = session.scalar(select(Shopper).where(Shopper.id == shopper_id, Shopper.blocked_at.is_(None)))
    if shopper is None:
        raise NoSuchShopper
    return shopper_view(shopper)


def shopper_view(shopper: Shopper) -> ShopperView:
    """Turn the row of a shopper into what edges see."""
    return ShopperView(
        shopper.id,
        shopper.email,
        shopper.name,
        shopper.session_key,
        verified=shopper.verified_at is not None,
        second_factor=shopper.totp_confirmed_at is not None,
    )


def factor_secret(session: Session, shopper_id: UUID) -> str | None:
    """Return the secret that waits to be put into an app; None if there is none, or it is in use already."""
    found: str | None = session.scalar(
        select(Shopper.totp_secret).where(Shopper.id == shopper_id, Shopper.totp_confirmed_at.is_(None))
    )
    return found


def verified_at(session: Session, shopper_id: UUID) -> datetime | None:
    """Return when a shopper's address was verified; None if it is not, or the account is gone."""
    return session.scalar(select(Shopper.verified_at).where(Shopper.id == shopper_id))


def verified_accounts(session: Session) -> dict[UUID, datetime]:
    """Return when the address of each account was verified, for whoever counts them anew."""
    rows = session.execute(select(Shopper.id, Shopper.verified_at).where(Shopper.verified_at.is_not(None)))
    return {row.id: row.verified_at for row in rows}
