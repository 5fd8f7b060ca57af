"""What a reader may say yes or no to: letters that no order needs. Those that an order needs have no topic."""

import hmac
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.notifications.models import Preference
from domain.shared.db import utcnow


@dataclass(frozen=True)
class Topic:
    """A kind of letter; one with `consent` goes only to those who said yes, others to all who did not say no."""

    name: str
    label: str
    consent: bool
    templates: tuple[str, ...]


TOPICS = (
    Topic("reminders", "One reminder when you leave something in your cart", True, ("cart_reminder",)),
    Topic("reviews", "One question about how you like what you bought", False, ("review_request",)),
    Topic("stock", "News about things you wait for", False, ("back_in_stock",)),
)
OF_TEMPLATE = {template: topic for topic in TOPICS for template in topic.templates}
BY_NAME = {topic.name: topic for topic in TOPICS}


@dataclass(frozen=True)
class Choice:
    """A topic and whether an address gets its letters."""

    topic: Topic
    wanted: bool


def say(session: Session, *, email: str, topic: str, wanted: bool) -> None:
    """Note what the reader of an address wants; the last word counts."""
    values = {"wanted": wanted, "changed_at": utcnow()}
    session.execute(
        insert(Preference)
        .values(email=email.lower(), topic=BY_NAME[topic].name, **values)
        .on_conflict_do_update(index_elements=["email", "topic"], set_=values)
    )


def choices(session: Session, email: str) -> tuple[Choice, ...]:
    """Return every topic with what holds for an address."""
    rows = session.execute(select(Preference.topic, Preference.wanted).where(Preference.email == email.lower()))
    said = {row.topic: row.wanted for row in rows}
    return tuple(Choice(topic, said.get(topic.name, not topic.consent)) for topic in TOPICS)


def is_wanted(session: Session, *, email: str, template: str) -> bool:
    """Say whether an address gets this kind of letter."""
    topic = OF_TEMPLATE.get(template)
    return topic is None or next(choice.wanted for choice in choices(session, email) if choice.topic == topic)


def signature(secret: str, *, email: str, topic: str) -> str:
    """Sign the link by which an address leaves a topic: it needs no sign-in, and nobody can make one for another."""
    words = f"unsubscribe\n{topic}\n{email.lower()}"
    return hmac.new(secret.encode(), words.encode(), sha256).hexdigest()[:40]


def is_signed(secret: str, given: str, *, email: str, topic: str) -> bool:
    """Say whether a link was signed by this shop, in a time that tells nothing."""
    return hmac.compare_digest(signature(secret, email=email, topic=topic).encode(), given.encode("utf-8", "replace"))
