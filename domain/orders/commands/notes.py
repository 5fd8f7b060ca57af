"""What staff write on orders for each other: notes, and tags to find them by."""

from uuid import UUID

from sqlalchemy.orm import Session

from domain.orders.commands.load import lock_order, note
from domain.orders.errors import TooManyTags
from domain.orders.queries.filters import clean_tag

NOTE = "note"
"""The kind of entry in the timeline that is nobody's business but the staff's."""
MOST_TAGS = 12


def write_note(session: Session, *, order_id: UUID, actor: str, text: str) -> None:
    """Add a note to an order's timeline that the shopper never sees."""
    order = lock_order(session, order_id, lines=False)
    note(session, order, NOTE, actor=actor, text=text.strip(), public=False)
    session.flush()


def add_tag(session: Session, *, order_id: UUID, tag: str) -> bool:
    """Put a tag on an order; False if it is there already. Raises TooManyTags."""
    order, tag = lock_order(session, order_id, lines=False), clean_tag(tag)
    if not tag or tag in order.tags:
        return False
    if len(order.tags) >= MOST_TAGS:
        raise TooManyTags(MOST_TAGS)
    order.tags = sorted({*order.tags, tag})
    session.flush()
    return True


def remove_tag(session: Session, *, order_id: UUID, tag: str) -> bool:
    """Take a tag off an order; False if it is not there."""
    order, tag = lock_order(session, order_id, lines=False), clean_tag(tag)
    if tag not in order.tags:
        return False
    order.tags = [one for one in order.tags if one != tag]
    session.flush()
    return True
