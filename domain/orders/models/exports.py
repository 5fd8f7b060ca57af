"""Lists of orders that staff take along as a file."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db import Base, Entity


class OrderExport(Entity, kw_only=True):
    """A file that is being written, or is ready: which orders, for whom, and how far it is."""

    __tablename__ = "exports"
    __table_args__ = (Index("ix_exports_created_at", "created_at"), {"schema": "orders"})

    staff_id: Mapped[UUID]
    wanted: Mapped[dict[str, str]]
    rows: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(default=None)


class OrderExportPart(Base, kw_only=True):
    """A piece of the file; they stand in the database, as web tasks and workers share no disk."""

    __tablename__ = "export_parts"
    __table_args__ = ({"schema": "orders"},)

    export_id: Mapped[UUID] = mapped_column(ForeignKey("orders.exports.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(Text)
