"""The addresses that search engines should know."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

_ADDRESSES = text(
    """
    (SELECT '/c/' || path AS path, NULL::timestamptz AS changed FROM catalog.categories ORDER BY path)
    UNION ALL
    (SELECT '/p/' || l.slug, l.published_at FROM catalog.listings l
     ORDER BY l.product_id DESC LIMIT :limit)
    """
)


def addresses(session: Session, *, limit: int = 45_000) -> list[tuple[str, datetime | None]]:
    """Return the paths of every category and of the newest products, with when each product came. One statement."""
    return [(row.path, row.changed) for row in session.execute(_ADDRESSES, {"limit": limit})]
