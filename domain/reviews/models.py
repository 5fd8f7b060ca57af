"""Reviews of products, and who found them helpful."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db import Base, Entity, utcnow
from domain.shared.stamp import stamp

PENDING, PUBLISHED, REFUSED = "pending", "published", "refused"


class Review(Entity, kw_only=True):
    """What one buyer says of one product; `order_id` is the purchase that gave the right to say it.

    Without an order it was brought along from a former shop, and is not shown as a verified purchase. `version` grows
    with each edit, so that staff publish the words they have read and no others.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        CheckConstraint("state IN ('pending', 'published', 'refused')", name="state"),
        CheckConstraint("state <> 'refused' OR reason <> ''", name="refused_with_reason"),
        # One review for each product and buyer, whether the buyer is known by an account or by an address.
        Index("uq_reviews_email", "product_id", "email", unique=True),
        Index(
            "uq_reviews_shopper", "product_id", "shopper_id", unique=True,
            postgresql_where=text("shopper_id IS NOT NULL"),
        ),
        Index("ix_reviews_shopper_id", "shopper_id", postgresql_where=text("shopper_id IS NOT NULL")),
        Index("ix_reviews_order_id", "order_id", postgresql_where=text("order_id IS NOT NULL")),
        Index("ix_reviews_email", "email"),
        Index("ix_reviews_state_stars", "state", "stars", "written_at", "id"),
        Index("ix_reviews_state_written_at", "state", "written_at", "id"),
        Index("ix_reviews_state_written_at_stars", "state", "written_at", "stars"),  # all that reports read of them
        {"schema": "reviews"},
    )  # fmt: skip

    product_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.products.id", ondelete="CASCADE"))
    order_id: Mapped[UUID | None] = mapped_column(ForeignKey("orders.orders.id"), default=None)
    shopper_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.shoppers.id", ondelete="CASCADE"), default=None)
    email: Mapped[str] = mapped_column(String(254))
    author: Mapped[str] = mapped_column(String(60))
    stars: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), default=PENDING)
    reason: Mapped[str] = mapped_column(String(500), default="")
    reply: Mapped[str] = mapped_column(String(1000), default="")
    helpful: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    written_at: Mapped[datetime] = mapped_column(default_factory=utcnow)

    @property
    def seen(self) -> str:
        """What staff have seen of it when they decide: its words and its state."""
        return stamp(self.version, self.state)

    def rewrite(self, *, author: str, stars: int, title: str, words: str, now: datetime) -> None:
        """Change what is said; it is shown again once staff have looked at it."""
        self.author, self.stars, self.title, self.words = author, stars, title, words
        self.state, self.reason, self.reply = PENDING, "", ""
        self.version, self.written_at = self.version + 1, now

    def publish(self) -> None:
        """Show it to everybody."""
        self.state, self.reason = PUBLISHED, ""

    def refuse(self, reason: str) -> None:
        """Do not show it, and tell its author why."""
        self.state, self.reason = REFUSED, reason


class Vote(Base, kw_only=True):
    """A shopper who found a review helpful; the key lets nobody say so twice."""

    __tablename__ = "votes"
    __table_args__ = ({"schema": "reviews"},)

    review_id: Mapped[UUID] = mapped_column(ForeignKey("reviews.reviews.id", ondelete="CASCADE"), primary_key=True)
    shopper_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.shoppers.id", ondelete="CASCADE"), primary_key=True, index=True
    )
