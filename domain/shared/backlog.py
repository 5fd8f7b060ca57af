"""How far the outbox is behind."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.shared.outbox import OutboxMessage


@dataclass(frozen=True)
class Backlog:
    """Events that wait for the relay, since when the oldest does, and events that a handler has yet to deal with."""

    unrelayed: int
    oldest: datetime | None
    unfinished: int


def backlog(session: Session) -> Backlog:
    """Count the events that are not dealt with; two statements, each by a partial index."""
    waiting = session.execute(
        select(func.count(), func.min(OutboxMessage.created_at)).where(OutboxMessage.relayed_at.is_(None))
    ).one()
    unfinished = session.scalar(
        select(func.count())
        .select_from(OutboxMessage)
        .where(OutboxMessage.done_at.is_(None), OutboxMessage.relayed_at.is_not(None))
    )
    return Backlog(waiting[0], waiting[1], unfinished or 0)
