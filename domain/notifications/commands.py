"""Writing messages down and noting how their sending went."""

from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from domain.notifications.events import MessageFailed, MessageQueued
from domain.notifications.models import FAILED, QUEUED, SENT, Message
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
) -> UUID | None:
    """Write a message down to be sent after the commit; None if the same one was written before.

    `subject_key` names what the message is about: one template goes to one recipient about one thing only once.
    """
    message_id = session.scalar(
        insert(Message)
        .values(
            id=uuid7(),
            created_at=utcnow(),
            template=template,
            channel=channel,
            recipient=recipient,
            subject_key=subject_key,
            order_id=order_id,
            context=context,
            subject="",
            state=QUEUED,
            attempts=0,
            error="",
        )
        .on_conflict_do_nothing(index_elements=["template", "subject_key", "recipient"])
        .returning(Message.id)
    )
    if message_id is not None:
        record(session, MessageQueued(message_id=message_id))
    return message_id


def begin_attempt(session: Session, *, message_id: UUID) -> Message | None:
    """Count an attempt to send a message and return it; None if it is no longer waiting."""
    return session.scalar(
        update(Message)
        .where(Message.id == message_id, Message.state == QUEUED)
        .values(attempts=Message.attempts + 1)
        .returning(Message)
    )


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
