"""Reviews as the rows of a file."""

from sqlalchemy.orm import Session

from domain.reviews.queries.staff import STATES, read_review_filter, staff_reviews
from domain.shared.exports import Sheet, SheetPage, Words, key_of


def _reviews(session: Session, wanted: Words, after: str | None, limit: int) -> SheetPage:
    """Write reviews down; their authors by the names they chose, as the mail addresses are not needed to read them."""
    page = staff_reviews(session, read_review_filter(wanted), after=key_of(after), limit=limit)
    rows = [
        (
            one.product_title, one.product_slug, one.stars, one.title, one.words, one.author, STATES[one.state],
            one.reason, one.reply, one.written_at.isoformat(timespec="seconds"), one.order_number or "",
        )
        for one in page.rows
    ]  # fmt: skip
    return SheetPage(rows, str(page.after) if page.after else None)


REVIEWS = Sheet(
    (
        "Product", "Handle", "Stars", "Title", "Review", "Author", "State", "Refused because", "Our answer", "Written",
        "Order",
    ),
    _reviews,
)  # fmt: skip
