"""Moving stock: every change is one guarded statement that also writes the ledger.

The rows are locked in the order of their ids, looked at, and changed only if every one of them can be: a refusal
changes nothing. The guard is the same rule as the table's own constraint.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog.errors import BelowReserved, NoSuchVariant, StockMismatch, StockShort
from domain.catalog.events import StockChanged
from domain.catalog.models import Stock
from domain.catalog.models.stock import CORRECTED, RECEIVED, RELEASED, RESERVED, RETURNED, SOLD
from domain.shared.db import lock_one
from domain.shared.outbox import record
from domain.shared.quick import Prepared, rows


@dataclass(frozen=True)
class _Kind:
    """A kind of movement and its sign: what one unit of it adds to each column."""

    name: str
    on_hand: int
    reserved: int


_RESERVED, _RELEASED, _SOLD = _Kind(RESERVED, 0, 1), _Kind(RELEASED, 0, -1), _Kind(SOLD, -1, -1)
_WRITTEN_OFF = _Kind(CORRECTED, -1, -1)
_RECEIVED, _RETURNED, _CORRECTED = _Kind(RECEIVED, 1, 0), _Kind(RETURNED, 1, 0), _Kind(CORRECTED, 1, 0)

# Under READ COMMITTED the lock waits for other buyers and then sees what they left, and the UPDATE checks its own
# guard on the same newest row. A variant that is gone makes the count differ, which refuses the whole change.
_MOVE = Prepared(
    """
    WITH wanted AS MATERIALIZED (
        SELECT s.variant_id, w.quantity, s.on_hand, s.reserved, s.sell_when_out, s.low_at,
            s.reserved + w.quantity * :reserved >= 0
            AND (s.sell_when_out OR (
                s.on_hand + w.quantity * :on_hand >= 0
                AND s.reserved + w.quantity * :reserved <= s.on_hand + w.quantity * :on_hand)) AS possible
        FROM unnest(CAST(:ids AS uuid[]), CAST(:quantities AS integer[])) AS w(variant_id, quantity)
        JOIN catalog.stock s USING (variant_id)
        ORDER BY s.variant_id
        FOR UPDATE OF s
    ), moved AS (
        UPDATE catalog.stock s
        SET on_hand = s.on_hand + w.quantity * :on_hand, reserved = s.reserved + w.quantity * :reserved
        FROM wanted w
        WHERE s.variant_id = w.variant_id
          AND (SELECT count(*) = :variants AND bool_and(possible) FROM wanted)
          AND s.reserved + w.quantity * :reserved >= 0
          AND (s.sell_when_out OR (
                s.on_hand + w.quantity * :on_hand >= 0
                AND s.reserved + w.quantity * :reserved <= s.on_hand + w.quantity * :on_hand))
        RETURNING s.variant_id, w.quantity
    ), noted AS (
        INSERT INTO catalog.stock_movements (variant_id, kind, on_hand, reserved, order_id, actor, reason, at)
        SELECT variant_id, :kind, quantity * :on_hand, quantity * :reserved, :order_id, :actor, :reason, now()
        FROM moved ORDER BY variant_id
    )
    SELECT w.variant_id, v.product_id, w.possible, w.on_hand - w.reserved AS available, w.sell_when_out, w.low_at,
        m.variant_id IS NOT NULL AS moved
    FROM wanted w JOIN catalog.variants v ON v.id = w.variant_id LEFT JOIN moved m ON m.variant_id = w.variant_id
    ORDER BY w.variant_id
    """,
    "variant_id product_id possible available sell_when_out low_at moved",
)


def reserve(session: Session, *, quantities: Mapping[UUID, int], order_id: UUID, actor: str) -> None:
    """Promise units to an order; raises StockShort, with what is left of each that falls short, and changes nothing."""
    rows = _move(session, _RESERVED, quantities, order_id=order_id, actor=actor)
    if not all(row.moved for row in rows) or len(rows) < len(quantities):
        left = {row.variant_id: max(row.available, 0) for row in rows if not row.possible}
        raise StockShort(left | dict.fromkeys(quantities.keys() - {row.variant_id for row in rows}, 0))
    _tell(session, _RESERVED, quantities, rows)


def release(session: Session, *, quantities: Mapping[UUID, int], order_id: UUID, actor: str, reason: str = "") -> None:
    """Take back a promise, so that others can buy the units; raises StockMismatch."""
    _move_or_refuse(session, _RELEASED, quantities, order_id=order_id, actor=actor, reason=reason)


def sell(session: Session, *, quantities: Mapping[UUID, int], order_id: UUID, actor: str) -> None:
    """Take reserved units off the shelf: they have left the house; raises StockMismatch."""
    _move_or_refuse(session, _SOLD, quantities, order_id=order_id, actor=actor)


def write_off(
    session: Session, *, quantities: Mapping[UUID, int], order_id: UUID, actor: str, reason: str = ""
) -> None:
    """Take reserved units out of the books that will be neither sold nor put back, as broken ones; StockMismatch."""
    _move_or_refuse(session, _WRITTEN_OFF, quantities, order_id=order_id, actor=actor, reason=reason)


def hold(session: Session, variant_ids: Iterable[UUID]) -> None:
    """Lock stock ahead of several moves in one transaction, so that they cannot wait for each other crosswise."""
    session.execute(
        text("SELECT 1 FROM catalog.stock WHERE variant_id = ANY(:ids) ORDER BY variant_id FOR UPDATE"),
        {"ids": list(variant_ids)},
    )


def restock(session: Session, *, quantities: Mapping[UUID, int], order_id: UUID, actor: str, reason: str = "") -> None:
    """Put units that came back from a shopper on the shelf again."""
    _move_or_refuse(session, _RETURNED, quantities, order_id=order_id, actor=actor, reason=reason)


def receive(session: Session, *, quantities: Mapping[UUID, int], actor: str, reason: str = "") -> None:
    """Put new units on the shelf."""
    _move_or_refuse(session, _RECEIVED, quantities, order_id=None, actor=actor, reason=reason)


def correct(session: Session, *, variant_id: UUID, on_hand: int, reason: str, actor: str) -> None:
    """Set what was counted on the shelf; raises BelowReserved if fewer than are promised, and NoSuchVariant."""
    stock = lock_one(session, Stock, variant_id)
    if stock is None:
        raise NoSuchVariant
    if on_hand < stock.reserved and not stock.sell_when_out:
        raise BelowReserved(stock.reserved)
    if on_hand != stock.on_hand:
        change = {variant_id: on_hand - stock.on_hand}
        rows = _move(session, _CORRECTED, change, order_id=None, actor=actor, reason=reason)
        _tell(session, _CORRECTED, change, rows)
        session.expire(stock)


def _move_or_refuse(
    session: Session,
    kind: _Kind,
    quantities: Mapping[UUID, int],
    *,
    order_id: UUID | None,
    actor: str,
    reason: str = "",
) -> None:
    rows = _move(session, kind, quantities, order_id=order_id, actor=actor, reason=reason)
    moved = {row.variant_id for row in rows if row.moved}
    if len(moved) < len(quantities):
        possible = {row.variant_id for row in rows if row.possible}
        raise StockMismatch(tuple(sorted(quantities.keys() - possible)))
    _tell(session, kind, quantities, rows)


def _move(
    session: Session,
    kind: _Kind,
    quantities: Mapping[UUID, int],
    *,
    order_id: UUID | None,
    actor: str,
    reason: str = "",
) -> Sequence[Any]:
    if kind is not _CORRECTED and any(quantity < 1 for quantity in quantities.values()):
        raise ValueError("A quantity of stock to move must be at least 1.")
    if not quantities:
        return []
    parameters = {
        "ids": list(quantities),
        "quantities": list(quantities.values()),
        "variants": len(quantities),
        "kind": kind.name,
        "on_hand": kind.on_hand,
        "reserved": kind.reserved,
        "order_id": order_id,
        "actor": actor,
        "reason": reason,
    }
    return rows(session, _MOVE, parameters)


def _tell(session: Session, kind: _Kind, quantities: Mapping[UUID, int], rows: Sequence[Any]) -> None:
    """Record one event if pages or staff have something new to read: it sold out, came back, or runs low."""
    crossed = set()
    for row in rows:
        before = row.available
        after = before + quantities[row.variant_id] * (kind.on_hand - kind.reserved)
        told = not row.sell_when_out and _told(before, row.low_at) != _told(after, row.low_at)
        if told or before > row.low_at >= after:
            crossed.add(row.product_id)
    if crossed:
        record(session, StockChanged(product_ids=tuple(sorted(crossed))))


def _told(available: int, low_at: int) -> int | bool:
    """What shoppers are told of a variant: how many are left when they are few, else whether there are any."""
    return available if 0 < available <= low_at else available > 0
