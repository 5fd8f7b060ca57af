"""Taking customers' addresses off what they used, so that every count stays right."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

# A use that still counts moves from the customer's row to one that is only the order's.
_MOVE = text(
    """
    WITH moved AS (
        UPDATE promotions.usages u SET used = u.used - r.uses
        FROM (SELECT promotion_id, customer, count(*) AS uses FROM promotions.redemptions
              WHERE order_id = ANY(:orders) AND released_at IS NULL GROUP BY 1, 2) r
        WHERE u.promotion_id = r.promotion_id AND u.customer = r.customer
    )
    INSERT INTO promotions.usages (promotion_id, customer, used)
    SELECT promotion_id, 'deleted ' || order_id, 1 FROM promotions.redemptions
    WHERE order_id = ANY(:orders) AND released_at IS NULL
    """
)
_CLEAR = text(
    """
    DELETE FROM promotions.usages u USING promotions.redemptions r
    WHERE r.order_id = ANY(:orders) AND u.promotion_id = r.promotion_id AND u.customer = r.customer AND u.used = 0
    """
)
_RENAME = text("UPDATE promotions.redemptions SET customer = 'deleted ' || order_id WHERE order_id = ANY(:orders)")


def forget_customers(session: Session, order_ids: Sequence[UUID]) -> None:
    """Take the address off what these orders used; the caller holds their locks."""
    for statement in (_MOVE, _CLEAR, _RENAME):
        session.execute(statement, {"orders": list(order_ids)})
