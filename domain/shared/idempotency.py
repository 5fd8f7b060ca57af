"""Idempotency keys: a request that is sent again gets the first answer, and nothing is done twice.

The key is taken, the deed done and the answer kept in one transaction wherever that can be: then a crash leaves nothing
of all three. Where something outside has to be asked in between, the key is taken in the transaction of the deed and
the answer kept in a second one; should it come to nothing, the request may be tried again after `LEASE`.
"""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from cryptography.fernet import Fernet
from sqlalchemy import Index, LargeBinary, String, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.shared.db import Base
from domain.shared.errors import Conflict, RuleBroken

KEPT = timedelta(days=1)
"""How long the first answer is given again."""
LEASE = timedelta(minutes=2)
"""How long a request may take that asks outside; longer than any gateway is waited for."""


class KeyInUse(Conflict):
    """The first request with this Idempotency-Key is still being worked on: ask again in a moment."""

    def __init__(self) -> None:
        super().__init__("The same request is still being worked on. Send it again in a moment.")


class KeyReused(RuleBroken):
    """This Idempotency-Key was used for another request."""

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for another request. Take a new key for each.")


class IdempotencyKey(Base, kw_only=True):
    """A key somebody used; the answer is sealed with the key itself, which stands nowhere."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("ix_idempotency_keys_taken_at", "taken_at"), {"schema": "shared"})

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    request_digest: Mapped[str] = mapped_column(String(64))
    taken_at: Mapped[datetime]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)


@dataclass(frozen=True)
class Key:
    """An Idempotency-Key of one caller for one address, with what the request says."""

    digest: str
    request_digest: str
    _seal: bytes

    @classmethod
    def of(cls, *, secret: str, caller: str, address: str, key: str, request: bytes) -> "Key":
        """Make the key of a request; `secret` is the shop's own."""
        named = f"{caller}\n{address}\n{key}"
        seal = sha256(f"{secret}\n{named}".encode()).digest()
        return cls(
            sha256(named.encode()).hexdigest(),
            # Keyed: a request may hold a password, and nobody is to try passwords against what stands here.
            hmac.digest(seal, request, "sha256").hex(),
            urlsafe_b64encode(seal),
        )

    def seal(self, answer: bytes) -> bytes:
        """Hide an answer from whoever reads the database."""
        return Fernet(self._seal).encrypt(answer)

    def open(self, sealed: bytes) -> bytes:
        """Read an answer that was kept."""
        return Fernet(self._seal).decrypt(sealed)


_TRY = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:digest, 0))")


def take(session: Session, key: Key, *, now: datetime) -> bytes | None:
    """Take a key, or return the answer that was kept for it; raises KeyInUse or KeyReused.

    Whoever comes second while the first transaction is open is told at once, instead of waiting for it.
    """
    if not session.scalar(_TRY, {"digest": key.digest}):
        raise KeyInUse
    found = session.get(IdempotencyKey, key.digest, populate_existing=True)
    if found is not None and now - found.taken_at < KEPT:
        if found.request_digest != key.request_digest:
            raise KeyReused
        if found.sealed is not None:
            return key.open(found.sealed)
        if now - found.taken_at < LEASE:
            raise KeyInUse
    values = {"request_digest": key.request_digest, "taken_at": now, "sealed": None}
    statement = insert(IdempotencyKey).values(digest=key.digest, **values)
    session.execute(statement.on_conflict_do_update(index_elements=[IdempotencyKey.digest], set_=values))
    return None


def keep(session: Session, key: Key, answer: bytes) -> None:
    """Keep the answer to a request, in the transaction that took its key or in a later one."""
    session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.digest == key.digest)
        .values(sealed=key.seal(answer))
        .execution_options(synchronize_session=False)
    )


def let_go(session: Session, key: Key) -> None:
    """Give a key back whose request came to nothing."""
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.digest == key.digest))


def purge_keys(session: Session, *, now: datetime, limit: int) -> int:
    """Drop some of the keys whose answers are no longer given; return how many."""
    old = select(IdempotencyKey.digest).where(IdempotencyKey.taken_at < now - KEPT).limit(limit)
    gone = delete(IdempotencyKey).where(IdempotencyKey.digest.in_(old)).returning(IdempotencyKey.digest)
    return len(session.scalars(gone).all())
