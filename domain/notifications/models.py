"""Messages and how their sending went."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db import Entity

QUEUED, SENT, FAILED, SUPPRESSED = "queued", "sent", "failed", "suppressed"


class Message(Entity, kw_only=True):
    """One message to one recipient; `subject_key` and `template` make it the only one of its kind.

    `context` is what the template shows, frozen when the message was queued.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("template", "subject_key", "recipient"),
        CheckConstraint("state IN ('queued', 'sent', 'failed', 'suppressed')", name="state"),
        Index("ix_messages_queued", "created_at", postgresql_where=text("state = 'queued'")),
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
