"""Addresses that get nothing any more: what mail services report, and what staff decide."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.notifications.models import BOUNCED, SENT, Message, Suppression
from domain.shared.db import utcnow
from domain.shared.errors import NotFound, RuleBroken
from domain.users.email import normal_email

REASONS = {
    "bounce": "Mail to this address came back for good.",
    "complaint": "Its reader reported our mail as spam.",
    "staff": "Staff stopped mail to this address.",
}


class NotSuppressed(NotFound):
    """The address gets its mail."""

    def __init__(self) -> None:
        super().__init__("This address gets its mail already.")


@dataclass(frozen=True)
class SuppressedAddress:
    """An address on the list, why it is there, and why it was taken off if it was."""

    email: str
    reason: str
    detail: str
    created_at: datetime
    lifted_at: datetime | None
    lifted_because: str


@dataclass(frozen=True)
class SuppressionPage:
    """Some of the list, newest first; `after` is the address after which the next part begins."""

    rows: tuple[SuppressedAddress, ...]
    after: str | None


def suppress(session: Session, *, email: str, reason: str, detail: str = "") -> None:
    """Put an address on the list; the first reason stays until it is lifted. Raises BadEmail."""
    values = {"reason": reason, "detail": detail[:300], "created_at": utcnow(), "lifted_at": None, "lifted_because": ""}
    session.execute(
        insert(Suppression)
        .values(email=normal_email(email), **values)
        .on_conflict_do_update(index_elements=["email"], set_=values, where=Suppression.lifted_at.is_not(None))
    )


def lift(session: Session, *, email: str, because: str) -> None:
    """Let an address have its mail again; raises RuleBroken without a reason, and NotSuppressed."""
    if not because.strip():
        raise RuleBroken("Say why the address may have its mail again.")
    lifted = session.scalar(
        update(Suppression)
        .where(Suppression.email == email.lower(), Suppression.lifted_at.is_(None))
        .values(lifted_at=utcnow(), lifted_because=because.strip()[:300])
        .returning(Suppression.email)
    )
    if lifted is None:
        raise NotSuppressed


def why_suppressed(session: Session, email: str) -> str | None:
    """Say why nothing is sent to an address, or None if it gets its mail."""
    reason = session.scalar(
        select(Suppression.reason).where(Suppression.email == email.lower(), Suppression.lifted_at.is_(None))
    )
    return REASONS[reason] if reason else None


def suppressed(session: Session, *, q: str = "", after: str | None = None, limit: int = 50) -> SuppressionPage:
    """Return the list, newest first, those who were lifted too; or the one address that is asked for."""
    order = (Suppression.created_at, Suppression.email)
    statement = select(Suppression).order_by(*(column.desc() for column in order)).limit(limit + 1)
    if q:
        statement = statement.where(Suppression.email == q.lower())
    if after:
        last = select(*order).where(Suppression.email == after).subquery()
        statement = statement.join(last, tuple_(*order) < tuple_(last.c.created_at, last.c.email))
    found = session.scalars(statement.execution_options(populate_existing=True)).all()
    rows = tuple(
        SuppressedAddress(row.email, row.reason, row.detail, row.created_at, row.lifted_at, row.lifted_because)
        for row in found[:limit]
    )
    return SuppressionPage(rows, rows[-1].email if len(found) > limit else None)


def purge_lifted(session: Session, *, before: datetime) -> int:
    """Drop the addresses that were lifted before a moment; return how many."""
    gone = delete(Suppression).where(Suppression.lifted_at < before).returning(Suppression.email)
    return len(session.scalars(gone).all())


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
        if reason == "bounce":
            message.state = BOUNCED
    return len(told)
