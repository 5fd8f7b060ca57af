"""Addresses that get nothing any more: what mail services report, and what staff decide."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.notifications.models import SENT, Message, Suppression
from domain.shared.db import utcnow
from domain.users.email import normal_email

REASONS = {
    "bounce": "Mail to this address came back for good.",
    "complaint": "Its reader reported our mail as spam.",
    "staff": "Staff stopped mail to this address.",
}


@dataclass(frozen=True)
class SuppressedAddress:
    """An address on the list, and why it is there."""

    email: str
    reason: str
    detail: str
    created_at: datetime


def suppress(session: Session, *, email: str, reason: str, detail: str = "") -> None:
    """Put an address on the list; the first reason stays. Raises BadEmail."""
    session.execute(
        insert(Suppression)
        .values(email=normal_email(email), reason=reason, detail=detail[:300], created_at=utcnow())
        .on_conflict_do_nothing()
    )


def allow_again(session: Session, *, email: str) -> None:
    """Take an address off the list."""
    session.execute(delete(Suppression).where(Suppression.email == email))


def why_suppressed(session: Session, email: str) -> str | None:
    """Say why nothing is sent to an address, or None if it gets its mail."""
    reason = session.scalar(select(Suppression.reason).where(Suppression.email == email.lower()))
    return REASONS[reason] if reason else None


def suppressed(session: Session, *, limit: int = 200) -> tuple[SuppressedAddress, ...]:
    """Return the list, newest first."""
    rows = session.scalars(select(Suppression).order_by(Suppression.created_at.desc()).limit(limit))
    return tuple(SuppressedAddress(row.email, row.reason, row.detail, row.created_at) for row in rows)


def take_feedback(session: Session, report: dict[str, Any]) -> int:
    """Act on a report of Amazon SES about one mail and return how many addresses it put on the list.

    A bounce that is only temporary changes nothing. The same report twice changes nothing the second time.
    """
    kind = report.get("eventType") or report.get("notificationType")
    if kind == "Bounce" and report["bounce"].get("bounceType") == "Permanent":
        reason, told = "bounce", report["bounce"].get("bouncedRecipients", ())
    elif kind == "Complaint":
        reason, told = "complaint", report["complaint"].get("complainedRecipients", ())
    else:
        return 0
    for recipient in told:
        detail = recipient.get("diagnosticCode") or report[reason].get("complaintFeedbackType") or ""
        suppress(session, email=recipient["emailAddress"], reason=reason, detail=detail)
    provider_id = report.get("mail", {}).get("messageId")
    message = session.scalar(select(Message).where(Message.provider_id == provider_id, Message.state == SENT))
    if message is not None:
        message.error = REASONS[reason]
    return len(told)
