"""Inviting somebody to the staff by mail."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.shared.db import lock_one, utcnow
from domain.shared.outbox import record
from domain.users.commands.staff import add_staff, check_below
from domain.users.email import normal_email
from domain.users.errors import EmailTaken, NoSuchInvitation, NoSuchRole
from domain.users.events import StaffInvited
from domain.users.models import Role, StaffInvitation, StaffMember

VALID = timedelta(days=3)
"""How long an invitation can be accepted."""


def invite_staff(
    session: Session, *, email: str, name: str, role: str, invited_by: UUID, giver: Collection[str]
) -> UUID:
    """Invite somebody; a former invitation to the address is withdrawn. Raises EmailTaken, NoSuchRole or AboveYou."""
    email, now = normal_email(email), utcnow()
    if session.scalar(select(StaffMember.id).where(StaffMember.email == email)):
        raise EmailTaken
    known = list(session.scalars(select(Role.name).order_by(Role.name)))
    if role not in known:
        raise NoSuchRole(role, known)
    check_below(session, giver, role)
    session.execute(
        update(StaffInvitation)
        .where(
            StaffInvitation.email == email,
            StaffInvitation.accepted_at.is_(None),
            StaffInvitation.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now)
    )
    invitation = StaffInvitation(
        email=email, name=name.strip(), role=role, invited_by=invited_by, expires_at=now + VALID
    )
    session.add(invitation)
    session.flush()
    record(session, StaffInvited(invitation_id=invitation.id))
    return invitation.id


def withdraw_invitation(session: Session, *, invitation_id: UUID) -> None:
    """Take an invitation back; its link no longer works."""
    invitation = _open(session, invitation_id)
    invitation.withdrawn_at = utcnow()


def accept_invitation(session: Session, *, invitation_id: UUID, name: str, password: str, now: datetime) -> UUID:
    """Join the staff; raises NoSuchInvitation, WeakPassword or EmailTaken. It works once."""
    invitation = _open(session, invitation_id)
    if invitation.expires_at <= now:
        raise NoSuchInvitation
    staff_id = add_staff(
        session, email=invitation.email, name=name or invitation.name, role=invitation.role, password=password
    )
    invitation.accepted_at = now
    return staff_id


def _open(session: Session, invitation_id: UUID) -> StaffInvitation:
    invitation = lock_one(session, StaffInvitation, invitation_id)
    if invitation is None or invitation.accepted_at or invitation.withdrawn_at:
        raise NoSuchInvitation
    return invitation
