"""The transactional outbox: an event is kept in the same commit as the change it tells of.

The relay takes undelivered rows and enqueues one job per handler; `claim` makes a second run of a job harmless.
Redis may lose any job at any moment: a message is done only when every handler has claimed it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Identity, Index, String, bindparam, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column
from uuid_utils.compat import uuid7

from domain.shared.db import Base, Entity, utcnow
from domain.shared.events import Event, from_payload, to_payload
from domain.shared.logs import about_order
from domain.shared.quick import Prepared, rows
from domain.shared.telemetry import carrier

CHANNEL = "outbox"
"""The PostgreSQL NOTIFY channel that wakes the relay."""

NOTED = "recorded events"
"""Where a session that has a list there notes what is recorded: an edge may act at once on what its workers will do."""


class OutboxMessage(Entity, kw_only=True):
    """One recorded event on its way to its handlers."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_unrelayed", "position", postgresql_where=text("relayed_at IS NULL")),
        Index("ix_outbox_undone", "relayed_at", postgresql_where=text("done_at IS NULL AND relayed_at IS NOT NULL")),
        {"schema": "shared"},
    )

    position: Mapped[int] = mapped_column(Identity(always=True), init=False, unique=True)
    name: Mapped[str] = mapped_column(String(100))
    payload: Mapped[dict[str, Any]]
    trace: Mapped[dict[str, str]] = mapped_column(default_factory=dict)
    relayed_at: Mapped[datetime | None] = mapped_column(default=None)
    relays: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(default=None)


class Claim(Base, kw_only=True):
    """The proof that one handler has dealt with one message."""

    __tablename__ = "claims"
    __table_args__ = ({"schema": "shared"},)

    message_id: Mapped[UUID] = mapped_column(ForeignKey("shared.outbox.id", ondelete="CASCADE"), primary_key=True)
    handler: Mapped[str] = mapped_column(String(150), primary_key=True)
    claimed_at: Mapped[datetime] = mapped_column(default_factory=utcnow)


@dataclass(frozen=True)
class Pending:
    """A message that the relay is about to hand to its handlers."""

    id: UUID
    name: str
    trace: dict[str, str]


# The words and the bell in one statement. PostgreSQL rings once, at the commit, however often this was called.
_RECORD = Prepared(
    """
    WITH kept AS (
        INSERT INTO shared.outbox (id, name, payload, trace, relays, created_at)
        VALUES (:id, :name, :payload, :trace, 0, :created_at)
    )
    SELECT pg_notify(:channel, '')
    """,
    "rung",
    bindparam("payload", type_=JSONB),
    bindparam("trace", type_=JSONB),
)


def record(session: Session, event: Event) -> None:
    """Keep an event in this transaction; it reaches its handlers after the commit and never without it."""
    message = {"id": uuid7(), "name": event.name, "payload": to_payload(event), "created_at": utcnow()}
    rows(session, _RECORD, message | {"trace": carrier(), "channel": CHANNEL})
    noted: list[Event] | None = session.info.get(NOTED)
    if noted is not None:
        noted.append(event)
    _name_order(event)


def _name_order(event: Event) -> None:
    """Have the log lines of this request or job name the order that its event is about."""
    order_id = getattr(event, "order_id", None)
    if order_id is not None:
        about_order(order_id)


def claim(session: Session, message_id: UUID, handler: str) -> bool:
    """Take a message for a handler in the handler's own transaction; False if it was dealt with before."""
    statement = insert(Claim).values(message_id=message_id, handler=handler, claimed_at=utcnow())
    done = session.scalar(statement.on_conflict_do_nothing().returning(Claim.handler))
    return done is not None


def is_claimed(session: Session, message_id: UUID, handler: str) -> bool:
    """Say whether a handler has dealt with a message."""
    return session.get(Claim, (message_id, handler)) is not None


def claimed(session: Session, ids: Sequence[UUID]) -> set[tuple[UUID, str]]:
    """Return which of these messages which handlers have dealt with."""
    found = session.execute(select(Claim.message_id, Claim.handler).where(Claim.message_id.in_(ids)))
    return {(row.message_id, row.handler) for row in found}


