"""An access token is taken as it was issued, and not for anything else."""

from datetime import timedelta
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from domain.shared.db import utcnow
from domain.users.errors import BadToken
from domain.users.tokens import LIFE, Claims, issue, read

KEY_ID, SHOPPER, SIGN_IN = (UUID(int=number) for number in (1, 2, 3))
SHOP = "https://shop.test"
KEY = Ed25519PrivateKey.generate()
KEYS = {KEY_ID: KEY.public_key()}
HEAD = {"kid": str(KEY_ID), "typ": "at+jwt"}


def claims(**other: object) -> dict[str, object]:
    now = int(utcnow().timestamp())
    said = {"iss": SHOP, "aud": "api", "sub": str(SHOPPER), "sid": str(SIGN_IN), "iat": now, "exp": now + 60}
    return {name: value for name, value in (said | other).items() if value is not None}


def test_what_was_issued_is_read() -> None:
    token = issue(KEY, key_id=KEY_ID, issuer=SHOP, shopper_id=SHOPPER, session_id=SIGN_IN, now=utcnow())

    assert read(token, KEYS, issuer=SHOP) == Claims(SHOPPER, SIGN_IN)
    assert read(jwt.encode(claims(), KEY, "EdDSA", HEAD), KEYS, issuer=SHOP) == Claims(SHOPPER, SIGN_IN)


@pytest.mark.parametrize(
    "other",
    [
        {"iss": "https://other.test"}, {"iss": None}, {"aud": "pages"}, {"aud": None}, {"exp": None}, {"exp": 1},
        {"iat": None}, {"iat": 2**40}, {"nbf": 2**40}, {"sub": "ada"}, {"sub": None}, {"sid": None}, {"sid": "x"},
    ],
)  # fmt: skip
def test_a_token_of_ours_for_something_else_is_refused(other: dict[str, object]) -> None:
    with pytest.raises(BadToken):
        read(jwt.encode(claims(**other), KEY, "EdDSA", HEAD), KEYS, issuer=SHOP)


def test_neither_another_kind_nor_another_way_to_sign_is_taken() -> None:
    shared = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)  # what everybody can read as a secret
    forged = [
        jwt.encode(claims(), KEY, "EdDSA", HEAD | {"typ": "JWT"}),
        jwt.encode(claims(), KEY, "EdDSA", HEAD | {"kid": str(SHOPPER)}),
        jwt.encode(claims(), Ed25519PrivateKey.generate(), "EdDSA", HEAD | {"jwk": {}, "jku": "https://evil.test"}),
        jwt.encode(claims(), shared, "HS256", HEAD),
        jwt.encode(claims(), "", "none", HEAD),
        issue(KEY, key_id=KEY_ID, issuer=SHOP, shopper_id=SHOPPER, session_id=SIGN_IN, now=utcnow() - 2 * LIFE),
        issue(KEY, key_id=KEY_ID, issuer=SHOP, shopper_id=SHOPPER, session_id=SIGN_IN,
              now=utcnow() + timedelta(hours=1)),
    ]  # fmt: skip
    for token in forged:
        with pytest.raises(BadToken):
            read(token, KEYS, issuer=SHOP)
