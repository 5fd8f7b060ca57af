"""What shoppers say when they are asked how content they are with an order."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.notifications.models import Satisfaction
from domain.shared.db import utcnow
from domain.shared.errors import RuleBroken

SCORES = {5: "Very content", 4: "Content", 3: "So-so", 2: "Not content", 1: "Not content at all"}


def keep_opinion(session: Session, *, order_id: UUID, score: int, words: str) -> None:
    """Keep how content a shopper is with an order, 1 to 5; the last answer counts. Raises RuleBroken."""
    if score not in SCORES:
        raise RuleBroken("Please choose one of the five answers.")
    values = {"score": score, "words": words.strip()[:1000], "answered_at": utcnow()}
    session.execute(
        insert(Satisfaction)
        .values(order_id=order_id, **values)
        .on_conflict_do_update(index_elements=["order_id"], set_=values)
    )


def opinion(session: Session, order_id: UUID) -> tuple[int, str] | None:
    """Return what was answered about an order: the score and the words."""
    found = session.get(Satisfaction, order_id, populate_existing=True)
    return (found.score, found.words) if found else None
