"""Which messages went out, as staff see them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.notifications.adapters.templates import render_subject
from domain.notifications.models import SITE, Message
from domain.shared.settings import Settings


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


@dataclass(frozen=True)
class Notice:
    """News on the pages of a shopper's account; `path` leads to what it is about."""

    title: str
    path: str
    at: datetime
    new: bool


def notices(session: Session, *, shopper_id: UUID, settings: Settings, limit: int = 50) -> tuple[Notice, ...]:
    """Return a shopper's notices, newest first; one statement."""
    rows = session.scalars(
        select(Message)
        .where(Message.shopper_id == shopper_id, Message.channel == SITE)
        .order_by(Message.id.desc())
        .limit(limit)
    )
    return tuple(
        Notice(
            render_subject(row.template, row.context, settings),
            row.context["order"]["path"],
            row.created_at,
            row.read_at is None,
        )
        for row in rows
    )


def unread(session: Session, shopper_id: UUID) -> int:
    """Count a shopper's notices that were not read yet; one statement."""
    statement = select(func.count()).where(
        Message.shopper_id == shopper_id, Message.channel == SITE, Message.read_at.is_(None)
    )
    return session.scalar(statement) or 0
