"""Taking an address out of what was written to it."""

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from domain.notifications.models import QUEUED, Message, StockWait


def forget_recipient(session: Session, *, email: str) -> None:
    """Empty the messages that went to an address and drop what it waits for; those still to be sent are kept."""
    session.execute(
        update(Message)
        .where(Message.recipient == email, Message.state != QUEUED)
        .values(recipient="deleted@account.invalid", subject="", context={}, error="")
    )
    session.execute(delete(StockWait).where(StockWait.email == email))
