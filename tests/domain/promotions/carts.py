"""Carts with codes, and how often a promotion was used by the books."""

from uuid import UUID

from sqlalchemy.orm import Session

from domain.orders.commands import enter_code
from domain.orders.queries import Summary, checkout_summary
from domain.shared.db import utcnow
from tests.domain.orders.books import row

SHOP = {"currency": "EUR", "country": "IE", "locale": "en_GB"}


def enter(session: Session, cart_id: UUID, code: str) -> Summary:
    """Give a code to a cart."""
    return enter_code(session, cart_id=cart_id, code=code, now=utcnow(), **SHOP)


def summary(session: Session, cart_id: UUID) -> Summary:
    """Read what a cart costs."""
    return checkout_summary(session, cart_id, now=utcnow(), **SHOP)


def used(session: Session, promotion_id: UUID) -> tuple[int, int, int]:
    """The promotion's counter, the redemptions that stand, and the customers' counters."""
    session.flush()
    found = row(
        session,
        """SELECT (SELECT used FROM promotions.promotions WHERE id = :id),
        (SELECT count(*) FROM promotions.redemptions WHERE promotion_id = :id AND released_at IS NULL),
        (SELECT coalesce(sum(used), 0)::int FROM promotions.usages WHERE promotion_id = :id)""",
        id=promotion_id,
    )
    return found[0], found[1], found[2]
