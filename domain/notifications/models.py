"""Messages and how their sending went."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db import Base, Entity, utcnow

EMAIL, SMS, SITE = "email", "sms", "site"
"""The channels: mail, a text message to a telephone, and a notice on the pages of a shopper's account."""

QUEUED, SENT, BOUNCED, FAILED, SUPPRESSED = "queued", "sent", "bounced", "failed", "suppressed"
"""What becomes of a message; one that was sent may come back, one that is suppressed was never sent."""

GIVEN_UP = "It could not be sent, try after try: "
"""How the reason begins of a message whose job was out of tries: nobody knows whether a server took it after all."""


class Message(Entity, kw_only=True):
    """One message to one recipient; `subject_key` and `template` make it the only one of its kind.

    `context` is what the template shows, frozen when the message was queued. One with `not_before` waits for that
    moment, and no job knows of it until then. `shopper_id` and `read_at` are those of a notice inside the site; a
    letter has the `shopper_id` of an account that had this address and has another one now.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("template", "subject_key", "recipient"),
        CheckConstraint("state IN ('queued', 'sent', 'bounced', 'failed', 'suppressed')", name="state"),
        Index("ix_messages_queued", "created_at", postgresql_where=text("state = 'queued'")),
        Index("ix_messages_notices", "shopper_id", "id", postgresql_where=text("shopper_id IS NOT NULL")),
        Index("ix_messages_template", "template", "id"),
        Index("ix_messages_not_sent", "state", "id", postgresql_where=text("state <> 'sent'")),
        Index("ix_messages_provider_id", "provider_id", postgresql_where=text("provider_id IS NOT NULL")),
        Index("ix_messages_later", "not_before", postgresql_where=text("not_before IS NOT NULL")),
        {"schema": "notifications"},
    )

    template: Mapped[str] = mapped_column(String(80))
    subject_key: Mapped[str] = mapped_column(String(200))
    channel: Mapped[str] = mapped_column(String(20))
    recipient: Mapped[str] = mapped_column(String(254), index=True)
    order_id: Mapped[UUID | None] = mapped_column(index=True, default=None)
    context: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    subject: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(20), default=QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    provider_id: Mapped[str | None] = mapped_column(String(200), default=None)
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    not_before: Mapped[datetime | None] = mapped_column(default=None)
    shopper_id: Mapped[UUID | None] = mapped_column(default=None)
    read_at: Mapped[datetime | None] = mapped_column(default=None)


class StaffAlert(Base, kw_only=True):
    """An address that wants to hear of one kind of news for staff."""

    __tablename__ = "staff_alerts"
    __table_args__ = ({"schema": "notifications"},)

    template: Mapped[str] = mapped_column(String(80), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), primary_key=True)


class AlertChoice(Base, kw_only=True):
    """A kind of news for which staff have said who hears of it; until then the first owner does."""

    __tablename__ = "alert_choices"
    __table_args__ = ({"schema": "notifications"},)

    template: Mapped[str] = mapped_column(String(80), primary_key=True)
    chosen_at: Mapped[datetime] = mapped_column(default_factory=utcnow)


class SwitchedOff(Base, kw_only=True):
    """A kind of message that is not sent at present."""

    __tablename__ = "switched_off"
    __table_args__ = ({"schema": "notifications"},)

    template: Mapped[str] = mapped_column(String(80), primary_key=True)
    since: Mapped[datetime] = mapped_column(default_factory=utcnow)


class Suppression(Base, kw_only=True):
    """An address that nothing is sent to, and why: mail bounced for good, or its reader called it spam.

    One that was lifted gets its mail again; the row stays for a while, to tell why.
    """

    __tablename__ = "suppressions"
    __table_args__ = (
        CheckConstraint("reason IN ('bounce', 'complaint', 'staff')", name="reason"),
        Index("ix_suppressions_created_at", "created_at", "email"),
        {"schema": "notifications"},
    )

    email: Mapped[str] = mapped_column(String(254), primary_key=True)
    reason: Mapped[str] = mapped_column(String(20))
    detail: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(default_factory=utcnow)
    lifted_at: Mapped[datetime | None] = mapped_column(default=None)
    lifted_because: Mapped[str] = mapped_column(String(300), default="", server_default="")


class Preference(Base, kw_only=True):
    """What the reader of an address said about a topic; where nothing was said, the topic's own rule holds."""

    __tablename__ = "preferences"
    __table_args__ = ({"schema": "notifications"},)

    email: Mapped[str] = mapped_column(String(254), primary_key=True)
    topic: Mapped[str] = mapped_column(String(40), primary_key=True)
    wanted: Mapped[bool]
    changed_at: Mapped[datetime] = mapped_column(default_factory=utcnow)


class ChannelState(Base, kw_only=True):
    """How a channel is doing, for all workers together: its circuit breaker and what its rate still allows.

    `sent_at` is when it last took a message, to the minute; `silent_since` since when it gives no answer.
    """

    __tablename__ = "channels"
    __table_args__ = ({"schema": "notifications"},)

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    pause: Mapped[float] = mapped_column(default=0.0)
    open_until: Mapped[datetime | None] = mapped_column(default=None)
    allowance: Mapped[float] = mapped_column(default=0.0)
    refilled_at: Mapped[datetime] = mapped_column(default_factory=utcnow)
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    silent_since: Mapped[datetime | None] = mapped_column(default=None)


class Phone(Base, kw_only=True):
    """A shopper's telephone number, and whether a code sent to it came back."""

    __tablename__ = "phones"
    __table_args__ = ({"schema": "notifications"},)

    shopper_id: Mapped[UUID] = mapped_column(ForeignKey("users.shoppers.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[str] = mapped_column(String(20))
    code_hash: Mapped[str] = mapped_column(String(64))
    code_expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    verified_at: Mapped[datetime | None] = mapped_column(default=None)


class Satisfaction(Base, kw_only=True):
    """How content a shopper was with an order, of 1 to 5; the last answer counts."""

    __tablename__ = "satisfaction"
    __table_args__ = (CheckConstraint("score BETWEEN 1 AND 5", name="score"), {"schema": "notifications"})

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    score: Mapped[int]
    words: Mapped[str] = mapped_column(String(1000), default="")
    answered_at: Mapped[datetime] = mapped_column(default_factory=utcnow)


class StockWait(Entity, kw_only=True):
    """Somebody who wants to hear when a variant can be bought again; one open wish for each address and variant."""

    __tablename__ = "stock_waits"
    __table_args__ = (
        Index("uq_stock_waits_open", "variant_id", "email", unique=True, postgresql_where=text("told_at IS NULL")),
        {"schema": "notifications"},
    )

    variant_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.variants.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254))
    told_at: Mapped[datetime | None] = mapped_column(default=None)
