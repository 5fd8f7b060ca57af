"""Where orders travel and how, and what tax they bear."""

from datetime import date, time
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from domain.orders.delivery import FLAT
from domain.shared.db import Base


class DeliveryZone(Base, kw_only=True):
    """Places that have the same ways to deliver; one without any is not delivered to."""

    __tablename__ = "delivery_zones"
    __table_args__ = ({"schema": "orders"},)

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(default=0)


class ZonePlace(Base, kw_only=True):
    """A place of a zone: a country `IE`, a region `US-CA`, or `*` for the rest of the world; each in one zone alone."""

    __tablename__ = "zone_places"
    __table_args__ = (
        CheckConstraint("place ~ '^([A-Z]{2}(-[A-Z0-9]{1,3})?|[*])$'", name="place"),
        {"schema": "orders"},
    )

    place: Mapped[str] = mapped_column(String(6), primary_key=True)
    zone_code: Mapped[str] = mapped_column(ForeignKey("orders.delivery_zones.code", ondelete="CASCADE"), index=True)


class DeliveryMethod(Base, kw_only=True):
    """A way to send an order to a zone; amounts in minor units, with or without tax as the shop's prices are.

    A band is {"up_to": grams or minor units or null, "price": minor units}.
    """

    __tablename__ = "delivery_methods"
    __table_args__ = (
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("min_days >= 0 AND max_days >= min_days", name="days"),
        CheckConstraint("priced_by IN ('flat', 'weight', 'worth')", name="priced_by"),
        CheckConstraint("(priced_by = 'flat') = (bands = '[]')", name="bands"),
        {"schema": "orders"},
    )

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    zone_code: Mapped[str] = mapped_column(ForeignKey("orders.delivery_zones.code"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(String(300), default="")
    carrier: Mapped[str] = mapped_column(String(80), default="")
    priced_by: Mapped[str] = mapped_column(String(10), default=FLAT, server_default=FLAT)
    price: Mapped[int] = mapped_column(default=0)
    bands: Mapped[list[dict[str, Any]]] = mapped_column(default_factory=list, server_default="[]")
    free_above: Mapped[int | None] = mapped_column(default=None)
    min_days: Mapped[int] = mapped_column(default=1)
    max_days: Mapped[int] = mapped_column(default=3)
    cut_off: Mapped[time | None] = mapped_column(default=None)
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)


class TaxRate(Base, kw_only=True):
    """The rate of one class of goods in a country or a region of it from a day on, until a later row takes over.

    In basis points with up to three decimals (2300 is 23 %, 662.5 is 6.625 %), and where it was read. `tax_set` is the
    set of the shop's own data that it came with; empty for one that staff have entered.
    """

    __tablename__ = "tax_rates"
    __table_args__ = (
        CheckConstraint("basis_points BETWEEN 0 AND 10000", name="basis_points"),
        Index("ix_tax_rates_tax_set", "tax_set"),
        {"schema": "orders"},
    )

    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    region: Mapped[str] = mapped_column(String(3), primary_key=True, default="", server_default="")
    tax_class: Mapped[str] = mapped_column(String(40), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True, default=date(2000, 1, 1), server_default="2000-01-01")
    name: Mapped[str] = mapped_column(String(40), default="VAT", server_default="VAT")
    basis_points: Mapped[Decimal] = mapped_column(Numeric(8, 3))
    source: Mapped[str] = mapped_column(String(300), default="")
    tax_set: Mapped[str] = mapped_column(String(20), default="", server_default="")
