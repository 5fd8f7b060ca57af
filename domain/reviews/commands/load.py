"""Bringing along the reviews of a former shop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from domain.reviews.commands.count import recount
from domain.reviews.models import PUBLISHED, Review


@dataclass(frozen=True, kw_only=True)
class FormerReview:
    """A review as it stood elsewhere; nobody here can say that its author bought the product."""

    product_id: UUID
    email: str
    author: str
    stars: int
    title: str
    words: str
    written_at: datetime
    reply: str = ""


def load_reviews(session: Session, reviews: Sequence[FormerReview]) -> int:
    """Publish reviews that were moderated elsewhere; a second run changes nothing.

    Return how many were new. No events are recorded: who loads refreshes the listing when all is there.
    """
    if not reviews:
        return 0
    rows = [
        {
            "id": uuid7(), "created_at": one.written_at, "product_id": one.product_id, "email": one.email,
            "author": one.author, "stars": one.stars, "title": one.title, "words": one.words, "reply": one.reply,
            "written_at": one.written_at, "state": PUBLISHED, "reason": "", "helpful": 0, "version": 1,
        }
        for one in reviews
    ]  # fmt: skip
    new = insert(Review).on_conflict_do_nothing(index_elements=["product_id", "email"]).returning(Review.product_id)
    made = session.scalars(new, rows).all()
    recount(session, made, tell=False)
    return len(made)
