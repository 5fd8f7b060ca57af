"""What an import says on the terminal, and as CSV."""

import csv
import sys
import time
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalog.queries.imports import ImportView, import_notes, write_notes

SHOWN = 20
"""How many remarks the terminal shows."""
EVERY = 2.0
STEPS = {"read": "rows read", "looking": "products looked at", "writing": "products taken in"}


class Terminal:
    """Says how far an import is: on one line of a terminal, now and then elsewhere."""

    def __init__(self) -> None:
        self._live, self._said_at, self._open = sys.stdout.isatty(), time.monotonic(), False

    def report(self, step: str, done: int, of: int) -> None:
        """Say how far a step is."""
        now = time.monotonic()
        if now - self._said_at < (0.1 if self._live else EVERY):
            return
        self._said_at, self._open = now, self._live
        how_many = f"{done:,} of {of:,}" if of else f"{done:,}"
        print(f"{chr(13) if self._live else ''}  {STEPS[step]}: {how_many}", end="" if self._live else "\n", flush=True)

    def end(self) -> None:
        """End the line that counts."""
        if self._open:
            print()


def print_report(reader: Session, found: ImportView, report: Path | None, *, dry_run: bool) -> None:
    """Print what became of the file, and the first remarks."""
    if found.format:
        print(f"  {found.file_name} is {found.format}, written in {found.encoding}.")
    if found.unread:
        print(f"  Not read: {', '.join(found.unread)}.")
    would = "would be " if dry_run else ""
    new, other = f"{found.made:,} {would}new", f"{found.changed:,} {would}changed"
    print(f"  {found.rows:,} rows, {found.products:,} products: {new}, {other}, {found.same:,} as they were, "
          f"{found.refused:,} refused. Rows refused: {found.rows_refused:,}.")  # fmt: skip
    if found.stock_left:
        print(f"  {found.stock_left:,} known SKUs have another stock in the file; the shop's stays (see --stock all).")
    if found.pictures and not dry_run:
        print(f"  {found.pictures:,} pictures are fetched by the workers.")
    notes = import_notes(reader, found.id, after=0, limit=SHOWN + 1)
    for note in notes[:SHOWN]:
        where = ", ".join(part for part in (f"line {note.line}", note.column, note.sku) if part)
        print(f"  {note.level}: {where}: {note.message} {note.advice}")
    if len(notes) > SHOWN:
        print(
            f"  There is more to say: it is in {report}."
            if report
            else "  There is more to say: add --report FILE.csv."
        )


def write_csv(reader: Session, import_id: UUID, path: Path) -> None:
    """Write every remark to a file that spreadsheets open."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        write_notes(reader, import_id, csv.writer(file))
