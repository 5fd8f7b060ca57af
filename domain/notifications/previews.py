"""What a letter is shown with: an order or message of the shop's own, or made-up values where there is none yet."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.notifications.again import TEST
from domain.notifications.kinds import kind_of
from domain.notifications.models import SMS, Message
from domain.notifications.samples import LETTERS, TEXTS
from domain.orders.queries.letter import order_letter
from domain.shared.errors import RuleBroken

MADE_UP = "made-up values"


@dataclass(frozen=True)
class Example:
    """The values of a letter, and where they are from, in words; `message_id` or `order_number` asks for them again."""

    context: dict[str, Any]
    source: str
    message_id: UUID | None = None
    order_id: UUID | None = None


def example(
    session: Session, template: str, *, message_id: UUID | None = None, order_id: UUID | None = None
) -> Example:
    """Return what a letter says: of one message, with one order in it, or else as it was last sent.

    A letter whose link opens something is only ever shown with made-up values, so that nobody gets at the link by
    looking at it. Raises NoSuchKind, and RuleBroken for an order that is none.
    """
    kind, sample = kind_of(template), LETTERS.get(template) or TEXTS[template]
    if kind.holds_link:
        return Example(sample, MADE_UP)
    if order_id:
        order = order_letter(session, order_id)
        if order is None or "order" not in sample:
            raise RuleBroken("This letter cannot be shown with that order.")
        return Example(sample | {"order": order.as_context()}, f"order {order.number}", order_id=order_id)
    wanted = select(Message).where(Message.template == template, Message.channel != SMS, Message.context != {})
    if message_id:
        wanted = wanted.where(Message.id == message_id)
    else:
        wanted = wanted.where(~Message.subject_key.startswith(TEST))
    message = session.scalar(wanted.order_by(Message.id.desc()).limit(1))
    if message is None or not sample.keys() <= message.context.keys():
        return Example(sample, MADE_UP)
    return Example(message.context, "what was last sent" if not message_id else "this message", message_id=message.id)