def load(session: Session, message_id: UUID) -> Event | None:
    """Return the event of a message, or None if the message is gone."""
    row = session.execute(
        select(OutboxMessage.name, OutboxMessage.payload).where(OutboxMessage.id == message_id)
    ).one_or_none()
    if row is None:
        return None
    event = from_payload(row.name, row.payload)
    _name_order(event)
    return event


def id_at(moment: datetime) -> UUID:
    """Return the smallest id that an event of a moment can have: ids begin with it, in milliseconds (RFC 9562)."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def recorded(
    session: Session, kinds: Sequence[type[Event]], *, since: datetime, limit: int
) -> list[tuple[UUID, Event]]:
    """Return the newest events of some kinds since a moment with their ids, the newest first; one SELECT."""
    found = session.execute(
        select(OutboxMessage.id, OutboxMessage.name, OutboxMessage.payload)
        .where(OutboxMessage.id >= id_at(since), OutboxMessage.name.in_([kind.name for kind in kinds]))
        .order_by(OutboxMessage.id.desc())
        .limit(limit)
    )
    return [(row.id, from_payload(row.name, row.payload)) for row in found]


def take(session: Session, *, limit: int) -> list[Pending]:
    """Lock the oldest messages that were never relayed, passing over those another relay holds."""
    found = session.execute(
        select(OutboxMessage.id, OutboxMessage.name, OutboxMessage.trace)
        .where(OutboxMessage.relayed_at.is_(None))
        .order_by(OutboxMessage.position)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    return [Pending(row.id, row.name, row.trace) for row in found]


def take_lost(session: Session, *, older_than: timedelta, limit: int) -> list[Pending]:
    """Lock relayed messages that are still not done after a while: what Redis or a crash may have lost."""
    found = session.execute(
        select(OutboxMessage.id, OutboxMessage.name, OutboxMessage.trace)
        .where(OutboxMessage.done_at.is_(None), OutboxMessage.relayed_at < utcnow() - older_than)
        .order_by(OutboxMessage.relayed_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    return [Pending(row.id, row.name, row.trace) for row in found]


def mark_relayed(session: Session, ids: Sequence[UUID]) -> None:
    """Note that the jobs of these messages are in the queues."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(ids))
        .values(relayed_at=utcnow(), relays=OutboxMessage.relays + 1)
        .execution_options(synchronize_session=False)
    )


def mark_seen(session: Session, ids: Sequence[UUID]) -> None:
    """Note that these messages were looked after, so that the sweeper comes to the others before it comes back."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(ids))
        .values(relayed_at=utcnow())
        .execution_options(synchronize_session=False)
    )


def mark_done(session: Session, handlers: Mapping[str, Sequence[str]], *, limit: int = 1000) -> int:
    """Close the messages that every one of their handlers has claimed and return how many were closed.

    `handlers` names the handlers of each event name; an event without handlers is done once it was relayed.
    """
    found = session.execute(
        select(OutboxMessage.id, OutboxMessage.name, func.array_agg(Claim.handler).label("claimed"))
        .outerjoin(Claim, Claim.message_id == OutboxMessage.id)
        .where(OutboxMessage.done_at.is_(None), OutboxMessage.relayed_at.is_not(None))
        .group_by(OutboxMessage.id, OutboxMessage.name)
        .limit(limit)
    ).all()
    done = [row.id for row in found if set(handlers.get(row.name, ())) <= set(row.claimed)]
    if done:
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id.in_(done))
            .values(done_at=utcnow())
            .execution_options(synchronize_session=False)
        )
    return len(done)


def purge_done(session: Session, *, older_than: timedelta, limit: int) -> int:
    """Delete messages that were done long ago, with their claims, and return how many there were."""
    old = (
        select(OutboxMessage.id)
        .where(OutboxMessage.done_at < utcnow() - older_than)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    gone = session.scalars(delete(OutboxMessage).where(OutboxMessage.id.in_(old)).returning(OutboxMessage.id))
    return len(gone.all())
