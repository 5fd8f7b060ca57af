"""Keeping how often promotions were used, so that no list has to count every order that used one.

Triggers write by how much each order moved the uses of a promotion, a new row each time: orders that use the same code
do not wait for each other. From time to time these rows are added to what is kept; both together are the uses.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

# Of two at once the second waits: it would add, or count, what the first has in hand.
_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended('the uses of promotions', 0))")
_ADD = text(
    """
    WITH taken AS (DELETE FROM promotions.use_changes RETURNING promotion_id, uses, customers, amount)
    INSERT INTO promotions.kept_uses AS kept (promotion_id, uses, customers, amount)
    SELECT promotion_id, sum(uses), sum(customers), sum(amount) FROM taken GROUP BY promotion_id
    ON CONFLICT (promotion_id) DO UPDATE SET uses = kept.uses + excluded.uses,
        customers = kept.customers + excluded.customers, amount = kept.amount + excluded.amount
    RETURNING promotion_id
    """
)
_FORGET = text("DELETE FROM promotions.kept_uses")
# One statement sees one moment: it takes away just those changes that are in what it counts, while the shop goes on.
_COUNT = text(
    """
    WITH counted_anew AS (DELETE FROM promotions.use_changes), held AS (
        SELECT promotion_id, count(*) AS uses, sum(amount) AS amount FROM promotions.redemptions
        WHERE released_at IS NULL GROUP BY promotion_id
    ), users AS (
        SELECT promotion_id, count(*) AS customers FROM promotions.usages WHERE used > 0 GROUP BY promotion_id
    )
    INSERT INTO promotions.kept_uses (promotion_id, uses, customers, amount)
    SELECT promotion_id, coalesce(uses, 0), coalesce(customers, 0), coalesce(amount, 0)
    FROM held FULL JOIN users USING (promotion_id)
    RETURNING promotion_id
    """
)


def keep_uses(session: Session) -> int:
    """Add to what is kept whatever was used or given back since; returns of how many promotions that was."""
    session.execute(_ALONE)
    return len(session.scalars(_ADD).all())


def recount_uses(session: Session) -> int:
    """Count the uses of every promotion anew from the orders that used it; returns how many were ever used."""
    session.execute(_ALONE)
    session.execute(_FORGET)
    return len(session.scalars(_COUNT).all())
