"""Access tokens: short-lived JWTs that say who calls, signed with Ed25519; nothing here touches the database."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import jwt
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from domain.users.errors import BadToken

LIFE = timedelta(minutes=10)
"""How long an access token is good."""
ALGORITHM, KIND, AUDIENCE = "EdDSA", "at+jwt", "api"


@dataclass(frozen=True)
class Claims:
    """What a token says: which shopper, by which sign-in."""

    shopper_id: UUID
    session_id: UUID


def issue(
    key: Ed25519PrivateKey, *, key_id: UUID, issuer: str, shopper_id: UUID, session_id: UUID, now: datetime
) -> str:
    """Write a token of a shopper's sign-in."""
    claims = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": str(shopper_id),
        "sid": str(session_id),
        "iat": int(now.timestamp()),
        "exp": int((now + LIFE).timestamp()),
    }
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": str(key_id), "typ": KIND})


def key_id_of(token: str) -> UUID:
    """Return which key a token says it was signed with; raises BadToken for what is no token of ours."""
    try:
        head = jwt.get_unverified_header(token)
        if head.get("typ") != KIND or head.get("alg") != ALGORITHM:
            raise BadToken
        return UUID(head["kid"])
    except (jwt.InvalidTokenError, KeyError, ValueError, TypeError, AttributeError):
        raise BadToken from None


def read(token: str, keys: Mapping[UUID, Ed25519PublicKey], *, issuer: str) -> Claims:
    """Return what a token says; raises BadToken unless it is ours, whole and still good."""
    key = keys.get(key_id_of(token))
    if key is None:
        raise BadToken
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=issuer,
            options={"require": ["exp", "iat", "sub", "sid"]},
        )
        return Claims(UUID(claims["sub"]), UUID(claims["sid"]))
    except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError):
        raise BadToken from None


def sealed(key: Ed25519PrivateKey, secret: str) -> bytes:
    """Hide a private key from whoever reads the database; `secret` is the shop's own."""
    raw = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    return _box(secret).encrypt(raw)


def opened(kept: bytes, secret: str) -> Ed25519PrivateKey:
    """Read a private key that was hidden."""
    return Ed25519PrivateKey.from_private_bytes(_box(secret).decrypt(kept))


def _box(secret: str) -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(f"signing keys\n{secret}".encode()).digest()))
