"""What shoppers say when they are asked how content they are with an order."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.notifications.events import OpinionGiven
from domain.notifications.models import Satisfaction
from domain.shared.db import utcnow
from domain.shared.errors import RuleBroken
from domain.shared.outbox import record

SCORES = {5: "Very content", 4: "Content", 3: "So-so", 2: "Not content", 1: "Not content at all"}


def keep_opinion(session: Session, *, order_id: UUID, score: int, words: str) -> None:
    """Keep how content a shopper is with an order, 1 to 5; the last answer counts. Raises RuleBroken."""
    if score not in SCORES:
        raise RuleBroken("Please choose one of the five answers.")
    now = utcnow()
    values = {"score": score, "words": words.strip()[:1000], "answered_at": now}
    session.execute(
        insert(Satisfaction)
        .values(order_id=order_id, **values)
        .on_conflict_do_update(index_elements=["order_id"], set_=values)
    )
    record(session, OpinionGiven(order_id=order_id, score=score, at=now))


def opinion(session: Session, order_id: UUID) -> tuple[int, str] | None:
    """Return what was answered about an order: the score and the words."""
    found = session.get(Satisfaction, order_id, populate_existing=True)
    return (found.score, found.words) if found else None


def opinions(session: Session) -> Sequence[tuple[UUID, int, datetime]]:
    """Return every answer: the order, the score and when it was given; for whoever counts them anew."""
    statement = select(Satisfaction.order_id, Satisfaction.score, Satisfaction.answered_at)
    return session.execute(statement).all()
