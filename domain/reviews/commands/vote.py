"""Saying that a review helped."""

from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.reviews.errors import NoSuchReview, OwnReview
from domain.reviews.models import PUBLISHED, Review, Vote


def vote(session: Session, *, review_id: UUID, shopper_id: UUID) -> None:
    """Note that a review helped a shopper, once; raises NoSuchReview and OwnReview."""
    found = session.execute(
        select(Review.shopper_id).where(Review.id == review_id, Review.state == PUBLISHED)
    ).one_or_none()
    if found is None:
        raise NoSuchReview
    if found.shopper_id == shopper_id:
        raise OwnReview
    new = insert(Vote).values(review_id=review_id, shopper_id=shopper_id).on_conflict_do_nothing()
    if session.scalar(new.returning(Vote.review_id)):
        _add(session, review_id, 1)


def unvote(session: Session, *, review_id: UUID, shopper_id: UUID) -> None:
    """Take a vote back; without one nothing changes."""
    mine = delete(Vote).where(Vote.review_id == review_id, Vote.shopper_id == shopper_id)
    if session.scalar(mine.returning(Vote.review_id)):
        _add(session, review_id, -1)


def _add(session: Session, review_id: UUID, votes: int) -> None:
    session.execute(update(Review).where(Review.id == review_id).values(helpful=Review.helpful + votes))
