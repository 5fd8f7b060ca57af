"""Reviews as staff see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, select, text
from sqlalchemy.orm import Session

from domain.orders.number import clean
from domain.reviews.errors import NoSuchReview
from domain.reviews.models import PENDING, PUBLISHED, REFUSED, Review
from domain.shared.db import reading
from domain.shared.lists import Filter, Place, Sorting, known, page_of
from domain.shared.stamp import stamp

STATES = {PENDING: "Waiting", PUBLISHED: "Published", REFUSED: "Refused"}
_WRITTEN, _STARS = (Review.written_at, Review.id), (Review.stars, Review.written_at, Review.id)
SORTINGS = {
    "newest": Sorting("Newest first", _WRITTEN, falls=True),
    "oldest": Sorting("Oldest first", _WRITTEN),
    "lowest": Sorting("Fewest stars first", _STARS),
    "highest": Sorting("Most stars first", _STARS, falls=True),
}
STAFF_SORTS = {"": "As usual"} | {name: sorting.label for name, sorting in SORTINGS.items()}


@dataclass(frozen=True, slots=True)
class StaffReview:
    """A review as staff see it."""

    id: UUID
    version: int
    product_id: UUID
    product_title: str
    product_slug: str
    author: str
    email: str
    stars: int
    title: str
    words: str
    state: str
    reason: str
    reply: str
    written_at: datetime
    order_number: str | None

    @property
    def seen(self) -> str:
        """What a decision says that staff have seen, as the review itself has it."""
        return stamp(self.version, self.state)

    @property
    def reply_version(self) -> str:
        """A stamp of the shop's answer."""
        return stamp(self.reply)


@dataclass(frozen=True, slots=True)
class StaffPage:
    """A page of reviews in one state, and after which one the next page starts."""

    rows: tuple[StaffReview, ...]
    after: UUID | None


@dataclass(frozen=True, kw_only=True)
class ReviewFilter(Filter):
    """Which reviews are looked for: those in a state; `q` is a mail address, an order's number or part of a title."""

    q: str = ""
    state: str = PENDING
    sort: str = ""

    @property
    def sorting(self) -> Sorting:
        """The order of the list; as long as nobody asks for one, those that have waited longest come first."""
        return SORTINGS[self.sort or ("oldest" if self.state == PENDING else "newest")]


_STAFF = """
    SELECT r.id, r.version, p.id AS product_id, p.title AS product_title, p.slug, r.author, r.email, r.stars, r.title,
        r.words, r.state, r.reason, r.reply, r.written_at, o.number
    FROM reviews.reviews r
    JOIN catalog.products p ON p.id = r.product_id
    LEFT JOIN orders.orders o ON o.id = r.order_id
"""
_STAFF_NAMES = (
    "id version product_id product_title product_slug author email stars title words state reason reply written_at "
    "order_number"
)
_SOME = reading(f"{_STAFF} WHERE r.id = ANY(:ids)", _STAFF_NAMES)
_ORDER = text("SELECT id FROM orders.orders WHERE number = :number")
_TITLED = text("SELECT id FROM catalog.products WHERE title ILIKE :part AND version > 0").columns(id=Uuid())


def read_review_filter(words: Mapping[str, str]) -> ReviewFilter:
    """Read a filter out of an address or a record; what makes no sense is left out."""
    return ReviewFilter(
        q=words.get("q", "").strip()[:200],
        state=known(words.get("state"), STATES, PENDING),
        sort=known(words.get("sort"), STAFF_SORTS),
    )


def staff_reviews(
    session: Session, wanted: ReviewFilter, *, after: UUID | Place | None = None, limit: int = 50
) -> StaffPage:
    """Return reviews in one state: usually those that wait from the oldest, the others from the newest.

    Two statements, and one more to look a number up.
    """
    statement = select(Review.id).where(Review.state == wanted.state)
    if wanted.q:
        statement = statement.where(_matching(session, wanted.q))
    ids = session.scalars(page_of(statement, wanted.sorting, after=after, limit=limit)).all()
    return StaffPage(staff_reviews_of(session, ids[:limit]), ids[limit - 1] if len(ids) > limit else None)


def staff_reviews_of(session: Session, review_ids: Sequence[UUID]) -> tuple[StaffReview, ...]:
    """Return some reviews as staff see them, in the order of the ids; those that are gone are left out."""
    if not review_ids:
        return ()
    found = {row.id: StaffReview(*row) for row in session.execute(_SOME, {"ids": list(review_ids)})}
    return tuple(found[id_] for id_ in review_ids if id_ in found)


def staff_review(session: Session, review_id: UUID) -> StaffReview:
    """Return one review as staff see it; raises NoSuchReview."""
    found = staff_reviews_of(session, [review_id])
    if not found:
        raise NoSuchReview
    return found[0]


def _matching(session: Session, q: str) -> ColumnElement[bool]:
    if "@" in q:
        return Review.email == q.lower()
    order_id: UUID | None = session.scalar(_ORDER, {"number": clean(q)})
    if order_id:
        return Review.order_id == order_id
    part = q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    titled = select(_TITLED.bindparams(part=f"%{part}%").subquery().c.id)
    return Review.product_id.in_(titled)
