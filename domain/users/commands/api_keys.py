"""API keys: made by staff for themselves and for partners, with no more rights than whoever made them has."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from domain.shared.db import lock_one
from domain.users.errors import AboveYou, NoSuchKey, UnknownPermission
from domain.users.models import ApiKey
from domain.users.queries.api_keys import digest
from domain.users.roles import PERMISSIONS, covers

PREFIX = "shop_"
"""What every key begins with, so that one is known for what it is where it should not be."""
SEEN_EVERY = timedelta(minutes=10)
"""How exactly it is known when a key was used last."""
KEEP_KEYS = timedelta(days=90)
"""How long a key that no longer works is listed."""


def make_api_key(
    session: Session,
    *,
    name: str,
    scopes: Collection[str],
    expires_at: datetime,
    maker_id: UUID,
    giver: Collection[str],
) -> str:
    """Make a key and return it, this once: only its hash is kept. Raises UnknownPermission or AboveYou."""
    if not scopes or not set(scopes) <= set(PERMISSIONS):
        raise UnknownPermission
    if not covers(giver, scopes):
        raise AboveYou
    key = PREFIX + secrets.token_urlsafe(32)
    row = ApiKey(
        name=name,
        hint=key[: len(PREFIX) + 4],
        key_hash=digest(key),
        scopes=sorted(set(scopes)),
        maker_id=maker_id,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    return key


def revoke_api_key(session: Session, *, key_id: UUID, giver: Collection[str], now: datetime) -> None:
    """Have a key work no longer; one that has ended stays so. Raises NoSuchKey, or AboveYou for a key that may more."""
    row = lock_one(session, ApiKey, key_id)
    if row is None:
        raise NoSuchKey
    if not covers(giver, row.scopes):
        raise AboveYou
    if row.revoked_at is None:
        row.revoked_at = now


def see_api_key(session: Session, *, key_id: UUID, now: datetime) -> None:
    """Note that a key was used; at most every ten minutes."""
    session.execute(
        update(ApiKey)
        .where(ApiKey.id == key_id, ApiKey.last_used_at.is_(None) | (ApiKey.last_used_at < now - SEEN_EVERY))
        .values(last_used_at=now)
    )


def purge_api_keys(session: Session, *, now: datetime) -> int:
    """Drop keys that have not worked for long; return how many."""
    over = select(ApiKey.id).where(
        (ApiKey.revoked_at < now - KEEP_KEYS) | (ApiKey.expires_at < now - KEEP_KEYS)
    )  # fmt: skip
    return len(session.scalars(delete(ApiKey).where(ApiKey.id.in_(over)).returning(ApiKey.id)).all())
