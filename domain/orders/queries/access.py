"""What a signed link opens, without reading the whole order."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from domain.orders.errors import NoSuchOrder
from domain.orders.link import opens
from domain.orders.models import Order
from domain.orders.number import clean
from domain.orders.queries.page import version_of
from domain.shared.quick import Prepared, one, rows

_VERSIONS = Prepared(
    """
    SELECT o.number, o.access_key, o.updated_at, p.id, p.state
    FROM orders.orders o LEFT JOIN LATERAL (
        SELECT id, state FROM payments.payments WHERE order_id = o.id ORDER BY id DESC LIMIT 1
    ) p ON true
    WHERE o.number = ANY(:numbers)
    """,
    "number access_key updated_at payment_id payment_state",
)
_BY_NUMBER = Prepared("SELECT id, access_key FROM orders.orders WHERE number = :number", "id access_key")
_OWN = select(Order.access_key).where(Order.number == bindparam("number"), Order.shopper_id == bindparam("shopper_id"))


def order_by_link(session: Session, number: str, *, access_key: str) -> UUID:
    """Return the id of the order that a link opens; raises NoSuchOrder for a wrong number and a wrong key alike."""
    row = one(session, _BY_NUMBER, {"number": clean(number)})
    if row is None or not opens(row.access_key, access_key):
        raise NoSuchOrder
    order_id: UUID = row.id
    return order_id


def own_key(session: Session, number: str, *, shopper_id: UUID) -> str:
    """Return the key to a shopper's own order; raises NoSuchOrder for anybody else's."""
    key: str | None = session.scalar(_OWN, {"number": clean(number), "shopper_id": shopper_id})
    if key is None:
        raise NoSuchOrder
    return key


def order_versions(session: Session, numbers: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return the access key of each order and the version that its page would have now; one statement by indexes.

    Whoever asks must compare the key before telling anything.
    """
    found = rows(session, _VERSIONS, {"numbers": list(numbers)})
    return {
        row.number: (row.access_key, version_of(row.updated_at, row.payment_id, row.payment_state)) for row in found
    }
