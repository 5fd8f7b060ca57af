"""Files of orders, as those who asked for them see them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.orders.errors import NoSuchExport
from domain.orders.models import OrderExport, OrderExportPart


@dataclass(frozen=True)
class ExportView:
    """How far a file is."""

    id: UUID
    rows: int
    asked_at: datetime
    done: bool


def export_of(session: Session, export_id: UUID, *, staff_id: UUID) -> ExportView:
    """Return somebody's own file; raises NoSuchExport for any other."""
    row = session.scalar(select(OrderExport).where(OrderExport.id == export_id, OrderExport.staff_id == staff_id))
    if row is None:
        raise NoSuchExport
    return ExportView(row.id, row.rows, row.created_at, row.done_at is not None)


def pieces(session: Session, export_id: UUID) -> Iterator[str]:
    """Give the pieces of a file one after another, so that a long one is never in memory as a whole."""
    position = 0
    statement = select(OrderExportPart.content)
    while True:
        content = session.scalar(
            statement.where(OrderExportPart.export_id == export_id, OrderExportPart.position == position)
        )
        if content is None:
            return
        yield content
        position += 1
