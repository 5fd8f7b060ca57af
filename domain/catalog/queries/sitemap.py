"""The addresses that search engines should know, in pages of a bounded size."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.shared.db import reading

PER_PAGE = 10_000
"""How many products stand on one page: a fifth of what sitemaps may hold, so that a page is made in a moment."""


@dataclass(frozen=True, slots=True)
class Address:
    """A path, and when what it shows last changed."""

    path: str
    changed_at: datetime | None


# Pages are counted from the oldest product: a new one makes the last page longer and leaves the others alone.
_PAGES = text(
    """
    SELECT max(changed_at) FROM (
        SELECT changed_at, (row_number() OVER (ORDER BY product_id) - 1) / :per_page AS page FROM catalog.listings
    ) l GROUP BY page ORDER BY page
    """
)
_PRODUCTS = reading(
    """
    SELECT '/p/' || l.slug AS path, l.changed_at FROM catalog.listings l
    ORDER BY l.product_id LIMIT :per_page OFFSET :skipped
    """,
    "path changed_at",
)
# A category's page changes when one of the products on it does.
_CATEGORIES = reading(
    """
    SELECT '/c/' || c.path AS path, max(l.changed_at) AS changed_at
    FROM catalog.categories c
    LEFT JOIN (
        SELECT unnest(category_paths) AS path, max(changed_at) AS changed_at FROM catalog.listings
        GROUP BY category_paths
    ) l ON l.path = c.path
    GROUP BY c.path
    UNION ALL
    SELECT '/brands', max(changed_at) FROM catalog.listings WHERE brand_slug <> '' HAVING count(*) > 0
    UNION ALL
    SELECT '/brands/' || b.slug, max(l.changed_at)
    FROM catalog.brands b JOIN catalog.listings l ON l.brand_slug = b.slug GROUP BY b.slug
    UNION ALL
    SELECT '/collections/' || slug, NULL FROM catalog.collections WHERE status = 'published'
    ORDER BY path
    """,
    "path changed_at",
)


def sitemap_pages(session: Session) -> Sequence[datetime]:
    """Return, for each page of products, when something on it last changed. One statement."""
    return session.scalars(_PAGES, {"per_page": PER_PAGE}).all()


def product_addresses(session: Session, page: int) -> list[Address]:
    """Return the products of one page, counted from 1; none beyond the last. One statement."""
    window = {"per_page": PER_PAGE, "skipped": (page - 1) * PER_PAGE}
    return [Address(row.path, row.changed_at) for row in session.execute(_PRODUCTS, window)]


def category_addresses(session: Session) -> list[Address]:
    """Return the categories, the brands that have products on sale, and the published collections. One statement."""
    return [Address(row.path, row.changed_at) for row in session.execute(_CATEGORIES)]
