"""Which messages went out, as staff see them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.notifications.models import Message


@dataclass(frozen=True)
class MessageRow:
    """A message and how its sending went."""

    id: UUID
    template: str
    channel: str
    recipient: str
    subject: str
    state: str
    attempts: int
    error: str
    created_at: datetime
    sent_at: datetime | None


def messages_of_order(session: Session, order_id: UUID) -> tuple[MessageRow, ...]:
    """Return the messages about an order, newest first."""
    rows = session.scalars(select(Message).where(Message.order_id == order_id).order_by(Message.id.desc()))
    return tuple(
        MessageRow(
            row.id,
            row.template,
            row.channel,
            row.recipient,
            row.subject,
            row.state,
            row.attempts,
            row.error,
            row.created_at,
            row.sent_at,
        )
        for row in rows
    )
