"""The listing read model: one row per published product with all that a card, a facet and a search need."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db import Base


class Listing(Base, kw_only=True):
    """A product as lists and searches see it; refreshed by events, never the source of a price at checkout.

    `category_paths` holds the product's category and every one above it; `facets` holds `name=value` pairs of
    the variants that can be bought, `traits` those of the whole product, in stock or not, with its tags as `tag=value`;
    `picture` is what a tile loads; `rating` is the average of `reviews` in hundredths of a star; `document` is what a
    search looks through, and `search_title` the words of its names, folded, which the search corrects and suggests: see
    Word; `changed_at` is when anything of all this last became different, which is what search engines ask for.
    """

    __tablename__ = "listings"
    __table_args__ = (
        Index("ix_listings_category_paths", "category_paths", postgresql_using="gin"),
        Index("ix_listings_facets", "facets", postgresql_using="gin"),
        Index("ix_listings_traits", "traits", postgresql_using="gin"),
        Index("ix_listings_brand_slug", "brand_slug"),
        Index("ix_listings_document", "document", postgresql_using="gin"),
        # Each order of a list ends with the product's id, so that pages never overlap.
        Index("ix_listings_featured", "in_stock", "featured", "popularity", "product_id"),
        Index("ix_listings_published_at", "published_at", "product_id"),
        Index("ix_listings_price_min", "price_min", "product_id"),
        Index("ix_listings_title", "title", "product_id"),
        Index("ix_listings_rating", "rating", "product_id"),
        Index(
            "ix_listings_offers",
            "popularity",
            "product_id",
            postgresql_where=text("in_stock AND compare_at IS NOT NULL"),
        ),
        {"schema": "catalog"},
    )

    product_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.products.id", ondelete="CASCADE"), primary_key=True)
    slug: Mapped[str] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(255))
    brand_name: Mapped[str] = mapped_column(String(120))
    brand_slug: Mapped[str] = mapped_column(String(80))
    category_path: Mapped[str] = mapped_column(String(500))
    category_name: Mapped[str] = mapped_column(String(120))
    category_paths: Mapped[list[str]] = mapped_column(ARRAY(Text))
    price_min: Mapped[int]
    price_max: Mapped[int]
    compare_at: Mapped[int | None]
    in_stock: Mapped[bool]
    variants: Mapped[int]
    picture: Mapped[dict[str, Any] | None]
    colours: Mapped[list[str]] = mapped_column(ARRAY(String(9)))
    facets: Mapped[list[str]] = mapped_column(ARRAY(Text))
    traits: Mapped[list[str]] = mapped_column(ARRAY(Text), default_factory=list, server_default="{}")
    skus: Mapped[list[str]] = mapped_column(ARRAY(Text))
    document: Mapped[Any] = mapped_column(TSVECTOR)
    search_title: Mapped[str] = mapped_column(Text)
    popularity: Mapped[int]
    rating: Mapped[int | None]
    reviews: Mapped[int] = mapped_column(default=0, server_default="0")
    featured: Mapped[bool]
    published_at: Mapped[datetime]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now(), init=False)


class Rating(Base, kw_only=True):
    """What the published reviews of a product come to: their average in hundredths of a star, and how many give each.

    Kept here, so that a product's page and the lists need not look at a single review; `counts` begins with one star.
    """

    __tablename__ = "ratings"
    __table_args__ = ({"schema": "catalog"},)

    product_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.products.id", ondelete="CASCADE"), primary_key=True)
    average: Mapped[int]
    reviews: Mapped[int]
    counts: Mapped[list[int]] = mapped_column(ARRAY(Integer))


class FacetCount(Base, kw_only=True):
    """How many listed products of a category and all below it have a `name=value` pair.

    The path `""` stands for the whole shop, the facet `""` for every product and `"="` for those in stock. Kept by
    the refresh of the listing in its own statement, so that a list nobody narrowed costs no counting.
    """

    __tablename__ = "facet_counts"
    __table_args__ = ({"schema": "catalog"},)

    category_path: Mapped[str] = mapped_column(Text, primary_key=True)
    facet: Mapped[str] = mapped_column(Text, primary_key=True)
    products: Mapped[int]
