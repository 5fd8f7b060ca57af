"""The sign-ins of staff: a row for each browser, which anybody concerned can end."""

import secrets
from hashlib import sha256
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.shared.db import lock_one, utcnow
from domain.users.errors import NoSuchStaff
from domain.users.models import StaffMember, StaffSession


def begin_staff_session(session: Session, *, staff_id: UUID, address: str, browser: str) -> str:
    """Sign somebody in and return what the cookie holds; each sign-in has an id and a token of its own."""
    staff = lock_one(session, StaffMember, staff_id)
    if staff is None or staff.blocked_at:
        raise NoSuchStaff
    staff.last_seen_at = utcnow()
    token = secrets.token_urlsafe(32)
    row = StaffSession(
        staff_id=staff_id, token_hash=sha256(token.encode()).hexdigest(), address=address[:60], browser=browser[:200]
    )
    session.add(row)
    session.flush()
    return f"{row.id}:{token}"


def end_staff_session(session: Session, *, staff_id: UUID, session_id: UUID) -> None:
    """End one sign-in of one person; one that is over stays so."""
    session.execute(
        update(StaffSession)
        .where(StaffSession.id == session_id, StaffSession.staff_id == staff_id, StaffSession.ended_at.is_(None))
        .values(ended_at=utcnow())
    )


def end_all(session: Session, staff: StaffMember, *, but: UUID | None = None) -> None:
    """End every sign-in of somebody, those under way too; `but` is the one they sit at."""
    staff.session_key = secrets.token_urlsafe(32)
    ending = update(StaffSession).where(StaffSession.staff_id == staff.id, StaffSession.ended_at.is_(None))
    if but is not None:
        ending = ending.where(StaffSession.id != but)
    session.execute(ending.values(ended_at=utcnow()))
