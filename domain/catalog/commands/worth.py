"""Keeping what the stock of each product is worth, so that nobody has to add up the whole shop."""

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from domain.catalog.queries.stock_value import WORTH_OF
from domain.shared.db import Sessions, transaction

AT_ONCE = 5000
"""How many products are kept in one transaction."""

# A change that is committed after the marks are taken leaves one of its own, and is read here or the next time.
_TAKE = text(
    """
    WITH chosen AS (SELECT DISTINCT product_id FROM catalog.worth_changes ORDER BY product_id LIMIT :most)
    DELETE FROM catalog.worth_changes c USING chosen WHERE c.product_id = chosen.product_id RETURNING c.product_id
    """
).bindparams(bindparam("most", AT_ONCE))
_FORGET = text("DELETE FROM catalog.product_worth WHERE product_id = ANY(:ids)")
_KEEP = text(
    f"""
    INSERT INTO catalog.product_worth (product_id, category_id, units, at_cost, without_cost)
    {WORTH_OF.format(which="SELECT unnest(CAST(:ids AS uuid[]))")}
    """
)


def keep_worth(session: Session) -> int:
    """Keep the worth of products that changed, so many at once; returns how many there were."""
    # Of two at once the second could write what the first has seen before.
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('the worth of the stock', 0))"))
    ids = list(set(session.scalars(_TAKE)))
    if ids:
        session.execute(_FORGET, {"ids": ids})
        session.execute(_KEEP, {"ids": ids})
    return len(ids)


def keep_all_worth(sessions: Sessions) -> int:
    """Keep the worth of everything that changed, some products at a time; returns how many products that were.

    What changes meanwhile waits for the next time, or a busy shop would never be done.
    """
    total = 0
    while True:
        with transaction(sessions) as tx:
            some = keep_worth(tx)
        total += some
        if some < AT_ONCE:
            return total
