"""How the channels of messages do: when something last left, and since when nothing does."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from domain.notifications.channels import LONGEST
from domain.notifications.models import EMAIL, SMS
from domain.shared.breaker import FAILURES
from domain.shared.db import reading
from domain.shared.outbox import id_at

IN_WORDS = {
    EMAIL: ("Letters", "letter", "the mail server"),
    SMS: ("Text messages", "text message", "the service for text messages"),
}
"""What goes by each channel, many and one, and who carries it."""


@dataclass(frozen=True)
class ChannelHealth:
    """What is known of a channel: when it last took a message, to the minute, and how its messages fare.

    `silences` is how often in a row it gave no answer, `failed` how many messages of the last day were given up, and
    `waiting` how many want to go now, counted only where they are held back.
    """

    name: str
    last_sent: datetime | None
    silent_since: datetime | None
    silences: int
    failed: int
    waiting: int

    @property
    def held(self) -> bool:
        """Whether messages are held back, but for the one that tries after each pause."""
        return self.silences >= FAILURES


_HEALTH = reading(
    """
    SELECT asked.name, state.sent_at, state.silent_since, coalesce(state.failures, 0),
        (SELECT count(*) FROM notifications.messages
            WHERE channel = asked.name AND state = 'failed' AND id >= :day_ago),
        CASE WHEN state.failures >= :held THEN
            (SELECT count(*) FROM notifications.messages
                WHERE channel = asked.name AND state = 'queued' AND (not_before IS NULL OR not_before <= :soon))
        ELSE 0 END
    FROM unnest(CAST(:names AS text[])) WITH ORDINALITY AS asked(name, place)
    LEFT JOIN notifications.channels state USING (name)
    ORDER BY asked.place
    """,
    "name last_sent silent_since silences failed waiting",
)


def channel_health(session: Session, *, text_messages: bool, now: datetime) -> tuple[ChannelHealth, ...]:
    """Return what is known of mail, and of text messages if the shop sends any; one statement, all of it by indexes."""
    names = [EMAIL, SMS] if text_messages else [EMAIL]
    # A message that met a shut channel waits no longer than the channel's longest pause; a reminder waits for days.
    soon = now + timedelta(seconds=LONGEST)
    found = session.execute(
        _HEALTH, {"names": names, "day_ago": id_at(now - timedelta(days=1)), "soon": soon, "held": FAILURES}
    )
    return tuple(ChannelHealth(*row) for row in found)
