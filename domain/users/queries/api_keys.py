"""API keys: whose a key is and what it may do, and the list of them."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.users.errors import NoSuchKey
from domain.users.models import ApiKey, Role, StaffMember
from domain.users.queries.staff import StaffView, staff_view
from domain.users.roles import PERMISSIONS, can


@dataclass(frozen=True)
class KeyView:
    """A key that is good; `staff` is who made it, with what both they and the key may do."""

    id: UUID
    name: str
    last_used_at: datetime | None
    staff: StaffView


@dataclass(frozen=True)
class KeyRow:
    """A line of the list of keys; `hint` is how the key begins."""

    id: UUID
    name: str
    hint: str
    scopes: tuple[str, ...]
    maker: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    ended: bool


def digest(key: str) -> str:
    """Return what is kept of a key; it has 256 random bits, so no slow hash is needed."""
    return sha256(key.encode("utf-8", "replace")).hexdigest()


def staff_by_key(session: Session, key: str, *, now: datetime) -> KeyView:
    """Return whose key this is; raises NoSuchKey for one that is unknown, over or revoked, or whose maker is blocked.

    It may do what its scopes say and the maker's role still allows. One statement.
    """
    row = session.execute(
        select(ApiKey, StaffMember, Role.permissions)
        .join(StaffMember, StaffMember.id == ApiKey.maker_id)
        .join(Role, Role.name == StaffMember.role)
        .where(
            ApiKey.key_hash == digest(key),
            ApiKey.revoked_at.is_(None),
            ApiKey.expires_at > now,
            StaffMember.blocked_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise NoSuchKey
    found, staff, permissions = row
    both = frozenset(name for name in PERMISSIONS if can(found.scopes, name) and can(permissions, name))
    return KeyView(found.id, found.name, found.last_used_at, replace(staff_view(staff, permissions), permissions=both))


def api_keys(session: Session, *, now: datetime) -> tuple[KeyRow, ...]:
    """List the keys, the newest first. One statement."""
    rows = session.execute(
        select(ApiKey, StaffMember.name).join(StaffMember, StaffMember.id == ApiKey.maker_id).order_by(ApiKey.id.desc())
    )
    return tuple(
        KeyRow(
            key.id,
            key.name,
            key.hint,
            tuple(key.scopes),
            maker,
            key.created_at,
            key.expires_at,
            key.last_used_at,
            key.revoked_at is not None or key.expires_at <= now,
        )
        for key, maker in rows
    )
