"""What staff say about reviews."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalog.commands import touch
from domain.reviews.commands.count import recount
from domain.reviews.errors import BadReview, EditedMeanwhile, NoReason, NoSuchReview
from domain.reviews.models import PUBLISHED, Review
from domain.shared.db import lock, lock_one
from domain.shared.stamp import check_seen

LONGEST_REPLY = 1000


def decide(session: Session, *, seen: Mapping[UUID, str], publish: bool, reason: str = "") -> int:
    """Publish reviews or refuse them, all of them or none; return how many changed.

    `seen` says what was seen of each: raises EditedMeanwhile if one is no longer that, and NoReason.
    """
    if not publish and not reason.strip():
        raise NoReason
    reviews = lock(session, Review, list(seen))
    if len(reviews) != len(seen) or any(review.seen != seen[review.id] for review in reviews):
        raise EditedMeanwhile
    touched = set()
    for review in reviews:
        before = review.state
        if publish:
            review.publish()
        else:
            review.refuse(reason.strip())
        if PUBLISHED in (before, review.state) and before != review.state:
            touched.add(review.product_id)
    recount(session, touched)
    return len(reviews)


def reply_to(session: Session, *, review_id: UUID, words: str, seen: str | None = None) -> None:
    """Answer a review under it; empty words take the answer away. Raises NoSuchReview and BadReview.

    With `seen`, the stamp of the answer that was shown, raises ChangedMeanwhile if it is no longer that one.
    """
    if len(words.strip()) > LONGEST_REPLY:
        raise BadReview(f"Use at most {LONGEST_REPLY:,} characters.")
    review = lock_one(session, Review, review_id)
    if review is None:
        raise NoSuchReview
    check_seen(seen, review.reply, what="answer")
    review.reply = words.strip()
    if review.state == PUBLISHED:
        touch(session, product_id=review.product_id)
