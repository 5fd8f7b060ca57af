"""What the reports count."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db import Base


class OrderFact(Base, kw_only=True):
    """One order as the reports see it; amounts in minor units of `currency`."""

    __tablename__ = "order_facts"
    __table_args__ = ({"schema": "analytics"},)

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    placed_at: Mapped[datetime] = mapped_column(index=True)
    currency: Mapped[str] = mapped_column(String(3))
    total: Mapped[int] = mapped_column(BigInteger)
    units: Mapped[int]
    paid_at: Mapped[datetime | None] = mapped_column(default=None, index=True)
    cancelled_at: Mapped[datetime | None] = mapped_column(default=None)
    refunded: Mapped[int] = mapped_column(BigInteger, default=0)
