"""What a shopper was written, wants and has said, to be taken along."""

from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.notifications.models import Message, Satisfaction, StockWait
from domain.notifications.phones import phone_of
from domain.notifications.suppression import why_suppressed
from domain.notifications.topics import choices


def messages_to_take_along(session: Session, *, shopper_id: UUID, email: str) -> dict[str, Any]:
    """Return all that the shop keeps about a shopper's messages, in plain values."""
    messages = session.scalars(
        select(Message).where(or_(Message.recipient == email, Message.shopper_id == shopper_id)).order_by(Message.id)
    ).all()
    about = {message.order_id for message in messages if message.order_id}
    opinions = session.scalars(select(Satisfaction).where(Satisfaction.order_id.in_(about)))
    waits = session.execute(
        select(StockWait.variant_id, StockWait.created_at, StockWait.told_at)
        .where(StockWait.email == email)
        .order_by(StockWait.id)
    )
    phone = phone_of(session, shopper_id)
    return {
        "messages": [
            {
                "kind": message.template,
                "channel": message.channel,
                "subject": message.subject,
                "state": message.state,
                "written_at": message.created_at,
                "sent_at": message.sent_at,
                "says": message.context,
            }
            for message in messages
        ],
        "letters_wanted": {choice.topic.name: choice.wanted for choice in choices(session, email)},
        "mail_stopped": why_suppressed(session, email),
        "phone": {"number": phone.number, "verified": phone.verified} if phone else None,
        "waiting_for": [row._asdict() for row in waits],
        "opinions": [
            {"order_id": row.order_id, "score": row.score, "words": row.words, "answered_at": row.answered_at}
            for row in opinions
        ],
    }
