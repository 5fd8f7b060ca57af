"""Wishlists and what is on them."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db import Base, utcnow


class Wishlist(Base, kw_only=True):
    """A list of wishes, of a shopper or of a browser; without a shopper its id is the browser's secret: it is random.

    `share_token` opens it to whoever has the link, until its owner takes it away.
    """

    __tablename__ = "lists"
    __table_args__ = ({"schema": "wishlist"},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=uuid4)
    shopper_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("users.shoppers.id", ondelete="CASCADE"), unique=True, default=None
    )
    share_token: Mapped[str | None] = mapped_column(String(40), unique=True, default=None)
    updated_at: Mapped[datetime] = mapped_column(default_factory=utcnow, index=True)


class Wish(Base, kw_only=True):
    """A variant on a list."""

    __tablename__ = "wishes"
    __table_args__ = ({"schema": "wishlist"},)

    list_id: Mapped[UUID] = mapped_column(ForeignKey("wishlist.lists.id", ondelete="CASCADE"), primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.variants.id", ondelete="CASCADE"), primary_key=True)
    added_at: Mapped[datetime] = mapped_column(default_factory=utcnow)
