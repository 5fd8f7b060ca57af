"""The mirror of the outbox: which events the world outside has had, in order, each at least once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, String, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.shared.db import Base, utcnow
from domain.shared.outbox import Claim, OutboxMessage

SETTLED = timedelta(minutes=10)
"""No transaction is older: an event that is older has no unseen one before it."""


class MirrorMark(Base, kw_only=True):
    """Up to which position of the outbox everything is mirrored."""

    __tablename__ = "mirror_marks"
    __table_args__ = ({"schema": "shared"},)

    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)


@dataclass(frozen=True, kw_only=True)
class Mirrored:
    """An event as the world outside gets it; `id` and `position` are the same however often it is sent."""

    id: UUID
    position: int
    name: str
    payload: dict[str, Any]
    at: datetime

    @property
    def key(self) -> str:
        """What its order among others matters for: the order it is about, or nothing but itself."""
        return str(self.payload.get("order_id") or self.id)


def unmirrored(session: Session, *, mirror: str, limit: int) -> list[Mirrored]:
    """Return the oldest events that this mirror has not had; a mirror that is new starts with what comes next."""
    mark = session.scalar(select(MirrorMark.position).where(MirrorMark.name == mirror))
    if mark is None:
        latest = select(func.coalesce(func.max(OutboxMessage.position), 0)).scalar_subquery()
        session.execute(insert(MirrorMark).values(name=mirror, position=latest).on_conflict_do_nothing())
        return []
    had = select(Claim.message_id).where(Claim.message_id == OutboxMessage.id, Claim.handler == mirror).exists()
    rows = session.execute(
        select(
            OutboxMessage.id,
            OutboxMessage.position,
            OutboxMessage.name,
            OutboxMessage.payload,
            OutboxMessage.created_at,
        )
        .where(OutboxMessage.position > mark, ~had)
        .order_by(OutboxMessage.position)
        .limit(limit)
    )
    return [
        Mirrored(id=row.id, position=row.position, name=row.name, payload=row.payload, at=row.created_at)
        for row in rows
    ]


def mark_mirrored(session: Session, ids: Sequence[UUID], *, mirror: str) -> None:
    """Note that these events were taken by the world outside."""
    if ids:
        now = utcnow()
        values = [{"message_id": id_, "handler": mirror, "claimed_at": now} for id_ in ids]
        session.execute(insert(Claim).values(values).on_conflict_do_nothing())


def move_mark(session: Session, *, mirror: str) -> None:
    """Move the mark past what is mirrored and too old for an unseen event to stand before it."""
    first_open = text(
        "SELECT coalesce(min(o.position) - 1, (SELECT max(position) FROM shared.outbox WHERE created_at < :settled))"
        " FROM shared.outbox o WHERE o.position > (SELECT position FROM shared.mirror_marks WHERE name = :mirror)"
        " AND (o.created_at >= :settled OR NOT EXISTS ("
        "   SELECT FROM shared.claims c WHERE c.message_id = o.id AND c.handler = :mirror))"
    )
    reached = session.scalar(first_open, {"mirror": mirror, "settled": utcnow() - SETTLED})
    if reached is not None:
        session.execute(
            update(MirrorMark).where(MirrorMark.name == mirror, MirrorMark.position < reached).values(position=reached)
        )
