"""The books as a test reads them: rows and counts, straight from the database."""

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session


def row(session: Session, statement: str, **values: Any) -> tuple[Any, ...]:
    """Return the one row of a statement."""
    return tuple(session.execute(text(statement), values).one())


def state(session: Session, order_id: UUID) -> str:
    """Return the state an order is in."""
    return str(row(session, "SELECT state FROM orders.orders WHERE id = :id", id=order_id)[0])


def stock(session: Session, variant_id: UUID) -> tuple[int, int]:
    """Return how many of a variant are on hand and how many of those are reserved."""
    found = row(session, "SELECT on_hand, reserved FROM catalog.stock WHERE variant_id = :id", id=variant_id)
    return int(found[0]), int(found[1])


def events(session: Session) -> list[str]:
    """Return the orders' events in the order in which they were recorded."""
    session.flush()
    rows = session.execute(text("SELECT name FROM shared.outbox WHERE name LIKE 'orders.%' ORDER BY position"))
    return [name.removeprefix("orders.") for (name,) in rows]


def kinds(session: Session, order_id: UUID) -> list[str]:
    """Return what an order's timeline tells of."""
    session.flush()
    rows = session.execute(text("SELECT kind FROM orders.timeline WHERE order_id = :id ORDER BY id"), {"id": order_id})
    return [kind for (kind,) in rows]


def count(session: Session, table: str) -> int:
    """Return how many rows a table has."""
    return int(row(session, f"SELECT count(*) FROM {table}")[0])  # noqa: S608 - a table's name from a test
