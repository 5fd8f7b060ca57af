"""Sending once more what was sent, and sending staff a letter to look at; both because somebody asked for it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from domain.notifications.commands import queue_message
from domain.notifications.events import MessageQueued
from domain.notifications.kinds import kind_of
from domain.notifications.log import NoSuchMessage
from domain.notifications.models import EMAIL, FAILED, GIVEN_UP, QUEUED, SITE, Message
from domain.notifications.suppression import stops_of
from domain.shared.db import lock, lock_one
from domain.shared.errors import Conflict, RuleBroken
from domain.shared.outbox import record

TEST = "test "
"""How the subject key of a letter begins that staff sent to themselves."""
AGAIN = " again "
"""What stands in the subject key of a copy between that of the first one and the number of the copy."""
WAITS = "This message waits to be sent already."


class MessageMoved(Conflict):
    """A message is not in the state any more in which staff have seen it."""

    def __init__(self) -> None:
        super().__init__("A message has been sent, or come back, after you opened this page. Please look at it again.")


def why_not_again(session: Session, message_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Say of each of these messages why it cannot be sent once more together; those that can are left out.

    Three statements. Of two about the same the newer one goes out.
    """
    messages = session.scalars(select(Message).where(Message.id.in_(message_ids)).order_by(Message.id.desc())).all()
    found, about = _why_not(session, messages), set()
    for one in messages:
        thing = (one.template, one.recipient, _stem(one.subject_key))
        if one.id not in found and thing in about:
            found[one.id] = "It is the same as one above."
        about.add(thing)
    return found


def send_again(session: Session, *, message_id: UUID) -> UUID:
    """Write a message down once more, word for word, as a new one; raises NoSuchMessage, or RuleBroken with the reason.

    One that was given up is itself sent: nobody knows whether a server took it after all, and under the same
    Message-ID a second copy is told as one. The row is locked, so that of two at once the second finds what the first
    has written.
    """
    message = lock_one(session, Message, message_id)
    if message is None:
        raise NoSuchMessage
    why = _why_not(session, [message]).get(message.id)
    if why:
        raise RuleBroken(why)
    if message.state == FAILED and message.error.startswith(GIVEN_UP):
        message.state, message.error, message.not_before = QUEUED, "", None
        session.flush()
        record(session, MessageQueued(message_id=message.id))
        return message.id
    sent = session.scalar(
        select(func.count()).where(
            Message.template == message.template, Message.recipient == message.recipient, _about(message)
        )
    )
    copy = queue_message(
        session,
        template=message.template,
        channel=message.channel,
        recipient=message.recipient,
        subject_key=f"{_stem(message.subject_key)}{AGAIN}{sent}",
        context=message.context,
        order_id=message.order_id,
        shopper_id=message.shopper_id,
    )
    if copy is None:
        raise RuleBroken(WAITS)
    return copy


def send_many_again(session: Session, *, seen: Mapping[UUID, str]) -> int:
    """Write messages down once more, all of them or none, and return how many.

    `seen` has the state that was seen of each: raises MessageMoved if one is not in it any more, or RuleBroken.
    """
    messages = lock(session, Message, list(seen))
    if len(messages) != len(seen) or any(one.state != seen[one.id] for one in messages):
        raise MessageMoved
    for message in messages:
        send_again(session, message_id=message.id)
    return len(messages)


def _why_not(session: Session, messages: Sequence[Message]) -> dict[UUID, str]:
    stopped = stops_of(session, {one.recipient for one in messages})
    waiting = select(Message.template, Message.recipient, Message.subject_key).where(
        Message.state == QUEUED, Message.recipient.in_({one.recipient for one in messages})
    )
    queued = {(row.template, row.recipient, _stem(row.subject_key)) for row in session.execute(waiting)}
    found = {}
    for one in messages:
        if one.channel == SITE:
            found[one.id] = "A notice inside the site stays where it is; there is nothing to send."
        elif not one.context:
            found[one.id] = "What this message said was deleted with the account it went to."
        elif one.recipient.lower() in stopped:
            found[one.id] = f"{stopped[one.recipient.lower()]} Lift that first."
        elif (one.template, one.recipient, _stem(one.subject_key)) in queued:
            found[one.id] = WAITS
    return found


def _stem(subject_key: str) -> str:
    """Return what a message and all of its copies are about."""
    return subject_key.partition(AGAIN)[0]


def _about(message: Message) -> ColumnElement[bool]:
    """Say that a message is about the same, as the first or as a copy."""
    stem = _stem(message.subject_key)
    return (Message.subject_key == stem) | Message.subject_key.startswith(f"{stem}{AGAIN}", autoescape=True)


def send_test(session: Session, *, template: str, to: str, context: dict[str, Any]) -> UUID | None:
    """Write a letter down that goes to a member of staff, even while its kind is switched off; raises NoSuchKind."""
    kind_of(template)
    return queue_message(
        session, template=template, channel=EMAIL, recipient=to, subject_key=f"{TEST}{uuid7()}", context=context
    )
