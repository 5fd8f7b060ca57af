"""Tokens, the account and its addresses."""

from typing import Annotated
from uuid import UUID

from pydantic import Field
from typing_extensions import TypedDict

from domain.users.queries import AddressRow, ShopperView, SignInRow
from web.api.shapes import Moment, PostalAddress, address


class Tokens(TypedDict):
    """A sign-in: send `access_token` as `Authorization: Bearer`, and exchange `refresh_token` before it is too old."""

    token_type: str
    access_token: str
    expires_in: Annotated[int, Field(description="Seconds.")]
    refresh_token: Annotated[str, Field(description="Good once: the answer to its exchange holds the next one.")]
    cart_token: Annotated[str | None, Field(description="The shopper's one cart, with what was in the caller's.")]
    messages: Annotated[list[str], Field(description="What became of the carts, in words for the shopper.")]


class PublicKey(TypedDict):
    """A key by which a token's signature can be checked (RFC 7517)."""

    kid: str
    kty: str
    crv: str
    x: str
    alg: str
    use: str


class KeySet(TypedDict):
    """The keys whose tokens may be good at this moment."""

    keys: list[PublicKey]


class Account(TypedDict):
    """Who is signed in."""

    id: str
    email: str
    name: str
    verified: bool
    second_factor: bool


class MailSent(TypedDict):
    """What a mail is on its way for, in words for the shopper; it never tells whether an account exists."""

    message: str


class SignInShape(TypedDict):
    """A browser or an app at which the account is signed in; `this` is the caller's own."""

    id: str
    app: str
    place: str
    since: Moment
    last_seen_at: Moment
    this: bool


class SignInList(TypedDict):
    """All of them, the one seen last first."""

    items: list[SignInShape]


class NewFactor(TypedDict):
    """A secret for an authenticator app; `uri` is what a QR code of it holds."""

    secret: str
    uri: str


class RecoveryCodes(TypedDict):
    """Codes that each open the account once when the authenticator app is gone."""

    recovery_codes: list[str]


class SavedAddressShape(TypedDict):
    """An address in the book."""

    id: str
    address: PostalAddress | None
    default: bool


class AddressList(TypedDict):
    """The whole book, the default first."""

    items: list[SavedAddressShape]


def account(shopper: ShopperView) -> Account:
    """Write an account."""
    return {
        "id": str(shopper.id),
        "email": shopper.email,
        "name": shopper.name,
        "verified": shopper.verified,
        "second_factor": shopper.second_factor,
    }


def sign_in(row: SignInRow, here: UUID) -> SignInShape:
    """Write a sign-in."""
    return {
        "id": str(row.id),
        "app": row.browser,
        "place": row.place,
        "since": row.created_at.isoformat(),
        "last_seen_at": row.last_seen_at.isoformat(),
        "this": row.id == here,
    }


def saved_address(row: AddressRow) -> SavedAddressShape:
    """Write an address of the book."""
    return {"id": str(row.id), "address": address(row.address), "default": row.is_default}
