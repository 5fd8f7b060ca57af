"""Writing messages down and noting how their sending went."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from domain.notifications.events import MessageFailed, MessageQueued
from domain.notifications.kinds import is_off
from domain.notifications.models import FAILED, GIVEN_UP, QUEUED, SENT, SITE, Message
from domain.shared.db import utcnow
from domain.shared.outbox import record


def queue_message(
    session: Session,
    *,
    template: str,
    channel: str,
    recipient: str,
    subject_key: str,
    context: dict[str, Any],
    order_id: UUID | None = None,
    shopper_id: UUID | None = None,
    not_before: datetime | None = None,
) -> UUID | None:
    """Write a message down to be sent after the commit; None if the same one was written before.

    `subject_key` names what the message is about: one template goes to one recipient about one thing only once.
    One with `not_before` is sent then or later; a notice inside the site is there with the commit, unless its kind is
    switched off. Whether anything else is, is asked when it is to be sent.
    """
    now = utcnow()
    at_once = channel == SITE
    if at_once and is_off(session, template):
        return None
    message_id = session.scalar(
        insert(Message)
        .values(
            id=uuid7(),
            created_at=now,
            template=template,
            channel=channel,
            recipient=recipient,
            subject_key=subject_key,
            order_id=order_id,
            context=context,
            subject="",
            state=SENT if at_once else QUEUED,
            sent_at=now if at_once else None,
            shopper_id=shopper_id,
            not_before=not_before,
            attempts=0,
            error="",
        )
        .on_conflict_do_nothing(index_elements=["template", "subject_key", "recipient"])
        .returning(Message.id)
    )
    if message_id is not None and not_before is None and not at_once:
        record(session, MessageQueued(message_id=message_id))
    return message_id


def begin_attempt(session: Session, *, message_id: UUID) -> Message | None:
    """Count an attempt to send a message and return it; None if it is no longer waiting."""
    return session.scalar(
        update(Message)
        .where(Message.id == message_id, Message.state == QUEUED, Message.not_before.is_(None))
        .values(attempts=Message.attempts + 1)
        .returning(Message)
    )


def postpone(session: Session, *, message_id: UUID, until: datetime, counted: bool) -> None:
    """Let a message wait until a moment; an attempt that did not come to be is not counted."""
    session.execute(
        update(Message)
        .where(Message.id == message_id, Message.state == QUEUED)
        .values(not_before=until, attempts=Message.attempts - (0 if counted else 1))
    )


def release_due(session: Session, *, now: datetime, limit: int) -> int:
    """Hand on the messages whose time has come and return how many there were."""
    due = (
        select(Message.id)
        .where(Message.not_before <= now, Message.state == QUEUED)
        .order_by(Message.not_before)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    released = session.scalars(
        update(Message)
        .where(Message.id.in_(due))
        .values(not_before=None)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).all()
    for message_id in released:
        record(session, MessageQueued(message_id=message_id))
    return len(released)


def finish_attempt(
    session: Session, *, message_id: UUID, state: str, subject: str, provider_id: str | None, error: str
) -> None:
    """Note how the sending of a message ended; one that has ended already stays as it is."""
    ended = session.scalar(
        update(Message)
        .where(Message.id == message_id, Message.state == QUEUED)
        .values(
            state=state,
            subject=subject[:300],
            provider_id=provider_id,
            error=error[:2000],
            sent_at=utcnow() if state == SENT else None,
        )
        .returning(Message.id)
    )
    if ended is not None and state == FAILED:
        record(session, MessageFailed(message_id=message_id))


def give_up(session: Session, *, message_id: UUID, reason: str) -> None:
    """Note that nothing tries to send a message any more, and why; one that has ended already stays as it is."""
    error = f"{GIVEN_UP}{reason}"
    finish_attempt(session, message_id=message_id, state=FAILED, subject="", provider_id=None, error=error)


def mark_read(session: Session, *, shopper_id: UUID) -> None:
    """Note that a shopper has seen every notice there is."""
    session.execute(
        update(Message)
        .where(Message.shopper_id == shopper_id, Message.channel == SITE, Message.read_at.is_(None))
        .values(read_at=utcnow())
        .execution_options(synchronize_session=False)
    )
