"""The addresses at which shoppers see a product: its own pages, and the lists it stands in."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_OWN = text(
    """
    SELECT slug FROM catalog.products WHERE id = ANY(:ids)
    UNION ALL
    SELECT slug FROM catalog.old_slugs WHERE product_id = ANY(:ids)
    """
)
_LISTS = text(
    """
    SELECT '/c/' || path FROM catalog.listings l CROSS JOIN LATERAL unnest(l.category_paths) AS path
    WHERE l.product_id = ANY(:ids)
    UNION
    SELECT '/brands/' || brand_slug FROM catalog.listings WHERE product_id = ANY(:ids) AND brand_slug <> ''
    """
)
HOME = "/"


def own_addresses(session: Session, product_ids: Iterable[UUID]) -> set[str]:
    """Return the addresses that these products have and once had. One statement."""
    return {f"/p/{slug}" for slug in session.scalars(_OWN, {"ids": list(product_ids)})}


def list_addresses(session: Session, product_ids: Iterable[UUID]) -> set[str]:
    """Return where the lists are in which these products now stand; the home page shows some of each. One statement."""
    return set(session.scalars(_LISTS, {"ids": list(product_ids)})) | {HOME}
