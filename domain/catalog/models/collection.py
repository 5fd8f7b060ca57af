"""Collections: products shown together, chosen by rules or by hand."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from domain.catalog.errors import WrongCollection
from domain.catalog.models.product import DRAFT
from domain.shared.db import Base, Entity

BRAND, CATEGORY, TAG, ATTRIBUTE = "brand", "category", "tag", "attribute"
PRICE_FROM, PRICE_TO, IN_STOCK, ON_OFFER = "price_from", "price_to", "in_stock", "on_offer"
FIELDS = (BRAND, CATEGORY, TAG, ATTRIBUTE, PRICE_FROM, PRICE_TO, IN_STOCK, ON_OFFER)
MOST_RULES = 20
FEATURED, CHOSEN = "featured", "chosen"
SORTS = (FEATURED, "newest", "price", "-price", "name", CHOSEN)
"""The orders a collection can be shown in; `chosen` is the order in which products were put into it by hand."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One condition: a brand's slug, a category's path, a tag, an attribute as `Name=value`, a price in minor units.

    `in_stock` and `on_offer` take no value.
    """

    field: str
    value: str = ""

    def __post_init__(self) -> None:
        if self.field not in FIELDS:
            raise WrongCollection("Choose what each rule is about.")
        if self.field in (IN_STOCK, ON_OFFER):
            return
        if not self.value.strip():
            raise WrongCollection("Say in each rule what to look for.")
        if self.field in (PRICE_FROM, PRICE_TO) and not (self.value.isascii() and self.value.isdigit()):
            raise WrongCollection("Enter a price of zero or more in each rule about the price.")
        if self.field == ATTRIBUTE and not all(part.strip() for part in self.value.partition("=")):
            raise WrongCollection("Write an attribute as its name, “=” and its value, as in Material=Oak.")


class Collection(Entity, kw_only=True):
    """Products shown together under an address of their own.

    With rules it holds every listed product that meets them: rules about one thing widen it, rules about different
    things narrow it, as filters do. Without rules it holds the products chosen by hand, in their order.
    """

    __tablename__ = "collections"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'published')", name="status"),
        {"schema": "catalog"},
    )

    slug: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(255))
    description: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(20), default=DRAFT)
    rules: Mapped[list[dict[str, Any]]] = mapped_column(default_factory=list)
    sort: Mapped[str] = mapped_column(String(20), default=FEATURED)
    seo_title: Mapped[str] = mapped_column(String(255), default="")
    seo_description: Mapped[str] = mapped_column(String(500), default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own declaration

    def choose_by(self, rules: Sequence[Rule]) -> None:
        """Let rules say what is in it; none, and it is filled by hand."""
        if len(rules) > MOST_RULES:
            raise WrongCollection(f"A collection can have at most {MOST_RULES} rules.")
        self.rules = [asdict(rule) for rule in rules]


class CollectionProduct(Base, kw_only=True):
    """A product that was put into a collection by hand."""

    __tablename__ = "collection_products"
    __table_args__ = (Index("ix_collection_products_product_id", "product_id"), {"schema": "catalog"})

    collection_id: Mapped[UUID] = mapped_column(
        ForeignKey("catalog.collections.id", ondelete="CASCADE"), primary_key=True
    )
    product_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.products.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class OldCollectionSlug(Base, kw_only=True):
    """An address a collection once had; it redirects for ever."""

    __tablename__ = "old_collection_slugs"
    __table_args__ = ({"schema": "catalog"},)

    slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    collection_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.collections.id", ondelete="CASCADE"), index=True)
