"""Sending once more what was sent, and sending staff a letter to look at; both because somebody asked for it."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from domain.notifications.commands import queue_message
from domain.notifications.kinds import kind_of
from domain.notifications.log import NoSuchMessage
from domain.notifications.models import EMAIL, QUEUED, SITE, Message
from domain.notifications.suppression import why_suppressed
from domain.shared.db import lock_one
from domain.shared.errors import RuleBroken

TEST = "test "
"""How the subject key of a letter begins that staff sent to themselves."""


def send_again(session: Session, *, message_id: UUID) -> UUID:
    """Write a message down once more, word for word, as a new one; raises NoSuchMessage, or RuleBroken with the reason.

    The first one's row is locked, so that of two at once the second finds what the first has written.
    """
    message = lock_one(session, Message, message_id)
    if message is None:
        raise NoSuchMessage
    if message.channel == SITE:
        raise RuleBroken("A notice inside the site stays where it is; there is nothing to send.")
    if not message.context:
        raise RuleBroken("What this message said was deleted with the account it went to.")
    stopped = why_suppressed(session, message.recipient)
    if stopped:
        raise RuleBroken(f"{stopped} Lift that first.")
    stem = message.subject_key.partition(" again ")[0]
    same = (Message.template == message.template, Message.recipient == message.recipient)
    mine = (Message.subject_key == stem) | Message.subject_key.startswith(f"{stem} again ", autoescape=True)
    sent = session.execute(select(Message.state).where(*same, mine)).scalars().all()
    if QUEUED in sent:
        raise RuleBroken("This message waits to be sent already.")
    copy = queue_message(
        session,
        template=message.template,
        channel=message.channel,
        recipient=message.recipient,
        subject_key=f"{stem} again {len(sent)}",
        context=message.context,
        order_id=message.order_id,
    )
    if copy is None:
        raise RuleBroken("This message waits to be sent already.")
    return copy


def send_test(session: Session, *, template: str, to: str, context: dict[str, Any]) -> UUID | None:
    """Write a letter down that goes to a member of staff, even while its kind is switched off; raises NoSuchKind."""
    kind_of(template)
    return queue_message(
        session, template=template, channel=EMAIL, recipient=to, subject_key=f"{TEST}{uuid7()}", context=context
    )
