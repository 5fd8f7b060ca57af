"""Signing in by password and second step, going on by refresh token, and the keys that others check tokens by."""

import time
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import abort, current_app, request
from pydantic import Field
from sqlalchemy.orm import Session

from domain.orders.commands import merge_carts
from domain.users.commands import (
    authenticate_shopper,
    begin_app_session,
    end_session,
    present_signer,
    prove_shopper_factor,
    rotate_refresh,
)
from domain.users.errors import BadToken, NoSuchShopper, WrongCode, WrongCredentials
from domain.users.queries import SignInView, public_keys, shopper_by_session
from domain.users.tokens import LIFE, issue, key_id_of, read
from storefront.api.caller import CART, cart_id, signed_in
from storefront.api.shapes import account as shapes
from storefront.api.table import api
from storefront.session import place_of
from storefront.throttle import code_throttle, sign_in_throttle
from web.api import Body
from web.api.deeds import deed
from web.api.slowdown import slow_down
from web.db import session
from web.errors import problem
from web.settings import shop_settings

AREA = "Sign-in"
FRESH, SOON = 300, 5
"""After how many seconds the keys are read again; and at the earliest, when a token names one that is not known."""


class SignIn(Body):
    """Who signs in, at which app; `code` is of the second step, if the account has one."""

    email: Annotated[str, Field(min_length=3, max_length=254)]
    password: Annotated[str, Field(min_length=1, max_length=200)]
    code: Annotated[str | None, Field(max_length=40)] = None
    app: Annotated[str, Field(max_length=80, description="What the shopper knows the app by.")] = "An app"


class Refresh(Body):
    """The newest refresh token of a sign-in."""

    refresh_token: Annotated[str, Field(min_length=1, max_length=200)]


@dataclass
class KnownKeys:
    """The public keys as a process knows them; the time is the monotonic clock's."""

    keys: dict[UUID, Ed25519PublicKey] = field(default_factory=dict)
    read_at: float = float("-inf")

    def for_token(self, token: str) -> dict[UUID, Ed25519PublicKey]:
        """Return the keys, read again if they are old or the token's is new."""
        age = time.monotonic() - self.read_at
        if age > FRESH or (age > SOON and key_id_of(token) not in self.keys):
            self.keys, self.read_at = public_keys(session()), time.monotonic()
        return self.keys


def who_is(token: str) -> SignInView:
    """Return whose access token this is; raises BadToken, also once the sign-in has ended."""
    known: KnownKeys = current_app.extensions["api_keys"]
    claims = read(token, known.for_token(token), issuer=shop_settings().storefront_url)
    try:
        found = shopper_by_session(session(), claims.session_id)
    except NoSuchShopper:
        raise BadToken from None
    if found.shopper.id != claims.shopper_id:
        raise BadToken
    return found


@api.post("/tokens", area=AREA, body=SignIn, answer=shapes.Tokens, headers=CART, refusals=(401,),
          example={"email": "grace@example.com", "password": "correct tests need staples",
                   "app": "Grace's phone"})  # fmt: skip
def sign_in(body: SignIn) -> Any:
    """Sign in, or hear that it does not fit without hearing what; whoever goes on guessing waits longer and longer."""
    throttle, now = sign_in_throttle(body.email), datetime.now(UTC)
    slow_down(throttle)
    guessed = throttle
    try:
        with deed() as act:
            shopper = authenticate_shopper(act.tx, email=body.email, password=body.password)
            if shopper.second_factor:
                if body.code is None:
                    words = "This account has a second step. Sign in again with its code."
                    abort(problem(401, kind="second-factor-required", message=words))
                guessed = code_throttle(shopper.id)
                slow_down(guessed)
                prove_shopper_factor(act.tx, shopper_id=shopper.id, code=body.code, now=now)
            act.answers(let_in(act.tx, shopper.id, app=body.app, now=now))
    except (WrongCredentials, WrongCode):
        guessed.note_failure()
        raise
    throttle.forgive()
    guessed.forgive()
    return act.answer


@api.post("/tokens/refresh", area=AREA, body=Refresh, answer=shapes.Tokens, refusals=(401,),
          example={"refresh_token": "0192f0c1-7d5b-7000-8000-000000000001.secret"})  # fmt: skip
def refresh(body: Refresh) -> Any:
    """Exchange a refresh token for new tokens.

    One that was used before ends its sign-in: it, or the one that took its place, was copied.
    """
    now = datetime.now(UTC)
    with deed() as act:
        try:
            shopper_id, session_id, fresh = rotate_refresh(
                act.tx, token=body.refresh_token, place=place_of(request), now=now
            )
        except BadToken as refusal:
            # Answered, not raised: that the family has ended must be committed.
            act.is_refused()
            return problem(401, kind="bad-token", message=str(refusal))
        act.answers(_tokens(act.tx, shopper_id, session_id, fresh, None, ()))
    return act.answer


@api.delete("/tokens/current", area=AREA, status=204, matches=False)
def sign_out() -> Any:
    """Sign this app out; its tokens are good no longer."""
    found = signed_in()
    with deed() as act:
        end_session(act.tx, shopper_id=found.shopper.id, session_id=found.id, now=datetime.now(UTC))
        act.answers(None, status=204)
    return act.answer


@api.get("/jwks.json", area=AREA, answer=shapes.KeySet)
def show_keys() -> shapes.KeySet:
    """Show the keys by which the signatures of access tokens can be checked."""
    return {
        "keys": [
            {
                "kid": str(id_),
                "kty": "OKP",
                "crv": "Ed25519",
                "x": urlsafe_b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode().rstrip("="),
                "alg": "EdDSA",
                "use": "sig",
            }
            for id_, key in public_keys(session()).items()
        ]
    }


def let_in(tx: Session, shopper_id: UUID, *, app: str, now: datetime) -> shapes.Tokens:
    """Sign a shopper in at an app, with their one cart; every way of signing in ends here."""
    session_id, refresh = begin_app_session(tx, shopper_id=shopper_id, app=app, place=place_of(request), now=now)
    merged = merge_carts(tx, cart_id=cart_id(tx), shopper_id=shopper_id)
    return _tokens(tx, shopper_id, session_id, refresh, merged.cart_id, merged.changes)


def _tokens(
    tx: Session, shopper_id: UUID, session_id: UUID, refresh: str, cart: UUID | None, told: Sequence[str]
) -> shapes.Tokens:
    settings, now = shop_settings(), datetime.now(UTC)
    signer = present_signer(tx, secret=settings.secret_key.get_secret_value(), now=now)
    access = issue(
        signer.key,
        key_id=signer.id,
        issuer=settings.storefront_url,
        shopper_id=shopper_id,
        session_id=session_id,
        now=now,
    )
    return {
        "token_type": "Bearer",
        "access_token": access,
        "expires_in": int(LIFE.total_seconds()),
        "refresh_token": refresh,
        "cart_token": str(cart) if cart else None,
        "messages": list(told),
    }
