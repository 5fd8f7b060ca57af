"""What happens to messages."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from domain.shared.events import Event


@dataclass(frozen=True, kw_only=True)
class MessageQueued(Event):
    """A message was written down and waits to be sent."""

    name: ClassVar[str] = "notifications.message_queued"
    message_id: UUID


@dataclass(frozen=True, kw_only=True)
class MessageFailed(Event):
    """A message will never arrive: its recipient's server refused it for good."""

    name: ClassVar[str] = "notifications.message_failed"
    message_id: UUID


@dataclass(frozen=True, kw_only=True)
class OpinionGiven(Event):
    """A shopper said how content they are with an order, 1 to 5; a later answer replaces an earlier one."""

    name: ClassVar[str] = "notifications.opinion_given"
    order_id: UUID
    score: int
    at: datetime
