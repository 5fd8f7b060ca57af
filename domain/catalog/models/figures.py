"""What the list of products is sorted by."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db import Base


class ProductFigures(Base, kw_only=True):
    """A product's price, stock and last change, whatever its status; refreshed with its listing, the source of none.

    `changed_at` is when the product, its prices or its variants last became different; moving stock is no change.
    """

    __tablename__ = "product_figures"
    __table_args__ = (
        Index("ix_product_figures_price_min", "price_min", "product_id"),
        Index("ix_product_figures_available", "available", "product_id"),
        Index("ix_product_figures_changed_at", "changed_at", "product_id"),
        {"schema": "catalog"},
    )

    product_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.products.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int]
    variants: Mapped[int]
    price_min: Mapped[int]
    price_max: Mapped[int]
    available: Mapped[int] = mapped_column(BigInteger)
    changed_at: Mapped[datetime]
