"""Working out which products go with which, for the whole shop at once."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from domain.recommendations.models import SIMILAR, TOGETHER, Neighbours
from domain.recommendations.together import KEPT, TOGETHER_SQL

EVERY = timedelta(hours=6)
REMEMBERED = timedelta(days=540)
"""Orders that are older say little of what goes together now."""
FEW = 10_000
"""With so few baskets a pair that was seen once is a hint; with more it is noise, and most of the work."""
NEARBY = 20
"""How many products on either side of a product's price, within its category, it is compared with."""

# A day's orders would be enough to count, but what is sold together changes slowly and this takes seconds to minutes.
_ROOM = text("SELECT set_config('work_mem', '128MB', true)")
_BASKETS = text(
    """
    CREATE TEMPORARY TABLE baskets ON COMMIT DROP AS
    SELECT DISTINCT o.id AS basket, v.product_id AS product,
        CAST(extract(epoch FROM CAST(:now AS timestamptz) - o.created_at) / 86400 AS real) AS days
    FROM orders.orders o
    JOIN orders.lines l ON l.order_id = o.id
    JOIN catalog.variants v ON v.id = l.variant_id
    JOIN catalog.listings s ON s.product_id = v.product_id
    WHERE o.paid_at IS NOT NULL AND o.created_at > :since
    """
)
_COUNT = text("SELECT count(DISTINCT basket) FROM baskets")
_ANALYZE, _DONE = text("ANALYZE baskets"), text("DROP TABLE baskets")
_KEEP = """
    INSERT INTO recommendations.neighbours (product_id, kind, others, scores, computed_at)
    SELECT product, '{kind}', others, scores, :now FROM ({found}) found
    ORDER BY product
    ON CONFLICT (product_id, kind) DO UPDATE
    SET others = excluded.others, scores = excluded.scores, computed_at = excluded.computed_at
    """
_TOGETHER = text(_KEEP.format(kind=TOGETHER, found=TOGETHER_SQL))
# Within a category, from the cheapest to the dearest, each is compared with those beside it: a bounded number of
# pairs at any size of the shop. Alike are those that share facets, cost about the same and come from one maker.
_SIMILAR = text(
    _KEEP.format(
        kind=SIMILAR,
        found=f"""
        WITH shelf AS MATERIALIZED (
            SELECT product_id, category_path, price_min, brand_slug, facets,
                row_number() OVER (PARTITION BY category_path ORDER BY price_min, product_id) AS place
            FROM catalog.listings
        ), scored AS (
            SELECT a.product_id AS product, b.product_id AS other,
                0.5 * shared.number / greatest(cardinality(a.facets) + cardinality(b.facets) - shared.number, 1)
                + 0.35 * exp(-abs(ln(greatest(a.price_min, 1)::float / greatest(b.price_min, 1))))
                + CASE WHEN a.brand_slug <> '' AND a.brand_slug = b.brand_slug THEN 0.15 ELSE 0 END AS score
            FROM shelf a
            JOIN shelf b ON b.category_path = a.category_path AND b.product_id <> a.product_id
                AND b.place BETWEEN a.place - {NEARBY} AND a.place + {NEARBY}
            CROSS JOIN LATERAL (SELECT count(*) AS number FROM unnest(a.facets) f WHERE f = ANY(b.facets)) shared
        ), ranked AS (
            SELECT product, other, score, row_number() OVER (PARTITION BY product ORDER BY score DESC, other) AS place
            FROM scored
        )
        SELECT product, array_agg(other ORDER BY place) AS others,
            array_agg(CAST(score AS real) ORDER BY place) AS scores
        FROM ranked WHERE place <= {KEPT} GROUP BY product
        """,  # noqa: S608
    )
)


def compute(session: Session, *, now: datetime) -> int:
    """Work out every product's neighbours anew and return how many rows there are; a second run changes nothing."""
    session.execute(_ROOM)
    session.execute(_BASKETS, {"now": now, "since": now - REMEMBERED})
    session.execute(_ANALYZE)
    least = 1 if (session.scalar(_COUNT) or 0) < FEW else 2
    session.execute(_TOGETHER, {"now": now, "least": least})
    session.execute(_DONE)
    session.execute(_SIMILAR, {"now": now})
    session.execute(delete(Neighbours).where(Neighbours.computed_at < now))
    return session.scalar(select(func.count()).select_from(Neighbours)) or 0


def compute_if_old(session: Session, *, now: datetime) -> int:
    """Work everything out if that was not done lately; return how many rows there are, or 0 if nothing was done."""
    last = session.scalar(select(func.max(Neighbours.computed_at)))
    return 0 if last is not None and now - last < EVERY else compute(session, now=now)
