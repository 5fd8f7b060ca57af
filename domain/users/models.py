"""Shoppers, staff and what a role may do."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db import Base, Entity


class Shopper(Entity, kw_only=True):
    """A customer's account; the address is kept in lower case."""

    __tablename__ = "shoppers"
    __table_args__ = ({"schema": "users"},)

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str] = mapped_column(String(255))
    session_key: Mapped[str] = mapped_column(String(64))
    verified_at: Mapped[datetime | None] = mapped_column(default=None)
    blocked_at: Mapped[datetime | None] = mapped_column(default=None)


class Role(Base, kw_only=True):
    """A named set of permissions; a permission is `resource:verb`, and `*` stands for all."""

    __tablename__ = "roles"
    __table_args__ = ({"schema": "users"},)

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    description: Mapped[str] = mapped_column(String(200))
    permissions: Mapped[list[str]] = mapped_column(ARRAY(String(80)))


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


class SavedAddress(Entity, kw_only=True):
    """A delivery address in a shopper's address book."""

    __tablename__ = "addresses"
    __table_args__ = ({"schema": "users"},)

    shopper_id: Mapped[UUID] = mapped_column(ForeignKey("users.shoppers.id", ondelete="CASCADE"), index=True)
    address: Mapped[dict[str, str]]
    is_default: Mapped[bool] = mapped_column(default=False)
