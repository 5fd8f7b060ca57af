"""Writing a review, changing it, and taking it back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from domain.orders.queries.purchases import Purchase
from domain.reviews.commands.count import recount
from domain.reviews.errors import AlreadyReviewed, BadReview, NoSuchReview, NotABuyer
from domain.reviews.models import PENDING, PUBLISHED, Review
from domain.shared.db import lock_one

SHORTEST, LONGEST = 10, 4000
"""How many characters a review has."""


def write_review(
    session: Session,
    *,
    product_id: UUID,
    purchase: Purchase | None,
    author: str,
    stars: int,
    title: str,
    words: str,
    now: datetime,
) -> None:
    """Keep what a buyer says until staff have looked at it; a second time changes the first.

    Raises NotABuyer without a purchase of the product, BadReview, and AlreadyReviewed where the order's address has a
    review of the product that this order does not open.
    """
    if purchase is None or purchase.product_id != product_id:
        raise NotABuyer
    if not 1 <= stars <= 5:
        raise BadReview("Choose from one to five stars.")
    if not title.strip() or not author.strip():
        raise BadReview("Give the review a title and a name.")
    if not SHORTEST <= len(words.strip()) <= LONGEST:
        raise BadReview(f"Write between {SHORTEST} and {LONGEST:,} characters.")
    said: dict[str, Any] = {
        "author": author.strip(), "stars": stars, "title": title.strip(), "words": words.strip()
    }  # fmt: skip
    new = insert(Review).values(
        id=uuid7(), created_at=now, written_at=now, product_id=product_id, order_id=purchase.order_id,
        shopper_id=purchase.shopper_id, email=purchase.email, state=PENDING, reason="", reply="", helpful=0, version=1,
        **said,
    )  # fmt: skip
    # Two tabs that send at once: the second finds the row of the first and changes it.
    if session.scalar(new.on_conflict_do_nothing().returning(Review.id)):
        return
    try:
        review = _locked(session, purchase)
    except NoSuchReview:
        raise AlreadyReviewed from None
    shown = review.state == PUBLISHED
    review.rewrite(**said, now=now)
    if shown:
        recount(session, [product_id])


def withdraw(session: Session, *, purchase: Purchase | None) -> None:
    """Delete a buyer's own review with its votes; raises NoSuchReview."""
    if purchase is None:
        raise NoSuchReview
    review = _locked(session, purchase)
    session.delete(review)
    recount(session, [review.product_id])


def _locked(session: Session, purchase: Purchase) -> Review:
    known = session.scalar(select(Review.id).where(own(purchase)).order_by(Review.id).limit(1))
    review = lock_one(session, Review, known) if known else None
    if review is None:
        raise NoSuchReview
    return review


def own(purchase: Purchase) -> ColumnElement[bool]:
    """Name the review that a buyer wrote of what they bought, by their account or by the order itself.

    Not by the order's address: anybody can order under anybody's.
    """
    mine = Review.order_id == purchase.order_id
    if purchase.shopper_id is not None:
        mine = or_(mine, Review.shopper_id == purchase.shopper_id)
    return (Review.product_id == purchase.product_id) & mine
