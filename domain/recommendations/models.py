"""The products that go with a product, worked out now and then and read on every page."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import REAL, ForeignKey, String, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db import Base

TOGETHER, SIMILAR = "together", "similar"


class Neighbours(Base, kw_only=True):
    """The products that go best with a product, in that order, each with its score; one row for each kind."""

    __tablename__ = "neighbours"
    __table_args__ = ({"schema": "recommendations"},)

    product_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.products.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    others: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    scores: Mapped[list[float]] = mapped_column(ARRAY(REAL))
    computed_at: Mapped[datetime]
