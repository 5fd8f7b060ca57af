"""A file's rows in the database while it is taken in: there they find their product, wherever in the file it stands.

So the memory of whoever reads stays the same at any size, and an import that was interrupted goes on where it was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog.commands.load import copy_rows
from domain.catalog.imports.format import Format, Names
from domain.catalog.imports.notes import Note
from domain.catalog.imports.prose import readable
from domain.catalog.imports.table import Row
from domain.catalog.models.imports import ImportNote, ImportRow

NOTE_COLUMNS = ("import_id", "step", "line", "level", "column", "sku", "message", "advice")

# The rows of the last import are gone: what was known of the table then would have the rows of this one compared each
# with each.
_ANALYZE = text("ANALYZE catalog.import_rows")
# A variation finds its product by one of the product's names.
_JOIN = text(
    """
    UPDATE catalog.import_rows c SET key = p.key
    FROM (SELECT DISTINCT ON (name) name, r.key FROM catalog.import_rows r, unnest(r.names) AS name
          WHERE r.import_id = :id ORDER BY name, r.line) p
    WHERE c.import_id = :id AND c.parent = p.name
    """
)
# Products come in the order in which the file first tells of them.
_PLACE = text(
    """
    UPDATE catalog.import_rows r SET place = g.place
    FROM (SELECT key, row_number() OVER (ORDER BY min(line), key) AS place FROM catalog.import_rows
          WHERE import_id = :id GROUP BY key) g
    WHERE r.import_id = :id AND r.key = g.key
    """
)
_COUNT = text("SELECT count(*), coalesce(max(place), 0) FROM catalog.import_rows WHERE import_id = :id")
_NEXT = text(
    """
    SELECT place, line, cells FROM catalog.import_rows
    WHERE import_id = :id AND place > :after AND place <= :until ORDER BY place, line
    """
)
_FIRST_LINES = text(
    """
    SELECT sku, min(line) AS line FROM catalog.import_rows
    WHERE import_id = :id AND sku = ANY(:skus) GROUP BY sku
    """
)


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one product."""

    place: int
    rows: Sequence[Row]


def keep_rows(
    session: Session, import_id: UUID, rows: Iterable[Row], format: Format, before: Names | None
) -> Names | None:
    """Keep some rows of a file; return how the last of them names its product, for those that follow."""
    kept = []
    for row in rows:
        before = format.names(row, before)
        cells = {readable(name): readable(cell) for name, cell in row.cells.items() if cell or format.keeps_empty(name)}
        names = [readable(name) for name in before.names]
        kept.append((import_id, row.line, readable(before.key), readable(before.sku), names, readable(before.parent),
                     Jsonb(cells)))  # fmt: skip
    copy_rows(session, ImportRow, ("import_id", "line", "key", "sku", "names", "parent", "cells"), kept)
    return before


def group_rows(session: Session, import_id: UUID) -> tuple[int, int]:
    """Bring each row to its product; return how many rows and products there are."""
    session.execute(_ANALYZE)
    session.execute(_JOIN, {"id": import_id})
    session.execute(_PLACE, {"id": import_id})
    rows, products = session.execute(_COUNT, {"id": import_id}).one()
    return rows, products


def next_groups(session: Session, import_id: UUID, *, after: int, limit: int) -> list[Group]:
    """Return the rows of the next products."""
    found: dict[int, list[Row]] = {}
    for row in session.execute(_NEXT, {"id": import_id, "after": after, "until": after + limit}):
        found.setdefault(row.place, []).append(Row(row.line, row.cells))
    return [Group(place, rows) for place, rows in found.items()]


def first_lines(session: Session, import_id: UUID, skus: Sequence[str]) -> dict[str, int]:
    """Return the line on which each SKU first stands in the file."""
    return {row.sku: row.line for row in session.execute(_FIRST_LINES, {"id": import_id, "skus": list(skus)})}


def keep_notes(session: Session, import_id: UUID, step: str, notes: Iterable[Note]) -> None:
    """Keep remarks of one step of the import."""
    rows = [
        (
            import_id,
            step,
            one.line,
            one.level,
            readable(one.column),
            readable(one.sku),
            readable(one.message),
            one.advice,
        )
        for one in sorted(notes, key=lambda note: note.line)
    ]
    if rows:
        copy_rows(session, ImportNote, NOTE_COLUMNS, rows)
