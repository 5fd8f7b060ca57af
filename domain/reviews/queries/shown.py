"""Reviews as shoppers see them, and their own."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from domain.orders.queries.purchases import Purchase, shopper_purchases
from domain.reviews.commands.write import own
from domain.reviews.errors import NoSuchReview
from domain.reviews.models import PUBLISHED, Review, Vote
from domain.reviews.queries.staff import STATES
from domain.shared.db import reading

PER_PAGE = 6
SORTS = {
    "helpful": ("Most helpful", "helpful DESC, written_at DESC, id DESC"),
    "newest": ("Newest", "written_at DESC, id DESC"),
    "highest": ("Highest rating", "stars DESC, written_at DESC, id DESC"),
    "lowest": ("Lowest rating", "stars, written_at DESC, id DESC"),
}
"""The orders of a list of reviews, each with its words; the first is the usual one."""


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A published review; `verified` if it was written of an order placed here."""

    id: UUID
    author: str
    stars: int
    title: str
    words: str
    reply: str
    helpful: int
    written_at: datetime
    verified: bool


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A page of published reviews in an order of SORTS; `stars` is the one number of stars asked for, if any."""

    rows: tuple[ReviewView, ...]
    sort: str
    stars: int | None
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class OwnReview:
    """A review as its author sees it."""

    author: str
    stars: int
    title: str
    words: str
    state: str
    reason: str
    reply: str
    written_at: datetime
    product_slug: str
    product_title: str

    @property
    def state_label(self) -> str:
        """The state in words."""
        return STATES[self.state]


_COLUMNS = "id author stars title words reply helpful written_at verified"
_PAGES = {
    sort: reading(
        f"""
        SELECT id, author, stars, title, words, reply, helpful, written_at, order_id IS NOT NULL AS verified
        FROM reviews.reviews
        WHERE product_id = :product_id AND state = 'published' AND (CAST(:stars AS int) IS NULL OR stars = :stars)
        ORDER BY {order} LIMIT :limit OFFSET :offset
        """,  # noqa: S608
        _COLUMNS,
    )
    for sort, (_, order) in SORTS.items()
}
_OWN = (
    "SELECT r.author, r.stars, r.title, r.words, r.state, r.reason, r.reply, r.written_at, p.slug, p.title"
    " FROM reviews.reviews r JOIN catalog.products p ON p.id = r.product_id"
)
_OWN_NAMES = "author stars title words state reason reply written_at product_slug product_title"
_WRITTEN = reading(f"{_OWN} WHERE r.shopper_id = :shopper_id ORDER BY r.written_at DESC", _OWN_NAMES)
_ONE_OF_MINE = reading(f"{_OWN} WHERE r.id = :review_id", _OWN_NAMES)
_VOTED = select(Review.helpful, Vote.shopper_id).outerjoin(
    Vote, (Vote.review_id == Review.id) & (Vote.shopper_id == bindparam("shopper_id"))
).where(Review.id == bindparam("review_id"), Review.state == PUBLISHED)  # fmt: skip


def published_reviews(
    session: Session, product_id: UUID, *, sort: str = "", stars: int | None = None, page: int = 1
) -> ReviewPage:
    """Return a page of a product's published reviews; one statement."""
    sort = sort if sort in SORTS else next(iter(SORTS))
    stars = stars if stars in range(1, 6) else None
    page = min(max(page, 1), 1000)
    found = session.execute(
        _PAGES[sort],
        {"product_id": product_id, "stars": stars, "limit": PER_PAGE + 1, "offset": (page - 1) * PER_PAGE},
    ).all()
    rows = tuple(ReviewView(*row) for row in found[:PER_PAGE])
    return ReviewPage(rows, sort, stars, page, len(found) > PER_PAGE)


def own_review(session: Session, purchase: Purchase) -> OwnReview | None:
    """Return what a buyer has written of what they bought, or None."""
    review_id = session.scalar(select(Review.id).where(own(purchase)).order_by(Review.id).limit(1))
    row = session.execute(_ONE_OF_MINE, {"review_id": review_id}).one_or_none() if review_id else None
    return OwnReview(*row) if row else None


def reviews_of_shopper(session: Session, shopper_id: UUID) -> tuple[OwnReview, ...]:
    """Return all that a shopper has written, the newest first."""
    return tuple(OwnReview(*row) for row in session.execute(_WRITTEN, {"shopper_id": shopper_id}))


def still_to_review(session: Session, shopper_id: UUID) -> tuple[Purchase, ...]:
    """Return what a shopper bought and kept and has not written about."""
    written = set(session.scalars(select(Review.product_id).where(Review.shopper_id == shopper_id)))
    return tuple(one for one in shopper_purchases(session, shopper_id) if one.product_id not in written)


def reviews_to_take_along(session: Session, shopper_id: UUID) -> list[dict[str, Any]]:
    """Return all that a shopper has written, and which reviews helped them, in plain values."""
    written = [asdict(one) | {"kind": "review"} for one in reviews_of_shopper(session, shopper_id)]
    votes = session.scalars(select(Vote.review_id).where(Vote.shopper_id == shopper_id))
    return written + [{"kind": "vote", "review": str(review_id)} for review_id in votes]


def votes_of(session: Session, review_id: UUID, *, shopper_id: UUID) -> tuple[int, bool]:
    """Return how many found a published review helpful and whether this shopper is one; raises NoSuchReview."""
    row = session.execute(_VOTED, {"review_id": review_id, "shopper_id": shopper_id}).one_or_none()
    if row is None:
        raise NoSuchReview
    return row.helpful, row.shopper_id is not None


def stars_given(session: Session, *, since: datetime, until: datetime) -> dict[int, int]:
    """Count the published reviews written between two moments by their stars, `until` left out; one statement."""
    statement = (
        select(Review.stars, func.count())
        .where(Review.state == PUBLISHED, Review.written_at >= since, Review.written_at < until)
        .group_by(Review.stars)
    )
    return {row[0]: row[1] for row in session.execute(statement)}
