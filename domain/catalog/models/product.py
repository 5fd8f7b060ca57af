"""Products, their variants and pictures, and where they stand: categories and brands."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.catalog.errors import WrongPrice, WrongProduct
from domain.shared.db import Base, Entity

HIGHEST_PRICE = 1_000_000_000
"""In minor units: a line of a hundred such things still fits the database's numbers."""

DRAFT, PUBLISHED, ARCHIVED = "draft", "published", "archived"


class Category(Entity, kw_only=True):
    """A place in the category tree; `path` is the slugs from the root, as in `kitchen/mugs`."""

    __tablename__ = "categories"
    __table_args__ = (
        Index("ix_categories_path_prefix", "path", postgresql_ops={"path": "text_pattern_ops"}),
        {"schema": "catalog"},
    )

    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("catalog.categories.id"), index=True, default=None)
    slug: Mapped[str] = mapped_column(String(80))
    path: Mapped[str] = mapped_column(String(500), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    picture: Mapped[dict[str, Any] | None] = mapped_column(default=None)


class Brand(Entity, kw_only=True):
    """Who made it."""

    __tablename__ = "brands"
    __table_args__ = ({"schema": "catalog"},)

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")


class Product(Entity, kw_only=True):
    """What a shopper sees as one thing, in one or more variants; up to three named options tell them apart."""

    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'published', 'archived')", name="status"),
        CheckConstraint("cardinality(options) <= 3", name="three_options"),
        {"schema": "catalog"},
    )

    slug: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(255))
    summary: Mapped[str] = mapped_column(String(500), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(20), default=DRAFT)
    brand_id: Mapped[UUID | None] = mapped_column(ForeignKey("catalog.brands.id"), index=True, default=None)
    category_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.categories.id"), index=True)
    product_type: Mapped[str] = mapped_column(String(80), default="")
    options: Mapped[list[str]] = mapped_column(ARRAY(String(80)), default_factory=list)
    attributes: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    tax_class: Mapped[str] = mapped_column(String(40), default="standard")
    seo_title: Mapped[str] = mapped_column(String(255), default="")
    seo_description: Mapped[str] = mapped_column(String(500), default="")
    featured: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1)

    variants: Mapped[list["Variant"]] = relationship(
        default_factory=list, lazy="raise_on_sql", order_by="Variant.position", cascade="all, delete-orphan"
    )
    pictures: Mapped[list["Picture"]] = relationship(
        default_factory=list, lazy="raise_on_sql", order_by="Picture.position", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own declaration

    def add(self, variant: "Variant") -> None:
        """Add a variant that has one value for each option, in a combination that is new."""
        if len(variant.option_values) != len(self.options) or not all(variant.option_values):
            raise WrongProduct(f"{variant.sku}: give one value for each of the options {', '.join(self.options)}."
                               if self.options else f"{variant.sku}: this product has no options.")  # fmt: skip
        if any(other.option_values == variant.option_values for other in self.variants):
            raise WrongProduct(f"{variant.sku}: another variant has the same options.")
        variant.set_price(variant.price, variant.compare_at)
        variant.position = len(self.variants)
        self.variants.append(variant)

    def publish(self, now: datetime) -> None:
        """Put the product on sale; it keeps the moment it was first published."""
        if not self.variants:
            raise WrongProduct("Add at least one variant with a price before you publish the product.")
        self.status = PUBLISHED
        self.published_at = self.published_at or now

    def unpublish(self) -> None:
        """Take the product off sale for now."""
        self.status = DRAFT

    def archive(self) -> None:
        """Take the product off sale for good; orders keep what they know of it."""
        self.status = ARCHIVED


class OldSlug(Base, kw_only=True):
    """An address a product once had; it redirects for ever."""

    __tablename__ = "old_slugs"
    __table_args__ = ({"schema": "catalog"},)

    slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.products.id", ondelete="CASCADE"), index=True)


class Picture(Entity, kw_only=True):
    """A picture of a product. `derivatives` lists what browsers load: width, height, format and storage key."""

    __tablename__ = "pictures"
    __table_args__ = ({"schema": "catalog"},)

    product_id: Mapped[UUID] = mapped_column(
        ForeignKey("catalog.products.id", ondelete="CASCADE"), index=True, default=None
    )
    position: Mapped[int] = mapped_column(default=0)
    alt: Mapped[str] = mapped_column(String(300))
    width: Mapped[int]
    height: Mapped[int]
    derivatives: Mapped[list[dict[str, Any]]] = mapped_column(default_factory=list)


class Variant(Entity, kw_only=True):
    """One thing that can be bought: a SKU with a price in minor units of the shop's currency."""

    __tablename__ = "variants"
    __table_args__ = (
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("compare_at IS NULL OR compare_at > price", name="compare_at"),
        UniqueConstraint("product_id", "option_values"),
        {"schema": "catalog"},
    )

    product_id: Mapped[UUID] = mapped_column(
        ForeignKey("catalog.products.id", ondelete="CASCADE"), index=True, default=None
    )
    sku: Mapped[str] = mapped_column(String(64), unique=True)
    option_values: Mapped[list[str]] = mapped_column(ARRAY(String(120)), default_factory=list)
    price: Mapped[int]
    compare_at: Mapped[int | None] = mapped_column(default=None)
    barcode: Mapped[str | None] = mapped_column(String(20), default=None)
    weight_grams: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    colours: Mapped[list[str]] = mapped_column(ARRAY(String(9)), default_factory=list)
    picture_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("catalog.pictures.id", ondelete="SET NULL"), default=None
    )

    def set_price(self, price: int, compare_at: int | None) -> None:
        """Set the price in minor units, and the one before the offer, which must be above it."""
        if price < 0:
            raise WrongPrice("Enter a price of zero or more.")
        if compare_at is not None and compare_at <= price:
            raise WrongPrice("Enter a former price that is above the price, or leave it empty.")
        if max(price, compare_at or 0) > HIGHEST_PRICE:
            raise WrongPrice("Enter a lower price: this one is more than the shop can count.")
        self.price, self.compare_at = price, compare_at
