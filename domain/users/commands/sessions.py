"""A shopper's sign-ins: one row for each browser, which can be ended from any other."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from domain.shared.db import lock_one
from domain.shared.outbox import record
from domain.users.errors import NoSuchShopper
from domain.users.events import AccountChanged, NewDevice
from domain.users.models import Shopper, ShopperSession

REMEMBERED = timedelta(days=60)
"""How long after its last use a browser that is to be remembered is."""
GRACE = timedelta(minutes=1)
"""How long a token that was changed is still taken: several pages may be asked for at once."""
SEEN_EVERY = timedelta(minutes=10)
"""How exactly it is known when a browser was seen last."""


def begin_session(
    session: Session,
    *,
    shopper_id: UUID,
    browser: str,
    place: str,
    remember: bool,
    now: datetime,
    device: str | None = None,
) -> tuple[UUID, str | None]:
    """Sign a shopper in at a browser; return the new sign-in's id and, if it is to be remembered, its token.

    `device` is a secret that the browser keeps. Where the account has been signed in to before, but never with this
    one, the shopper is told.
    """
    device_hash = _digest(device) if device else None
    is_new = _is_new_device(session, shopper_id, device_hash)
    token = secrets.token_urlsafe(32) if remember else None
    row = ShopperSession(
        shopper_id=shopper_id,
        token_hash=_digest(token) if token else None,
        rotated_at=now if token else None,
        device_hash=device_hash,
        browser=browser[:80],
        place=place[:60],
        last_seen_at=now,
    )
    session.add(row)
    session.flush()
    if is_new:
        record(session, NewDevice(session_id=row.id))
    return row.id, token


def take_up_session(
    session: Session, *, session_id: UUID, token: str, place: str, now: datetime
) -> tuple[UUID, str | None]:
    """Sign a remembered browser in again; return the shopper's id and the token that takes the former one's place.

    A token that is not the present one is a copy, or the browser's own after a copy was used: then every sign-in ends
    and the shopper is told. Raises NoSuchShopper for that and for what is not known at all; whoever calls
    commits all the same.
    """
    row = lock_one(session, ShopperSession, session_id)
    if row is None or row.ended_at or row.token_hash is None or now - row.last_seen_at > REMEMBERED:
        raise NoSuchShopper
    given, recent = _digest(token), row.rotated_at is not None and now - row.rotated_at <= GRACE
    former = row.former_hash is not None and compare_digest(row.former_hash, given)
    if former and recent:
        return row.shopper_id, None
    if not compare_digest(row.token_hash, given):
        _end_copied(session, row.shopper_id, now=now)
        raise NoSuchShopper
    fresh = secrets.token_urlsafe(32)
    row.former_hash, row.token_hash, row.rotated_at = row.token_hash, _digest(fresh), now
    row.last_seen_at, row.place = now, place[:60]
    return row.shopper_id, fresh


def see_session(session: Session, *, session_id: UUID, place: str, now: datetime) -> None:
    """Note that a browser was seen; at most every ten minutes, so that reading pages stays cheap."""
    session.execute(
        update(ShopperSession)
        .where(ShopperSession.id == session_id, ShopperSession.last_seen_at < now - SEEN_EVERY)
        .values(last_seen_at=now, place=place[:60])
    )


def end_session(session: Session, *, shopper_id: UUID, session_id: UUID, now: datetime) -> None:
    """End one of a shopper's own sign-ins; one that has ended stays so."""
    session.execute(
        update(ShopperSession)
        .where(
            ShopperSession.id == session_id,
            ShopperSession.shopper_id == shopper_id,
            ShopperSession.ended_at.is_(None),
        )
        .values(ended_at=now)
    )


def end_sessions(session: Session, *, shopper_id: UUID, now: datetime, but: UUID | None = None) -> None:
    """End every sign-in of a shopper, except that of one browser if it is named."""
    statement = update(ShopperSession).where(ShopperSession.shopper_id == shopper_id, ShopperSession.ended_at.is_(None))
    if but is not None:
        statement = statement.where(ShopperSession.id != but)
    session.execute(statement.values(ended_at=now))


def _is_new_device(session: Session, shopper_id: UUID, device_hash: str | None) -> bool:
    known = session.execute(
        select(func.count(), func.count().filter(ShopperSession.device_hash == device_hash)).where(
            ShopperSession.shopper_id == shopper_id
        )
    ).one()
    return known[0] > 0 and known[1] == 0


def _end_copied(session: Session, shopper_id: UUID, *, now: datetime) -> None:
    end_sessions(session, shopper_id=shopper_id, now=now)
    shopper = session.get_one(Shopper, shopper_id)
    record(
        session, AccountChanged(shopper_id=shopper_id, change_id=uuid7(), email=shopper.email, what="copied sign-in")
    )


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
