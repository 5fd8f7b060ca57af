"""Who somebody is, as the edges need to know it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.users.errors import NoSuchShopper, NoSuchStaff
from domain.users.models import Role, Shopper, StaffMember
from domain.users.roles import can


@dataclass(frozen=True)
class StaffView:
    """Somebody of the staff; a sign-in holds as long as its `session_key` is the present one."""

    id: UUID
    email: str
    name: str
    role: str
    permissions: frozenset[str]
    session_key: str

    def can(self, permission: str) -> bool:
        """Say whether this person may do something."""
        return can(self.permissions, permission)


@dataclass(frozen=True)
class ShopperView:
    """A shopper with an account; a sign-in holds as long as its `session_key` is the present one."""

    id: UUID
    email: str
    name: str
    session_key: str
    verified: bool


@dataclass(frozen=True)
class StaffRow:
    """A line of the list of staff."""

    id: UUID
    email: str
    name: str
    role: str
    blocked: bool
    last_seen_at: datetime | None


@dataclass(frozen=True)
class RoleView:
    """A role, in words and in permissions."""

    name: str
    description: str
    permissions: frozenset[str]


def staff_by_id(session: Session, staff_id: UUID) -> StaffView:
    """Return a member of staff who may sign in; raises NoSuchStaff for anybody else, the blocked too."""
    row = session.execute(
        select(StaffMember, Role.permissions)
        .join(Role, Role.name == StaffMember.role)
        .where(StaffMember.id == staff_id, StaffMember.blocked_at.is_(None))
    ).one_or_none()
    if row is None:
        raise NoSuchStaff
    return staff_view(row[0], row[1])


def shopper_by_id(session: Session, shopper_id: UUID) -> ShopperView:
    """Return a shopper who may sign in; raises NoSuchShopper for anybody else, the blocked too."""
    shopper = session.scalar(select(Shopper).where(Shopper.id == shopper_id, Shopper.blocked_at.is_(None)))
    if shopper is None:
        raise NoSuchShopper
    return shopper_view(shopper)


def staff_list(session: Session) -> list[StaffRow]:
    """List everybody who ever worked in the shop, by name."""
    rows = session.scalars(select(StaffMember).order_by(StaffMember.name, StaffMember.id))
    return [StaffRow(r.id, r.email, r.name, r.role, r.blocked_at is not None, r.last_seen_at) for r in rows]


def roles(session: Session) -> list[RoleView]:
    """List the roles there are, by name."""
    rows = session.scalars(select(Role).order_by(Role.name))
    return [RoleView(role.name, role.description, frozenset(role.permissions)) for role in rows]


def staff_view(staff: StaffMember, permissions: list[str]) -> StaffView:
    """Turn the rows of a member of staff and the role into what edges see."""
    return StaffView(staff.id, staff.email, staff.name, staff.role, frozenset(permissions), staff.session_key)


def shopper_view(shopper: Shopper) -> ShopperView:
    """Turn the row of a shopper into what edges see."""
    return ShopperView(
        shopper.id, shopper.email, shopper.name, shopper.session_key, verified=shopper.verified_at is not None
    )
