"""What sells: how many units of each product were ordered lately, by the ledger of the stock."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog.models.stock import RELEASED, RESERVED

LATELY = timedelta(days=90)
"""Orders older than this say nothing about what is wanted now."""

# What was ordered and given up again is not wanted. Only rows that differ are written: most stay as they are.
_COUNT = text(
    """
    WITH ordered AS (
        SELECT v.product_id, greatest(sum(m.reserved), 0) AS units
        FROM catalog.stock_movements m JOIN catalog.variants v ON v.id = m.variant_id
        WHERE m.at > :since AND m.kind IN (:reserved, :released)
        GROUP BY v.product_id
    ), changed AS (
        SELECT l.product_id, coalesce(o.units, 0) AS units
        FROM catalog.listings l LEFT JOIN ordered o USING (product_id)
        WHERE l.popularity <> coalesce(o.units, 0)
        ORDER BY l.product_id FOR NO KEY UPDATE OF l
    )
    UPDATE catalog.listings l SET popularity = c.units FROM changed c WHERE l.product_id = c.product_id
    RETURNING l.product_id
    """
)


def count_popularity(session: Session, *, now: datetime) -> int:
    """Count for each listed product the units ordered lately, and return how many of them changed."""
    parameters = {"since": now - LATELY, "reserved": RESERVED, "released": RELEASED}
    return len(session.execute(_COUNT, parameters).all())
