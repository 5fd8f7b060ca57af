"""The log of every message, as staff search it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, select, text
from sqlalchemy.orm import Session

from domain.notifications.kinds import KINDS, title_of
from domain.notifications.models import BOUNCED, FAILED, QUEUED, SENT, SUPPRESSED, Message
from domain.orders.number import clean
from domain.shared.errors import NotFound
from domain.shared.lists import Filter, Sorting, known, page_of

STATES = {
    QUEUED: "Queued",
    SENT: "Sent",
    BOUNCED: "Bounced",
    FAILED: "Failed",
    SUPPRESSED: "Held back",
}
"""What may have become of a message, in words."""

SORTINGS = {
    "": Sorting("Newest first", (Message.id,), falls=True),
    "oldest": Sorting("Oldest first", (Message.id,)),
}
SORTS = {name: sorting.label for name, sorting in SORTINGS.items()}

_ORDER = text("SELECT id FROM orders.orders WHERE number = :number")
_NUMBER = text("SELECT number FROM orders.orders WHERE id = :order_id")


class NoSuchMessage(NotFound):
    """There is no such message."""

    def __init__(self) -> None:
        super().__init__("There is no such message.")


@dataclass(frozen=True)
class LogRow:
    """A line of the log."""

    id: UUID
    title: str
    template: str
    channel: str
    recipient: str
    subject: str
    state: str
    state_label: str
    attempts: int
    error: str
    created_at: datetime
    sent_at: datetime | None
    waits_until: datetime | None


@dataclass(frozen=True)
class LogPage:
    """Some lines of the log, the newest first; `after` asks for the next ones, None if there are none."""

    rows: tuple[LogRow, ...]
    after: UUID | None


@dataclass(frozen=True, kw_only=True)
class MessageFilter(Filter):
    """Which messages are looked for; `q` is what `message_log` says of it."""

    state: str = ""
    template: str = ""
    q: str = ""
    sort: str = ""


@dataclass(frozen=True)
class MessageView:
    """A message with all that staff may know of it."""

    row: LogRow
    provider_id: str | None
    order_number: str | None
    context: dict[str, Any]


def read_message_filter(words: Mapping[str, str]) -> MessageFilter:
    """Read a filter out of an address or a record; what makes no sense is left out."""
    return MessageFilter(
        state=known(words.get("state"), STATES),
        template=known(words.get("template"), KINDS),
        q=words.get("q", "").strip()[:254],
        sort=known(words.get("sort"), SORTS),
    )


def message_log(
    session: Session,
    *,
    state: str = "",
    template: str = "",
    q: str = "",
    sort: str = "",
    after: UUID | None = None,
    limit: int = 50,
) -> LogPage:
    """Return messages, usually the newest first: of a state, of a kind, to somebody, about an order; by an index each.

    `q` is a whole mail address, telephone number, order number, or the id of a message here or at the mail service.
    """
    statement = page_of(select(Message), SORTINGS[sort], after=after, limit=limit)
    if state in STATES:
        statement = statement.where(Message.state == state)
    if template:
        statement = statement.where(Message.template == template)
    if q:
        statement = statement.where(_matching(session, q))
    found = session.scalars(statement.execution_options(populate_existing=True)).all()
    return LogPage(tuple(map(_row, found[:limit])), found[limit - 1].id if len(found) > limit else None)


def messages_of_ids(session: Session, message_ids: Sequence[UUID]) -> tuple[LogRow, ...]:
    """Return some messages, newest first; those that are not there are left out. One statement."""
    statement = select(Message).where(Message.id.in_(message_ids)).order_by(Message.id.desc())
    return tuple(map(_row, session.scalars(statement.execution_options(populate_existing=True))))


def one_message(session: Session, message_id: UUID) -> MessageView:
    """Return a message; raises NoSuchMessage."""
    message = session.get(Message, message_id, populate_existing=True)
    if message is None:
        raise NoSuchMessage
    number = session.scalar(_NUMBER, {"order_id": message.order_id}) if message.order_id else None
    return MessageView(_row(message), message.provider_id, number, message.context)


def _matching(session: Session, q: str) -> ColumnElement[bool]:
    if re.fullmatch(r"[0-9a-fA-F-]{32,36}", q) and len(q.replace("-", "")) == 32:
        return Message.id == UUID(q)
    if "@" in q:
        return Message.recipient == q.lower() if not q.startswith("<") else Message.provider_id == q
    if re.fullmatch(r"\+[0-9 ()-]{6,24}", q):
        return Message.recipient == "+" + re.sub(r"\D", "", q)
    order_id = session.scalar(_ORDER, {"number": clean(q)})
    return Message.order_id == order_id if order_id else false()


def _row(message: Message) -> LogRow:
    return LogRow(
        id=message.id,
        title=title_of(message.template),
        template=message.template,
        channel=message.channel,
        recipient=message.recipient,
        subject=message.subject,
        state=message.state,
        state_label=STATES[message.state],
        attempts=message.attempts,
        error=message.error,
        created_at=message.created_at,
        sent_at=message.sent_at,
        waits_until=message.not_before,
    )
