"""Addresses that get nothing any more: what mail services report, and what staff decide."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.notifications.models import BOUNCED, SENT, Message, Suppression
from domain.shared.db import lock, utcnow
from domain.shared.errors import ChangedMeanwhile, NotFound, RuleBroken
from domain.shared.lists import Filter, Place, Sorting, known, page_of
from domain.shared.stamp import stamp
from domain.users.email import normal_email

REASONS = {
    "bounce": "Mail to this address came back for good.",
    "complaint": "Its reader reported our mail as spam.",
    "staff": "Staff stopped mail to this address.",
}

SHOWN = {"": "All", "stopped": "Stopped", "lifted": "Lifted"}
SORTINGS = {
    "": Sorting("Newest first", (Suppression.created_at, Suppression.email), falls=True),
    "oldest": Sorting("Oldest first", (Suppression.created_at, Suppression.email)),
    "email": Sorting("By address", (Suppression.email,)),
}
SORTS = {name: sorting.label for name, sorting in SORTINGS.items()}


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

    @property
    def seen(self) -> str:
        """What a lifting of many says that staff have seen of it."""
        return stamp(self.created_at, self.lifted_at)


@dataclass(frozen=True, kw_only=True)
class SuppressionFilter(Filter):
    """Which addresses are looked for: one as a whole, or those that are stopped, or lifted."""

    q: str = ""
    show: str = ""
    sort: str = ""


@dataclass(frozen=True)
class SuppressionPage:
    """Some of the list; `after` is the address after which the next part begins."""

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


def lift_many(session: Session, *, seen: Mapping[str, str], because: str) -> int:
    """Let addresses have their mail again, all of them or none, and return how many.

    `seen` says what was seen of each: raises ChangedMeanwhile if one is no longer that, or RuleBroken for no reason.
    """
    rows = lock(session, Suppression, list(seen))
    if len(rows) != len(seen) or any(_row(one).seen != seen[one.email] or one.lifted_at for one in rows):
        raise ChangedMeanwhile("address")
    for row in rows:
        lift(session, email=row.email, because=because)
    return len(rows)


def why_suppressed(session: Session, email: str) -> str | None:
    """Say why nothing is sent to an address, or None if it gets its mail."""
    return stops_of(session, [email]).get(email.lower())


def stops_of(session: Session, emails: Collection[str]) -> dict[str, str]:
    """Say why nothing is sent to each of these addresses; those that get their mail are left out. One statement."""
    statement = select(Suppression.email, Suppression.reason).where(
        Suppression.email.in_({email.lower() for email in emails}), Suppression.lifted_at.is_(None)
    )
    return {row.email: REASONS[row.reason] for row in session.execute(statement)}


def stops_among(session: Session, emails: Collection[str]) -> tuple[SuppressedAddress, ...]:
    """Return what stands on the list of some addresses, by address, those that were lifted too. One statement."""
    statement = select(Suppression).where(Suppression.email.in_(emails)).order_by(Suppression.email)
    return tuple(map(_row, session.scalars(statement.execution_options(populate_existing=True))))


def read_suppression_filter(words: Mapping[str, str]) -> SuppressionFilter:
    """Read a filter out of an address or a record; what makes no sense is left out."""
    return SuppressionFilter(
        q=words.get("q", "").strip()[:254],
        show=known(words.get("show"), SHOWN),
        sort=known(words.get("sort"), SORTS),
    )


def suppressed(
    session: Session, *, q: str = "", show: str = "", sort: str = "", after: str | Place | None = None, limit: int = 50
) -> SuppressionPage:
    """Return the list, usually newest first, those who were lifted too; or the one address that is asked for."""
    statement = page_of(select(Suppression), SORTINGS[sort], after=after, limit=limit)
    if q:
        statement = statement.where(Suppression.email == q.lower())
    if show:
        lifted = Suppression.lifted_at
        statement = statement.where(lifted.is_(None) if show == "stopped" else lifted.is_not(None))
    found = session.scalars(statement.execution_options(populate_existing=True)).all()
    rows = tuple(map(_row, found[:limit]))
    return SuppressionPage(rows, rows[-1].email if len(found) > limit else None)


def _row(row: Suppression) -> SuppressedAddress:
    return SuppressedAddress(row.email, row.reason, row.detail, row.created_at, row.lifted_at, row.lifted_because)


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
