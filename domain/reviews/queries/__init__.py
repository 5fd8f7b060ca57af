"""What pages show of reviews."""

from domain.reviews.queries.shown import (
    SORTS,
    OwnReview,
    ReviewPage,
    ReviewView,
    own_review,
    published_reviews,
    reviews_of_shopper,
    reviews_to_take_along,
    stars_given,
    still_to_review,
    votes_of,
)
from domain.reviews.queries.staff import (
    STAFF_SORTS,
    STATES,
    ReviewFilter,
    StaffPage,
    StaffReview,
    read_review_filter,
    staff_review,
    staff_reviews,
    staff_reviews_of,
)

__all__ = [
    "SORTS", "STAFF_SORTS", "STATES", "OwnReview", "ReviewFilter", "ReviewPage", "ReviewView", "StaffPage",
    "StaffReview", "own_review", "published_reviews", "read_review_filter", "reviews_of_shopper",
    "reviews_to_take_along", "staff_review", "staff_reviews", "staff_reviews_of", "stars_given", "still_to_review",
    "votes_of",
]  # fmt: skip
