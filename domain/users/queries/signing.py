"""The public halves of the keys that sign access tokens."""

from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.users.models import SigningKey


def public_keys(session: Session) -> dict[UUID, Ed25519PublicKey]:
    """Return every key whose tokens may still be good, by its id. One statement."""
    rows = session.execute(select(SigningKey.id, SigningKey.public_bytes).order_by(SigningKey.id))
    return {row.id: Ed25519PublicKey.from_public_bytes(row.public_bytes) for row in rows}
