"""Taking an address out of what was written to it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from domain.notifications.models import QUEUED, SITE, Message, Preference, StockWait


def forget_recipient(session: Session, *, email: str, shopper_id: UUID, order_ids: Sequence[UUID] = ()) -> None:
    """Empty the messages that went to an address or are about these orders, and drop what it waits for and wants.

    Those that are about to be sent are kept; those that wait for a later day are not. Notices inside the site go.
    """
    theirs = or_(Message.recipient == email, Message.order_id.in_(order_ids))
    session.execute(delete(Message).where(theirs, Message.not_before.is_not(None)))
    session.execute(delete(Message).where(Message.shopper_id == shopper_id, Message.channel == SITE))
    session.execute(delete(Preference).where(Preference.email == email))
    session.execute(
        update(Message)
        .where(theirs, Message.state != QUEUED)
        .values(recipient="deleted@account.invalid", subject="", context={}, error="")
    )
    session.execute(delete(StockWait).where(StockWait.email == email))
