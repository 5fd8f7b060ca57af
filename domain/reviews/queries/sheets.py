"""Reviews as the rows of a file."""

from sqlalchemy.orm import Session

from domain.reviews.queries.staff import STATES, read_review_filter, staff_reviews
from domain.shared.exports import Sheet, SheetPage, Words, behind


def _reviews(session: Session, wanted: Words, after: str | None, limit: int) -> SheetPage:
    """Write reviews down; their authors by the names they chose, as the mail addresses are not needed to read them."""
    found = read_review_filter(wanted)
    page = staff_reviews(session, found, after=behind(after), limit=limit)
    rows = [
        (
            one.product_title, one.product_slug, one.stars, one.title, one.words, one.author, STATES[one.state],
            one.reason, one.reply, one.written_at.isoformat(timespec="seconds"), one.order_number or "",
        )
        for one in page.rows
    ]  # fmt: skip
    return SheetPage.of(session, rows, found.sorting, page.after)


REVIEWS = Sheet(
    (
        "Product", "Handle", "Stars", "Title", "Review", "Author", "State", "Refused because", "Our answer", "Written",
        "Order",
    ),
    _reviews,
)  # fmt: skip
