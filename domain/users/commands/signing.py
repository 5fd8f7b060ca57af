"""The keys that sign access tokens: each signs for a month, and is published for as long as its tokens are good."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from domain.users.models import SigningKey
from domain.users.tokens import LIFE, opened, sealed

SIGNS = timedelta(days=30)
"""How long a key signs; then the next one does."""

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('users.signing_keys', 0))")


@dataclass(frozen=True)
class Signer:
    """The key that signs now."""

    id: UUID
    key: Ed25519PrivateKey


def present_signer(session: Session, *, secret: str, now: datetime) -> Signer:
    """Return the key that signs now; it is made if there is none, or none that this secret opens."""
    return _present(session, secret, now) or _made(session, secret, now)


def retire_signing_keys(session: Session, *, now: datetime) -> int:
    """Drop the keys whose last tokens are no longer good; return how many."""
    old = delete(SigningKey).where(SigningKey.created_at < now - SIGNS - 2 * LIFE).returning(SigningKey.id)
    return len(session.scalars(old).all())


def _present(session: Session, secret: str, now: datetime) -> Signer | None:
    newest = session.scalar(
        select(SigningKey).where(SigningKey.created_at > now - SIGNS).order_by(SigningKey.id.desc()).limit(1)
    )
    if newest is None:
        return None
    try:
        return Signer(newest.id, opened(newest.sealed_secret, secret))
    except InvalidToken:
        return None  # the shop's secret was changed, and the keys of before are of no use


def _made(session: Session, secret: str, now: datetime) -> Signer:
    session.execute(_ONE_AT_A_TIME)
    already = _present(session, secret, now)
    if already:
        return already
    key = Ed25519PrivateKey.generate()
    row = SigningKey(
        public_bytes=key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw),
        sealed_secret=sealed(key, secret),
        created_at=now,
    )
    session.add(row)
    session.flush()
    return Signer(row.id, key)
