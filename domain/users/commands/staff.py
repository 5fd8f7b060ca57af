"""Hiring, roles, passwords and sign-in of those who work in the shop."""

import secrets
from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from domain.shared.db import lock, lock_one, utcnow
from domain.shared.stamp import check_seen
from domain.users.commands.sign_ins import end_all
from domain.users.email import normal_email
from domain.users.errors import AboveYou, BadEmail, EmailTaken, LastOwner, NoSuchRole, NoSuchStaff, WrongCredentials
from domain.users.models import Role, StaffMember
from domain.users.passwords import check_acceptable, hash_password, is_outdated, matches
from domain.users.queries import StaffView, staff_view
from domain.users.roles import OWNER, covers


def add_staff(
    session: Session, *, email: str, name: str, role: str, password: str, second_factor_exempt: bool = False
) -> UUID:
    """Let somebody work in the shop; raises EmailTaken, NoSuchRole, BadEmail or WeakPassword.

    Only accounts whose password is public anyway, as the demo shop's, may be exempt from the second factor.
    """
    email = normal_email(email)
    _check_role(session, role)
    check_acceptable(password, email=email)
    added: UUID | None = session.scalar(
        insert(StaffMember)
        .values(
            id=uuid7(),
            created_at=utcnow(),
            email=email,
            name=name.strip() or email.partition("@")[0],
            role=role,
            password_hash=hash_password(password),
            session_key=secrets.token_urlsafe(32),
            second_factor_exempt=second_factor_exempt,
        )
        .on_conflict_do_nothing(index_elements=[StaffMember.email])
        .returning(StaffMember.id)
    )
    if added is None:
        raise EmailTaken
    return added


def authenticate_staff(session: Session, *, email: str, password: str) -> StaffView:
    """Return who signs in with this address and password; raises WrongCredentials for all that does not fit.

    A hash made with old parameters is made anew, as only now the password is at hand.
    """
    staff = _by_email(session, email)
    if not matches(staff.password_hash if staff else None, password) or staff is None or staff.blocked_at:
        raise WrongCredentials
    if is_outdated(staff.password_hash):
        staff.password_hash = hash_password(password)
    staff.last_seen_at = utcnow()
    permissions = session.scalars(select(Role.permissions).where(Role.name == staff.role)).one()
    return staff_view(staff, permissions)


def set_role(
    session: Session, *, email: str, role: str, giver: Collection[str] = ("*",), seen: str | None = None
) -> None:
    """Give a member of staff another role; raises NoSuchStaff, NoSuchRole, LastOwner or AboveYou.

    `giver` is what whoever does this may do: nobody gives or takes more than they have. With `seen`, the version that
    was shown, raises ChangedMeanwhile if they have another role by now.
    """
    _check_role(session, role)
    staff = _locked(session, email)
    check_below(session, giver, role, staff.role)
    check_seen(seen, staff.role, what="role")
    if role != OWNER:
        _check_not_last_owner(session, staff)
    staff.role = role


def set_staff_password(session: Session, *, email: str, password: str) -> None:
    """Change a password and end every sign-in made with the old one."""
    staff = _locked(session, email)
    check_acceptable(password, email=staff.email)
    staff.password_hash = hash_password(password)
    end_all(session, staff)


def change_own_password(session: Session, *, staff_id: UUID, present: str, password: str, sitting: UUID | None) -> None:
    """Change one's own password, which takes the present one, and end every sign-in but the one one sits at."""
    staff = lock_one(session, StaffMember, staff_id)
    if staff is None or not matches(staff.password_hash, present):
        raise WrongCredentials
    check_acceptable(password, email=staff.email)
    staff.password_hash = hash_password(password)
    end_all(session, staff, but=sitting)


def sign_out_everywhere(session: Session, *, staff_id: UUID, giver: Collection[str] = ("*",)) -> None:
    """End every sign-in of a member of staff."""
    staff = lock_one(session, StaffMember, staff_id)
    if staff is None:
        raise NoSuchStaff
    check_below(session, giver, staff.role)
    end_all(session, staff)


def block_staff(session: Session, *, email: str, giver: Collection[str] = ("*",)) -> None:
    """Let somebody no longer in, from their next click on; raises NoSuchStaff, LastOwner or AboveYou."""
    staff = _locked(session, email)
    check_below(session, giver, staff.role)
    _check_not_last_owner(session, staff)
    staff.blocked_at = utcnow()
    end_all(session, staff)


def unblock_staff(session: Session, *, email: str, giver: Collection[str] = ("*",)) -> None:
    """Let somebody in again."""
    staff = _locked(session, email)
    check_below(session, giver, staff.role)
    staff.blocked_at = None


def check_below(session: Session, giver: Collection[str], *names: str) -> None:
    """Raise AboveYou if one of these roles may do more than the giver."""
    for permissions in session.scalars(select(Role.permissions).where(Role.name.in_(names))):
        if not covers(giver, permissions):
            raise AboveYou


def _by_email(session: Session, email: str) -> StaffMember | None:
    try:
        address = normal_email(email)
    except BadEmail:
        return None
    return session.scalar(select(StaffMember).where(StaffMember.email == address))


def _locked(session: Session, email: str) -> StaffMember:
    staff_id = session.scalar(select(StaffMember.id).where(StaffMember.email == normal_email(email)))
    staff = lock_one(session, StaffMember, staff_id) if staff_id else None
    if staff is None:
        raise NoSuchStaff
    return staff


def _check_role(session: Session, role: str) -> None:
    known = list(session.scalars(select(Role.name).order_by(Role.name)))
    if role not in known:
        raise NoSuchRole(role, known)


def _check_not_last_owner(session: Session, staff: StaffMember) -> None:
    if staff.role != OWNER:
        return
    # The role's row is locked, so that two owners who block each other at once cannot both succeed.
    lock(session, Role, [OWNER])
    owners = session.scalar(
        select(func.count())
        .select_from(StaffMember)
        .where(StaffMember.role == OWNER, StaffMember.blocked_at.is_(None), StaffMember.id != staff.id)
    )
    if not owners:
        raise LastOwner
