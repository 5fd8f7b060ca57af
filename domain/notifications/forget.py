"""Taking an address out of what was written to it."""

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from domain.notifications.models import QUEUED, SITE, Message, Preference, StockWait


def forget_recipient(session: Session, *, email: str) -> None:
    """Empty the messages that went to an address and drop what it waits for and wants.

    Those that are about to be sent are kept; those that wait for a later day are not.
    """
    session.execute(delete(Message).where(Message.recipient == email, Message.not_before.is_not(None)))
    session.execute(
        delete(Message).where(Message.channel == SITE, Message.context[("order", "email")].as_string() == email)
    )
    session.execute(delete(Preference).where(Preference.email == email))
    session.execute(
        update(Message)
        .where(Message.recipient == email, Message.state != QUEUED)
        .values(recipient="deleted@account.invalid", subject="", context={}, error="")
    )
    session.execute(delete(StockWait).where(StockWait.email == email))
