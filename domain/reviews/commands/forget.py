"""Reviews of people who open an account, and of those who leave."""

from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session, aliased

from domain.reviews.commands.count import recount
from domain.reviews.models import Review, Vote


def join_reviews(session: Session, *, shopper_id: UUID, email: str) -> None:
    """Put what somebody wrote as a guest into their account, now that the address is known to be theirs."""
    other = aliased(Review)
    mine_already = select(other.product_id).where(other.shopper_id == shopper_id)
    session.execute(
        update(Review)
        .where(Review.email == email, Review.shopper_id.is_(None), Review.product_id.not_in(mine_already))
        .values(shopper_id=shopper_id)
        .execution_options(synchronize_session=False)
    )


def forget_reviews(session: Session, *, shopper_id: UUID, email: str | None) -> None:
    """Delete what a shopper wrote and voted: words may tell who somebody is, so none are kept without the name.

    With a verified address what was written under it without an account goes too.
    """
    voted = delete(Vote).where(Vote.shopper_id == shopper_id).returning(Vote.review_id)
    liked = session.scalars(voted).all()
    if liked:
        session.execute(update(Review).where(Review.id.in_(liked)).values(helpful=Review.helpful - 1))
    mine = Review.shopper_id == shopper_id
    written = delete(Review).where(or_(mine, Review.email == email) if email else mine)
    recount(session, session.scalars(written.returning(Review.product_id)).all())
