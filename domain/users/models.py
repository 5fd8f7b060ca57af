"""Shoppers, staff and what a role may do."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    false,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db import Base, Entity


class Shopper(Entity, kw_only=True):
    """A customer's account; the address is kept in lower case."""

    __tablename__ = "shoppers"
    __table_args__ = (
        Index("ix_shoppers_created_at_id", text("created_at DESC"), text("id DESC")),
        # Staff find customers by any part of a name or an address.
        Index(
            "ix_shoppers_words",
            literal_column("(email || ' ') || lower(name)").label("words"),
            postgresql_using="gin",
            postgresql_ops={"words": "gin_trgm_ops"},
        ),
        {"schema": "users"},
    )

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str] = mapped_column(String(255))
    session_key: Mapped[str] = mapped_column(String(64))
    verified_at: Mapped[datetime | None] = mapped_column(default=None)
    blocked_at: Mapped[datetime | None] = mapped_column(default=None)
    totp_secret: Mapped[str | None] = mapped_column(String(64), default=None)
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    totp_step: Mapped[int | None] = mapped_column(BigInteger, default=None)
    recovery_hashes: Mapped[list[str]] = mapped_column(ARRAY(String(255)), default_factory=list, server_default="{}")
    staff_note: Mapped[str] = mapped_column(String(2000), default="", server_default="")


class Role(Base, kw_only=True):
    """A named set of permissions; a permission is `resource:verb`, and `*` stands for all."""

    __tablename__ = "roles"
    __table_args__ = ({"schema": "users"},)

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    description: Mapped[str] = mapped_column(String(200))
    permissions: Mapped[list[str]] = mapped_column(ARRAY(String(80)))
    changed_at: Mapped[datetime | None] = mapped_column(default=None)


class StaffMember(Entity, kw_only=True):
    """Somebody who works in the shop."""

    __tablename__ = "staff"
    __table_args__ = (UniqueConstraint("email"), {"schema": "users"})

    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(ForeignKey("users.roles.name"))
    password_hash: Mapped[str] = mapped_column(String(255))
    session_key: Mapped[str] = mapped_column(String(64))
    blocked_at: Mapped[datetime | None] = mapped_column(default=None)
    last_seen_at: Mapped[datetime | None] = mapped_column(default=None)
    second_factor_exempt: Mapped[bool] = mapped_column(default=False, server_default=false())
    totp_secret: Mapped[str | None] = mapped_column(String(64), default=None)
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    totp_step: Mapped[int | None] = mapped_column(BigInteger, default=None)
    recovery_hashes: Mapped[list[str]] = mapped_column(ARRAY(String(255)), default_factory=list, server_default="{}")


class StaffSession(Entity, kw_only=True):
    """A sign-in of a member of staff in one browser; the cookie holds its id and a token, the row the token's hash."""

    __tablename__ = "staff_sessions"
    __table_args__ = ({"schema": "users"},)

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("users.staff.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(60), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class StaffInvitation(Entity, kw_only=True):
    """A word to somebody that they may join the staff; it can be accepted once, and not for long."""

    __tablename__ = "staff_invitations"
    __table_args__ = (
        Index(
            "uq_staff_invitations_open",
            "email",
            unique=True,
            postgresql_where=text("accepted_at IS NULL AND withdrawn_at IS NULL"),
        ),
        {"schema": "users"},
    )

    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(ForeignKey("users.roles.name"))
    invited_by: Mapped[UUID] = mapped_column(ForeignKey("users.staff.id"))
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)


class ShopperSession(Entity, kw_only=True):
    """A shopper's sign-in in one browser.

    A browser that is to be remembered holds a token beside the id. Each use changes it; one that was changed and comes
    again was copied. `place` is the network address without its last part; `device_hash` knows the browser again when
    it signs in the next time. An app holds a refresh token instead, which is good once.
    """

    __tablename__ = "shopper_sessions"
    __table_args__ = (Index("ix_shopper_sessions_last_seen_at", "last_seen_at"), {"schema": "users"})

    shopper_id: Mapped[UUID] = mapped_column(ForeignKey("users.shoppers.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), default=None)
    former_hash: Mapped[str | None] = mapped_column(String(64), default=None)
    device_hash: Mapped[str | None] = mapped_column(String(64), default=None)
    refresh_hash: Mapped[str | None] = mapped_column(String(64), default=None)
    rotated_at: Mapped[datetime | None] = mapped_column(default=None)
    browser: Mapped[str] = mapped_column(String(80), default="")
    place: Mapped[str] = mapped_column(String(60), default="")
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class SigningKey(Entity, kw_only=True):
    """A key that signs access tokens; its secret half is sealed with the shop's own secret."""

    __tablename__ = "signing_keys"
    __table_args__ = ({"schema": "users"},)

    public_bytes: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_secret: Mapped[bytes] = mapped_column(LargeBinary)


class ApiKey(Entity, kw_only=True):
    """A key for programs, with what it may do; it may never do more than whoever made it, and ends with them."""

    __tablename__ = "api_keys"
    __table_args__ = (UniqueConstraint("key_hash"), {"schema": "users"})

    name: Mapped[str] = mapped_column(String(100))
    hint: Mapped[str] = mapped_column(String(20))
    key_hash: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(ARRAY(String(80)))
    maker_id: Mapped[UUID] = mapped_column(ForeignKey("users.staff.id"), index=True)
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    last_used_at: Mapped[datetime | None] = mapped_column(default=None)


class MailedLink(Entity, kw_only=True):
    """What a link in a mail will do, once: open an account, set a new password, or change the address.

    The link itself is signed when the mail is written and stands nowhere. `browser_hash` knows the browser that asked
    for an account, so that whoever chose the password need not type it again.
    """

    __tablename__ = "mailed_links"
    __table_args__ = (
        CheckConstraint("purpose IN ('registration', 'reset', 'address')", name="purpose"),
        Index("ix_mailed_links_expires_at", "expires_at"),
        {"schema": "users"},
    )

    purpose: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(254), index=True)
    expires_at: Mapped[datetime]
    shopper_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.shoppers.id", ondelete="CASCADE"), index=True, default=None
    )
    name: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str | None] = mapped_column(String(255), default=None)
    browser_hash: Mapped[str | None] = mapped_column(String(64), default=None)
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class SavedAddress(Entity, kw_only=True):
    """A delivery address in a shopper's address book."""

    __tablename__ = "addresses"
    __table_args__ = ({"schema": "users"},)

    shopper_id: Mapped[UUID] = mapped_column(ForeignKey("users.shoppers.id", ondelete="CASCADE"), index=True)
    address: Mapped[dict[str, str]]
    is_default: Mapped[bool] = mapped_column(default=False)
