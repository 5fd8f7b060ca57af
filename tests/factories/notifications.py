"""Messages for tests, with all that a mail about an order shows."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from domain.notifications.commands import queue_message
from domain.notifications.samples import ORDER


def order_context(**changes: Any) -> dict[str, Any]:
    """Return an order as a message keeps it: two mugs and a towel, whose name needs escaping, for 44.95 euros."""
    mugs, towel = ORDER["lines"]
    return ORDER | {"order_id": str(uuid4()), "lines": [mugs, towel | {"title": "Towel <b>"}]} | changes


def make_message(
    session: Session,
    *,
    recipient: str = "aoife@example.com",
    template: str = "order_placed",
    order_id: UUID | None = None,
) -> UUID:
    """Write down a message that is about nothing else than this order, or none."""
    message_id = queue_message(
        session,
        template=template,
        channel="email",
        recipient=recipient,
        subject_key=str(uuid4()),
        context={"order": order_context()},
        order_id=order_id,
    )
    assert message_id is not None
    return message_id
