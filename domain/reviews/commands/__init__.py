"""What the rest of the shop may change of reviews."""

from domain.reviews.commands.forget import forget_reviews, join_reviews
from domain.reviews.commands.load import FormerReview, load_reviews
from domain.reviews.commands.moderate import decide, reply_to
from domain.reviews.commands.vote import unvote, vote
from domain.reviews.commands.write import withdraw, write_review

__all__ = [
    "FormerReview",
    "decide",
    "forget_reviews",
    "join_reviews",
    "load_reviews",
    "reply_to",
    "unvote",
    "vote",
    "withdraw",
    "write_review",
]
