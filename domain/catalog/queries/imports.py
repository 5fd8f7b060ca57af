"""Imports as their page and the terminal show them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from domain.catalog.errors import NoSuchImport
from domain.catalog.models.imports import (
    COMING,
    DONE,
    FAILED,
    LOOKED,
    LOOKING,
    READING,
    STOPPED,
    UNDER_WAY,
    WRITING,
    ProductImport,
)
from domain.shared.lists import Filter, Sorting, known, page_of
from domain.shared.spreadsheet import safe_cell

PAGE = 1_000


class Writer(Protocol):
    """What writes rows of CSV."""

    def writerow(self, row: Any, /) -> Any:
        """Write one row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportView:
    """An import: how far it is and what came of it so far."""

    id: UUID
    file_name: str
    by: str
    state: str
    format: str
    encoding: str
    unread: tuple[str, ...]
    stock: str
    as_drafts: bool
    with_pictures: bool
    problem: str
    rows: int
    products: int
    place: int
    made: int
    changed: int
    same: int
    refused: int
    rows_refused: int
    stock_left: int
    pictures: int
    created_at: datetime
    moved_at: datetime

    @property
    def is_under_way(self) -> bool:
        """Say whether a worker is at it."""
        return self.state in UNDER_WAY or self.state == COMING

    @property
    def is_looked_at(self) -> bool:
        """Say whether its preview is there and it waits for a word."""
        return self.state == LOOKED

    @property
    def is_over(self) -> bool:
        """Say whether nothing more will come of it."""
        return self.state in (DONE, FAILED, STOPPED)

    @property
    def words(self) -> str:
        """Return its state as people read it."""
        return STATE_WORDS[self.state]

    @property
    def badge(self) -> str:
        """Return the look of its state."""
        return {DONE: "published", FAILED: "failed", STOPPED: "archived"}.get(self.state, "draft")

    @property
    def percent(self) -> int:
        """Return how far the present step is."""
        return min(100 * self.place // self.products, 100) if self.products else 0


@dataclass(frozen=True, slots=True)
class ImportList:
    """Some imports; `after` asks for the next ones, None if there are none."""

    rows: tuple[ImportView, ...]
    after: UUID | None


@dataclass(frozen=True, kw_only=True)
class ImportFilter(Filter):
    """Which imports are looked for: by part of the file's name, and by state."""

    q: str = ""
    state: str = ""
    sort: str = ""


IMPORT_SORTINGS = {
    "": Sorting("Latest first", (ProductImport.id,), falls=True),
    "oldest": Sorting("Oldest first", (ProductImport.id,)),
}
IMPORT_SORTS = {name: sorting.label for name, sorting in IMPORT_SORTINGS.items()}


@dataclass(frozen=True, slots=True)
class NoteView:
    """A remark on a row."""

    id: int
    line: int
    level: str
    column: str
    sku: str
    message: str
    advice: str


_NOTES = text(
    """
    SELECT id, line, level, "column", sku, message, advice FROM catalog.import_notes
    WHERE import_id = :id AND id > :after ORDER BY id LIMIT :limit
    """
)


def import_view(session: Session, import_id: UUID) -> ImportView:
    """Return an import; raises NoSuchImport. One statement."""
    found = session.scalar(
        select(ProductImport).where(ProductImport.id == import_id).execution_options(populate_existing=True)
    )
    if found is None:
        raise NoSuchImport
    return _view(found)


def read_import_filter(words: Mapping[str, str]) -> ImportFilter:
    """Read a filter out of an address; what makes no sense is left out."""
    return ImportFilter(
        q=words.get("q", "").strip()[:200],
        state=known(words.get("state"), STATE_WORDS),
        sort=known(words.get("sort"), IMPORT_SORTS),
    )


def import_list(session: Session, wanted: ImportFilter, *, after: UUID | None = None, limit: int = 50) -> ImportList:
    """Return imports, usually the latest first. One statement."""
    statement = page_of(select(ProductImport), IMPORT_SORTINGS[wanted.sort], after=after, limit=limit)
    if wanted.q:
        statement = statement.where(ProductImport.file_name.icontains(wanted.q, autoescape=True))
    if wanted.state:
        statement = statement.where(ProductImport.state == wanted.state)
    found = session.scalars(statement.execution_options(populate_existing=True)).all()
    return ImportList(tuple(_view(one) for one in found[:limit]), found[limit - 1].id if len(found) > limit else None)


def unfinished(session: Session, mark: str) -> UUID | None:
    """Return the import of the very same file that was interrupted while it was read or written, if there is one."""
    found: UUID | None = session.scalar(
        select(ProductImport.id)
        .where(ProductImport.options["mark"].astext == mark, ProductImport.state.in_((READING, WRITING)))
        .order_by(ProductImport.id.desc())
        .limit(1)
    )
    return found


def import_notes(session: Session, import_id: UUID, *, after: int, limit: int) -> Sequence[NoteView]:
    """Return the remarks behind one, in the order they were made. One statement."""
    rows = session.execute(_NOTES, {"id": import_id, "after": after, "limit": limit})
    return [NoteView(*row) for row in rows]


def write_notes(session: Session, import_id: UUID, writer: Writer) -> None:
    """Write every remark as CSV."""
    for row in note_rows(session, import_id):
        writer.writerow(row)


def note_rows(session: Session, import_id: UUID) -> Iterator[Sequence[object]]:
    """Yield every remark as a row for a spreadsheet, a page at a time; nothing in it is run by one."""
    yield ("Line", "What became of it", "Column", "SKU", "What is the matter", "What to do")
    after = 0
    while notes := import_notes(session, import_id, after=after, limit=PAGE):
        for note in notes:
            cells = (note.line, WORDS[note.level], note.column, note.sku, note.message, note.advice)
            yield [safe_cell(cell) for cell in cells]
        after = notes[-1].id


STATE_WORDS = {
    COMING: "Waiting for a worker", READING: "Being read", LOOKING: "Being looked through", LOOKED: "Looked through",
    WRITING: "Being taken in", DONE: "Taken in", FAILED: "Failed", STOPPED: "Stopped",
}  # fmt: skip
WORDS = {"refused": "Not taken", "left_out": "Taken without it", "said": "Taken"}


def _view(found: ProductImport) -> ImportView:
    return ImportView(
        id=found.id,
        file_name=found.file_name,
        by=found.by,
        state=found.state,
        format=found.format,
        encoding=found.encoding,
        unread=tuple(found.unread),
        stock=found.options["stock"],
        as_drafts=found.options["as_drafts"],
        with_pictures=found.options["pictures"],
        problem=found.problem,
        rows=found.rows,
        products=found.products,
        place=found.place,
        made=found.made,
        changed=found.changed,
        same=found.same,
        refused=found.refused,
        rows_refused=found.rows_refused,
        stock_left=found.stock_left,
        pictures=found.pictures,
        created_at=found.created_at,
        moved_at=found.moved_at,
    )
