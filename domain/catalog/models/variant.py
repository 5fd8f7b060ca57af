"""What is bought: a variant with its price, and the window in which it costs less."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from domain.catalog.errors import WrongOffer, WrongPrice
from domain.catalog.measure import check_measure
from domain.shared.db import Entity
from domain.shared.stamp import stamp

HIGHEST_PRICE = 1_000_000_000
"""In minor units: a line of a hundred such things still fits the database's numbers."""


class Variant(Entity, kw_only=True):
    """One thing that can be bought: a SKU with a price in minor units of the shop's currency.

    While its sale window is open it costs `sale_price`; what it costs at a moment only `catalog.price_at` says, for
    pages, lists, carts and orders alike. `price_turns_at` is when that changes next, `cost` what it costs the shop.
    An archived variant is no longer sold; it stays for the ledger and for what was ordered.
    `measure_amount` is how much is in it, `measure_base` for how much of that the price is shown beside its own.
    """

    __tablename__ = "variants"
    __table_args__ = (
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("compare_at IS NULL OR compare_at > price", name="compare_at"),
        CheckConstraint("sale_price IS NULL OR (sale_price >= 0 AND sale_price < price)", name="sale_price"),
        CheckConstraint("sale_starts_at < sale_ends_at", name="sale_window"),
        CheckConstraint("cost >= 0", name="cost"),
        CheckConstraint(
            "num_nulls(measure_amount, measure_unit, measure_base) IN (0, 3)"
            " AND measure_amount > 0 AND measure_base > 0",
            name="measure",
        ),
        UniqueConstraint("product_id", "option_values"),
        Index("ix_variants_barcode", "barcode", postgresql_where=text("barcode IS NOT NULL")),
        Index("ix_variants_price_turns_at", "price_turns_at", postgresql_where=text("price_turns_at IS NOT NULL")),
        Index("ix_variants_sku_parts", "sku", postgresql_using="gin", postgresql_ops={"sku": "gin_trgm_ops"}),
        {"schema": "catalog"},
    )

    product_id: Mapped[UUID] = mapped_column(
        ForeignKey("catalog.products.id", ondelete="CASCADE"), index=True, default=None
    )
    sku: Mapped[str] = mapped_column(String(64), unique=True)
    option_values: Mapped[list[str]] = mapped_column(ARRAY(String(120)), default_factory=list)
    price: Mapped[int]
    compare_at: Mapped[int | None] = mapped_column(default=None)
    sale_price: Mapped[int | None] = mapped_column(default=None)
    sale_starts_at: Mapped[datetime | None] = mapped_column(default=None)
    sale_ends_at: Mapped[datetime | None] = mapped_column(default=None)
    price_turns_at: Mapped[datetime | None] = mapped_column(default=None)
    cost: Mapped[int | None] = mapped_column(default=None)
    barcode: Mapped[str | None] = mapped_column(String(20), default=None)
    weight_grams: Mapped[int] = mapped_column(default=0)
    measure_amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 3), default=None)
    measure_unit: Mapped[str | None] = mapped_column(String(8), default=None)
    measure_base: Mapped[Decimal | None] = mapped_column(Numeric(12, 3), default=None)
    position: Mapped[int] = mapped_column(default=0)
    colours: Mapped[list[str]] = mapped_column(ARRAY(String(9)), default_factory=list)
    archived_at: Mapped[datetime | None] = mapped_column(default=None)
    picture_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("catalog.pictures.id", ondelete="SET NULL"), default=None
    )

    def set_measure(self, amount: Decimal | None, unit: str | None, base: Decimal | None) -> None:
        """Say how much is in it, as in 400 g with the price shown for 1000 g; three times None for nothing."""
        check_measure(amount, unit, base)
        self.measure_amount, self.measure_unit, self.measure_base = amount, unit, base

    def set_price(self, price: int, compare_at: int | None) -> None:
        """Set the price in minor units, and the one before the offer, which must be above it."""
        if price < 0:
            raise WrongPrice("Enter a price of zero or more.")
        if compare_at is not None and compare_at <= price:
            raise WrongPrice("Enter a former price that is above the price, or leave it empty.")
        if max(price, compare_at or 0) > HIGHEST_PRICE:
            raise WrongPrice("Enter a lower price: this one is more than the shop can count.")
        if self.sale_price is not None and self.sale_price >= price:
            raise WrongOffer("The sale price would no longer be below the price. Change or end the sale first.")
        self.price, self.compare_at = price, compare_at

    def set_sale(
        self, sale_price: int | None, *, starts_at: datetime | None, ends_at: datetime | None, now: datetime
    ) -> None:
        """Let it cost less from one moment until just before another, either of which may be open; None ends that."""
        if sale_price is None:
            starts_at = ends_at = None
        elif not 0 <= sale_price < self.price:
            raise WrongOffer("Enter a sale price that is below the price.")
        if starts_at is not None and ends_at is not None and ends_at <= starts_at:
            raise WrongOffer("Let the sale end after it starts.")
        self.sale_price, self.sale_starts_at, self.sale_ends_at = sale_price, starts_at, ends_at
        self.mind_the_clock(now)

    @property
    def described(self) -> str:
        """Return a stamp of what the variant is called and what is known of it, which changes with any of that."""
        measure = (self.measure_amount, self.measure_unit, self.measure_base)
        known = (self.sku, self.barcode, self.weight_grams, self.cost, self.picture_id, list(self.colours))
        return stamp(*known, *measure)

    def mind_the_clock(self, now: datetime) -> None:
        """Work out when the price changes next."""
        edges = (self.sale_starts_at, self.sale_ends_at)
        self.price_turns_at = min((edge for edge in edges if edge is not None and edge > now), default=None)
