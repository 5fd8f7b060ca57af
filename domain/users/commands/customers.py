"""What staff do with an account: block it, let it in again, note something, delete it."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from domain.shared.db import lock_one, utcnow
from domain.shared.stamp import check_seen
from domain.users.commands.sessions import end_sessions
from domain.users.commands.shoppers import notice
from domain.users.errors import NoSuchShopper
from domain.users.models import MailedLink, Shopper


def block_customer(session: Session, *, shopper_id: UUID) -> None:
    """Let somebody neither sign in nor order, from their next click on; a second time changes nothing."""
    shopper = _locked(session, shopper_id)
    if shopper.blocked_at is None:
        shopper.blocked_at = utcnow()
        end_sessions(session, shopper_id=shopper_id, now=shopper.blocked_at)
    session.flush()


def unblock_customer(session: Session, *, shopper_id: UUID) -> None:
    """Let somebody in again."""
    _locked(session, shopper_id).blocked_at = None
    session.flush()


def note_on_customer(session: Session, *, shopper_id: UUID, text: str, seen: str) -> None:
    """Keep what staff should know about a customer; it is part of what the customer may take along.

    `seen` is the stamp of the note that was shown; raises ChangedMeanwhile if it is no longer that one.
    """
    shopper = _locked(session, shopper_id)
    check_seen(seen, shopper.staff_note, what="note")
    shopper.staff_note = text.strip()[:2000]
    session.flush()


def erase_account(session: Session, *, shopper_id: UUID) -> None:
    """Delete an account as its owner asked staff to, and tell its address."""
    shopper = _locked(session, shopper_id)
    notice(session, shopper, "deleted")
    session.execute(delete(MailedLink).where(MailedLink.email == shopper.email))
    session.delete(shopper)
    session.flush()


def _locked(session: Session, shopper_id: UUID) -> Shopper:
    shopper = lock_one(session, Shopper, shopper_id)
    if shopper is None:
        raise NoSuchShopper
    return shopper
