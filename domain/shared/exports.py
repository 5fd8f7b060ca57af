"""Lists as files to take along: written by workers a piece at a time, so that progress is seen and none is too long."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar, Self
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.shared.db import Base, Entity, lock_one, utcnow
from domain.shared.errors import NotFound
from domain.shared.events import Event
from domain.shared.lists import Place, Sorting, place_of
from domain.shared.money import Money, exponent
from domain.shared.outbox import record
from domain.shared.spreadsheet import safe_cell

PIECE = 5_000
"""Rows in a piece: a second's work, so that a job that is killed loses little."""

KEPT = timedelta(days=1)
"""How long a file waits for whoever asked for it: some are full of addresses."""

Words = Mapping[str, str]
"""Which rows are wanted and in which order, as the address of the list says it."""


class Export(Entity, kw_only=True):
    """A file that is being written, or is ready: which list, which rows of it, for whom, and how far it is."""

    __tablename__ = "exports"
    __table_args__ = (Index("ix_exports_created_at", "created_at"), {"schema": "shared"})

    kind: Mapped[str] = mapped_column(String(20), server_default="orders")
    staff_id: Mapped[UUID]
    wanted: Mapped[dict[str, str]]
    rows: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(default=None)


class ExportPart(Base, kw_only=True):
    """A piece of the file; they stand in the database, as web tasks and workers share no disk."""

    __tablename__ = "export_parts"
    __table_args__ = ({"schema": "shared"},)

    export_id: Mapped[UUID] = mapped_column(ForeignKey("shared.exports.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, kw_only=True)
class ExportAsked(Event):
    """Staff want a list as a file; each piece of it asks for the one that begins behind `after`."""

    name: ClassVar[str] = "shared.export_asked"
    export_id: UUID
    position: int
    after: str | None


class NoSuchExport(NotFound):
    """There is no such file, it is somebody else's, or its day is over."""

    def __init__(self) -> None:
        super().__init__("This file is not here any more. Ask for it again below the list.")


@dataclass(frozen=True)
class SheetPage:
    """Some rows of a file; `after` asks for the next ones, None if there are none."""

    rows: Sequence[Sequence[object]]
    after: str | None

    @classmethod
    def of(cls, session: Session, rows: Sequence[Sequence[object]], order: Sorting, last: object) -> Self:
        """Make a page behind whose last row there is more, if there is one; the next begins there even if it goes."""
        place = place_of(session, order, last)
        return cls(rows, str(place) if place else None)


@dataclass(frozen=True)
class Sheet:
    """A list as a file: the heads of its columns, and its rows by what is wanted, from behind a key on, so many."""

    head: tuple[str, ...]
    page: Callable[[Session, Words, str | None, int], SheetPage]


@dataclass(frozen=True)
class ExportView:
    """How far a file is."""

    id: UUID
    rows: int
    asked_at: datetime
    done: bool
    wanted: Words


def ask_export(session: Session, *, kind: str, wanted: Words, staff_id: UUID) -> UUID:
    """Have the wanted rows of a list written to a file, and return its id."""
    export = Export(kind=kind, staff_id=staff_id, wanted=dict(wanted))
    session.add(export)
    session.flush()
    record(session, ExportAsked(export_id=export.id, position=0, after=None))
    return export.id


def write_piece(session: Session, event: ExportAsked, sheets: Mapping[str, Sheet]) -> None:
    """Write one piece and ask for the next, or note that the file is whole; of a file that is gone, nothing."""
    export = lock_one(session, Export, event.export_id)
    if export is None or export.done_at:
        return
    sheet = sheets[export.kind]
    page = sheet.page(session, export.wanted, event.after, PIECE)
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    if event.position == 0:
        lines.writerow(sheet.head)
    lines.writerows([safe_cell(value) for value in row] for row in page.rows)
    session.add(ExportPart(export_id=export.id, position=event.position, content=written.getvalue()))
    export.rows += len(page.rows)
    if page.after is None:
        export.done_at = utcnow()
    else:
        record(session, ExportAsked(export_id=export.id, position=event.position + 1, after=page.after))
    session.flush()


def export_of(session: Session, export_id: UUID, *, kind: str, staff_id: UUID) -> ExportView:
    """Return somebody's own file of a list; raises NoSuchExport for any other."""
    row = session.scalar(select(Export).where(Export.id == export_id, Export.kind == kind, Export.staff_id == staff_id))
    if row is None:
        raise NoSuchExport
    return ExportView(row.id, row.rows, row.created_at, row.done_at is not None, row.wanted)


def pieces(session: Session, export_id: UUID) -> Iterator[str]:
    """Give the pieces of a file one after another, so that a long one is never in memory as a whole."""
    position = 0
    statement = select(ExportPart.content)
    while True:
        content = session.scalar(statement.where(ExportPart.export_id == export_id, ExportPart.position == position))
        if content is None:
            return
        yield content
        position += 1


def purge_exports(session: Session, *, now: datetime) -> int:
    """Drop files whose time is over; return how many."""
    gone = delete(Export).where(Export.created_at < now - KEPT).returning(Export.id)
    return len(session.scalars(gone).all())


def major(money: Money) -> str:
    """Return an amount as other programs read it: 12.50."""
    return str(Decimal(money.amount).scaleb(-exponent(money.currency)))


def behind(after: str | None) -> Place | UUID | None:
    """Read where a piece begins, for lists in an order of several columns; an id is what older pieces asked by."""
    return Place.read(after) or key_of(after)


def key_of(after: str | None) -> UUID | None:
    """Read a key that is an id."""
    return UUID(after) if after else None
