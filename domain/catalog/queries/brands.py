"""Brands as shoppers see them: each has a page of its own."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog.errors import NoSuchBrand
from domain.catalog.queries.listing import Scope
from domain.catalog.queries.search import clean
from domain.shared.db import reading


@dataclass(frozen=True, slots=True)
class BrandLink:
    """A brand to be linked to, with how many products of it are listed."""

    slug: str
    name: str
    products: int


@dataclass(frozen=True, slots=True)
class BrandView:
    """A brand as its page shows it."""

    slug: str
    name: str
    description: str
    seo_title: str
    seo_description: str

    @property
    def scope(self) -> Scope:
        """Return what a list of its products is asked for."""
        return Scope(conditions=("l.brand_slug = :brand",), values={"brand": self.slug})


_BRAND = reading(
    "SELECT slug, name, description, seo_title, seo_description FROM catalog.brands WHERE slug = :slug",
    "slug name description seo_title seo_description",
)
_OLD_SLUG = text(
    "SELECT b.slug FROM catalog.old_brand_slugs o JOIN catalog.brands b ON b.id = o.brand_id WHERE o.slug = :slug"
)
_LINKS = reading(
    """
    SELECT b.slug, b.name, l.products FROM catalog.brands b
    JOIN (SELECT brand_slug, count(*) AS products FROM catalog.listings GROUP BY brand_slug) l ON l.brand_slug = b.slug
    ORDER BY lower(b.name), b.slug
    """,
    "slug name products",
)


def brand(session: Session, slug: str) -> BrandView:
    """Return a brand; raises NoSuchBrand. One statement."""
    found = session.execute(_BRAND, {"slug": clean(slug)}).one_or_none()
    if found is None:
        raise NoSuchBrand
    return BrandView(*found)


def old_brand(session: Session, slug: str) -> str | None:
    """Return the present address of the brand that once had this one, or None. One statement."""
    found: str | None = session.scalar(_OLD_SLUG, {"slug": clean(slug)})
    return found


def brand_links(session: Session) -> tuple[BrandLink, ...]:
    """Return the brands that have products on sale, by name. One statement."""
    return tuple(BrandLink(*row) for row in session.execute(_LINKS))
