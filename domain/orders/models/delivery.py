"""How orders travel and what tax they bear."""

from datetime import date

from sqlalchemy import CheckConstraint, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db import Base


class DeliveryMethod(Base, kw_only=True):
    """A way to send an order to some countries; `price` and `free_above` in minor units, tax as the shop's prices."""

    __tablename__ = "delivery_methods"
    __table_args__ = (
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("min_days >= 0 AND max_days >= min_days", name="days"),
        {"schema": "orders"},
    )

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(300), default="")
    carrier: Mapped[str] = mapped_column(String(80), default="")
    countries: Mapped[list[str]] = mapped_column(ARRAY(String(2)))
    price: Mapped[int]
    free_above: Mapped[int | None] = mapped_column(default=None)
    min_days: Mapped[int] = mapped_column(default=1)
    max_days: Mapped[int] = mapped_column(default=3)
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class TaxRate(Base, kw_only=True):
    """The rate of one class of goods in one country, in basis points (2300 is 23 %), and where it was read."""

    __tablename__ = "tax_rates"
    __table_args__ = (CheckConstraint("basis_points BETWEEN 0 AND 10000", name="basis_points"), {"schema": "orders"})

    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    tax_class: Mapped[str] = mapped_column(String(40), primary_key=True)
    basis_points: Mapped[int]
    source: Mapped[str] = mapped_column(String(300), default="")
    valid_from: Mapped[date | None] = mapped_column(default=None)
