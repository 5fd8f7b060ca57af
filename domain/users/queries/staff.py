"""Who works here, with what role, and in which browsers they are signed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.shared.db import utcnow
from domain.shared.stamp import stamp
from domain.users.errors import NoSuchInvitation, NoSuchRole, NoSuchStaff
from domain.users.models import Role, StaffInvitation, StaffMember, StaffSession
from domain.users.roles import can, covers


@dataclass(frozen=True)
class StaffView:
    """Somebody of the staff; a sign-in that is under way holds as long as its `session_key` is the present one."""

    id: UUID
    email: str
    name: str
    role: str
    permissions: frozenset[str]
    session_key: str
    second_factor: bool = False
    exempt: bool = False
    session_id: UUID | None = None

    def can(self, permission: str) -> bool:
        """Say whether this person may do something."""
        return can(self.permissions, permission)


@dataclass(frozen=True)
class StaffRow:
    """A line of the list of staff."""

    id: UUID
    email: str
    name: str
    role: str
    blocked: bool
    last_seen_at: datetime | None
    second_factor: bool


@dataclass(frozen=True)
class SessionRow:
    """A browser in which somebody is signed in."""

    id: UUID
    since: datetime
    address: str
    browser: str


@dataclass(frozen=True)
class StaffPerson:
    """A member of staff as their page shows them."""

    row: StaffRow
    exempt: bool
    codes_left: int
    sessions: tuple[SessionRow, ...]

    @property
    def version(self) -> str:
        """A stamp of the role, which is all that others write on them."""
        return stamp(self.row.role)

    @property
    def role(self) -> str:
        """Which role they have."""
        return self.row.role


@dataclass(frozen=True)
class InvitationRow:
    """An invitation that nobody has answered yet."""

    id: UUID
    email: str
    name: str
    role: str
    invited_by: str
    expires_at: datetime
    expired: bool


@dataclass(frozen=True)
class RoleView:
    """A role, in words and in permissions."""

    name: str
    description: str
    permissions: frozenset[str]
    people: int

    @property
    def version(self) -> str:
        """A stamp of what staff can change of it."""
        return role_stamp(self.description, self.permissions)


def role_stamp(description: str, permissions: Iterable[str]) -> str:
    """Return the stamp of what staff can change of a role."""
    return stamp(description, sorted(permissions))


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


def staff_list(session: Session) -> list[StaffRow]:
    """List everybody who ever worked in the shop, by name."""
    rows = session.scalars(select(StaffMember).order_by(StaffMember.name, StaffMember.id))
    return [_row(staff) for staff in rows]


def staff_person(session: Session, staff_id: UUID, *, since: datetime) -> StaffPerson:
    """Return a member of staff with the sign-ins begun since then that still hold; raises NoSuchStaff."""
    staff = session.scalar(select(StaffMember).where(StaffMember.id == staff_id))
    if staff is None:
        raise NoSuchStaff
    found = session.scalars(
        select(StaffSession)
        .where(StaffSession.staff_id == staff_id, StaffSession.ended_at.is_(None), StaffSession.created_at >= since)
        .order_by(StaffSession.id.desc())
    )
    sessions = tuple(SessionRow(row.id, row.created_at, row.address, row.browser) for row in found)
    return StaffPerson(_row(staff), staff.second_factor_exempt, len(staff.recovery_hashes), sessions)


def open_invitations(session: Session, *, now: datetime) -> list[InvitationRow]:
    """List the invitations that nobody has answered, the newest first."""
    rows = session.execute(
        select(StaffInvitation, StaffMember.name)
        .join(StaffMember, StaffMember.id == StaffInvitation.invited_by)
        .where(StaffInvitation.accepted_at.is_(None), StaffInvitation.withdrawn_at.is_(None))
        .order_by(StaffInvitation.id.desc())
    )
    return [
        InvitationRow(row.id, row.email, row.name, row.role, inviter, row.expires_at, row.expires_at <= now)
        for row, inviter in rows
    ]


def invitation_to_accept(session: Session, invitation_id: UUID, *, now: datetime) -> InvitationRow:
    """Return an invitation that may be accepted now; raises NoSuchInvitation for any other."""
    found = [row for row in open_invitations(session, now=now) if row.id == invitation_id and not row.expired]
    if not found:
        raise NoSuchInvitation
    return found[0]


def staff_by_session(session: Session, session_id: UUID, *, token: str, longest: timedelta) -> StaffView:
    """Return who is signed in by a cookie, in one statement; raises NoSuchStaff if the sign-in is over or never was."""
    row = session.execute(
        select(StaffSession.token_hash, StaffMember, Role.permissions)
        .join(StaffMember, StaffMember.id == StaffSession.staff_id)
        .join(Role, Role.name == StaffMember.role)
        .where(
            StaffSession.id == session_id,
            StaffSession.ended_at.is_(None),
            StaffSession.created_at > utcnow() - longest,
            StaffMember.blocked_at.is_(None),
        )
    ).one_or_none()
    if row is None or not compare_digest(row[0], sha256(token.encode()).hexdigest()):
        raise NoSuchStaff
    return staff_view(row[1], row[2], session_id=session_id)


def roles(session: Session) -> list[RoleView]:
    """List the roles there are, by name."""
    rows = session.execute(
        select(Role, select(func.count()).where(StaffMember.role == Role.name).scalar_subquery()).order_by(Role.name)
    )
    return [RoleView(role.name, role.description, frozenset(role.permissions), people) for role, people in rows]


def one_role(session: Session, name: str) -> RoleView:
    """Return a role; raises NoSuchRole."""
    known = roles(session)
    for role in known:
        if role.name == name:
            return role
    raise NoSuchRole(name, [role.name for role in known])


def roles_to_give(session: Session, permissions: Iterable[str]) -> list[RoleView]:
    """List the roles that whoever has these permissions may give to others."""
    mine = frozenset(permissions)
    return [role for role in roles(session) if covers(mine, role.permissions)]


def staff_view(staff: StaffMember, permissions: list[str], *, session_id: UUID | None = None) -> StaffView:
    """Turn the rows of a member of staff and the role into what edges see."""
    return StaffView(
        staff.id, staff.email, staff.name, staff.role, frozenset(permissions), staff.session_key,
        staff.totp_confirmed_at is not None, staff.second_factor_exempt, session_id,
    )  # fmt: skip


def _row(staff: StaffMember) -> StaffRow:
    return StaffRow(
        staff.id, staff.email, staff.name, staff.role, staff.blocked_at is not None, staff.last_seen_at,
        staff.totp_confirmed_at is not None,
    )  # fmt: skip
