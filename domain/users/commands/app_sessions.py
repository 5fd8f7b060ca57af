"""Sign-ins of apps: each is a family of refresh tokens, of which only the newest is good."""

import secrets
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from uuid import UUID

from sqlalchemy.orm import Session

from domain.shared.db import lock_one
from domain.users.commands.sessions import REMEMBERED, begin_session, end_session
from domain.users.commands.shoppers import notice
from domain.users.errors import BadToken
from domain.users.models import Shopper, ShopperSession


def begin_app_session(
    session: Session, *, shopper_id: UUID, app: str, place: str, now: datetime, device: str | None = None
) -> tuple[UUID, str]:
    """Sign a shopper in at an app; return the sign-in's id and its first refresh token."""
    id_, _ = begin_session(
        session, shopper_id=shopper_id, browser=app, place=place, remember=False, now=now, device=device
    )
    return id_, _renew(session.get_one(ShopperSession, id_))


def rotate_refresh(session: Session, *, token: str, place: str, now: datetime) -> tuple[UUID, UUID, str]:
    """Take a refresh token, once; return the shopper, the sign-in and the token that takes its place.

    A token that was used before was copied, or is the app's own after a copy was used: the whole family ends, and the
    shopper is told. Raises BadToken for that and for what is not known at all; whoever calls commits all the same.
    """
    name, _, given = token.partition(".")
    try:
        row = lock_one(session, ShopperSession, UUID(name))
    except ValueError:
        raise BadToken from None
    if row is None or row.ended_at or row.refresh_hash is None or now - row.last_seen_at > REMEMBERED:
        raise BadToken
    shopper = session.get_one(Shopper, row.shopper_id)
    if shopper.blocked_at:
        raise BadToken
    if not compare_digest(row.refresh_hash, _digest(given)):
        end_session(session, shopper_id=row.shopper_id, session_id=row.id, now=now)
        notice(session, shopper, "copied app")
        raise BadToken
    row.last_seen_at, row.place = now, place[:60]
    return row.shopper_id, row.id, _renew(row)


def _renew(row: ShopperSession) -> str:
    fresh = secrets.token_urlsafe(32)
    row.refresh_hash = _digest(fresh)
    return f"{row.id}.{fresh}"


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
