"""Products with their pictures, the addresses they once had, and what staff show beside them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.catalog.errors import WrongProduct
from domain.catalog.models.variant import Variant
from domain.shared.db import Base, Entity

DRAFT, PUBLISHED, ARCHIVED = "draft", "published", "archived"


class Product(Entity, kw_only=True):
    """What a shopper sees as one thing, in one or more variants; up to three named options tell them apart.

    `type_id` is the shop's own kind of product, whose attributes it has; `product_type` is what feeds and other systems
    call its kind.
    """

    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'published', 'archived')", name="status"),
        CheckConstraint("cardinality(options) <= 3", name="three_options"),
        Index("ix_products_title", "title", "id"),
        Index("ix_products_status", "status", "id"),
        Index("ix_products_title_parts", "title", postgresql_using="gin", postgresql_ops={"title": "gin_trgm_ops"}),
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
    type_id: Mapped[UUID | None] = mapped_column(ForeignKey("catalog.product_types.id"), index=True, default=None)
    tags: Mapped[list[str]] = mapped_column(ARRAY(String(60)), default_factory=list, server_default="{}")
    options: Mapped[list[str]] = mapped_column(ARRAY(String(80)), default_factory=list)
    attributes: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    tax_class: Mapped[str] = mapped_column(String(40), default="standard")
    seo_title: Mapped[str] = mapped_column(String(255), default="")
    seo_description: Mapped[str] = mapped_column(String(500), default="")
    featured: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1)

    variants: Mapped[list[Variant]] = relationship(
        default_factory=list, lazy="raise_on_sql", order_by="Variant.position", cascade="all, delete-orphan"
    )
    pictures: Mapped[list["Picture"]] = relationship(
        default_factory=list, lazy="raise_on_sql", order_by="Picture.position", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own declaration

    def add(self, variant: Variant) -> None:
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


class RelatedProduct(Base, kw_only=True):
    """A product that staff show beside another."""

    __tablename__ = "related_products"
    __table_args__ = (CheckConstraint("product_id <> related_id", name="another"), {"schema": "catalog"})

    product_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.products.id", ondelete="CASCADE"), primary_key=True)
    related_id: Mapped[UUID] = mapped_column(
        ForeignKey("catalog.products.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(default=0)


WAITING, READY, FAILED = "waiting", "ready", "failed"


class Picture(Entity, kw_only=True):
    """A picture of a product. `derivatives` lists what browsers load: width, height, format and storage key.

    It is shown once it is ready: what was uploaded waits under `original` until a worker has made its derivatives.
    """

    __tablename__ = "pictures"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'ready', 'failed')", name="state"),
        {"schema": "catalog"},
    )

    product_id: Mapped[UUID] = mapped_column(
        ForeignKey("catalog.products.id", ondelete="CASCADE"), index=True, default=None
    )
    position: Mapped[int] = mapped_column(default=0)
    alt: Mapped[str] = mapped_column(String(300))
    width: Mapped[int]
    height: Mapped[int]
    derivatives: Mapped[list[dict[str, Any]]] = mapped_column(default_factory=list)
    original: Mapped[str | None] = mapped_column(String(80), default=None)
    state: Mapped[str] = mapped_column(String(20), default=READY, server_default=READY)
