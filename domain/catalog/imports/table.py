"""Rows out of CSV and TSV files as people really have them, a bounded piece at a time."""

import csv
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TextIO

from domain.catalog.imports.notes import BadValue, Notes
from domain.shared.spreadsheet import unguarded

LONGEST_RECORD = 1_000_000
"""How many characters one record may have: more is a quote that nobody closed, or no table."""
DELIMITERS = (",", ";", "\t", "|")
_DECLARED = re.compile(r"sep=(.)\s*$", re.IGNORECASE)

csv.field_size_limit(LONGEST_RECORD + 1)


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the line it begins on, and its cells by the small-lettered names of their columns."""

    line: int
    cells: Mapping[str, str]

    def get(self, *names: str) -> str:
        """Return the first of these columns that says anything, without blanks around it; else an empty text."""
        for name in names:
            if value := self.cells.get(name, "").strip():
                return value
        return ""


class _Lines:
    """The lines of a file with their numbers; what was read of a record that turns out bad can be read again."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self.number = 0
        self.record: list[str] = []
        self.size = 0
        self.cut = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._file.readline(LONGEST_RECORD)
        if not line:
            # Asked for more within a record: its quotes were still open when the file ended.
            self.cut = bool(self.record)
            raise StopIteration
        self.number += 1
        self.record.append(line)
        self.size += len(line)
        if self.size >= LONGEST_RECORD:
            raise csv.Error
        # A zero byte is no letter of any cell; the reader would stumble over it.
        return line.replace("\0", "")

    def begin(self) -> int:
        """Forget the last record; return the number of the line the next one begins on."""
        self.record, self.size, self.cut = [], 0, False
        return self.number + 1

    def again(self) -> None:
        """Read the record's lines but the first one again."""
        kept = self.record[1:]
        self._again.extendleft(reversed(kept))
        self.number -= len(kept)


def column(name: str) -> str:
    """Return the name of a column as it is compared: without case, marks and blanks around."""
    return " ".join(name.replace("\ufeff", "").replace("\xa0", " ").split()).casefold()


def header_of(file: TextIO) -> tuple[str, list[str]]:
    """Read up to the header; return the delimiter and the names of the columns. Raises BadValue without any."""
    return _header(_Lines(file))


def rows_of(file: TextIO, notes: Notes) -> Iterator[Row]:
    """Yield the records of a table; one that cannot be read is noted, and the next line goes on."""
    lines = _Lines(file)
    delimiter, names = _header(lines)
    wide = False
    while True:
        line = lines.begin()
        try:
            cells = next(csv.reader(lines, delimiter=delimiter), None)
            broken = lines.cut
        except csv.Error:
            cells, broken = [], True
        if cells is None:
            return
        if broken:
            lines.again()
            notes.refuse(line, "A quotation mark in this row is never closed, or a cell is far too long.",
                         "Close the quotation mark, or save the file as CSV again.")  # fmt: skip
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]) and not wide:
            wide = True
            notes.say(line, "This row has more cells than the file has columns; the cells beyond are not read.",
                      "Check whether a text with a comma in it stands in quotation marks.")  # fmt: skip
        yield Row(line, _cells(names, cells))


def _cells(names: list[str], cells: list[str]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        if name and not kept.get(name):
            kept[name] = unguarded(cell)
    return kept


def _header(lines: _Lines) -> tuple[str, list[str]]:
    declared = None
    for _ in range(20):
        lines.begin()
        try:
            line = next(lines)
        except (StopIteration, csv.Error):
            break
        if not line.strip(" \t\r\n,;\ufeff"):
            continue
        if found := _DECLARED.match(line.lstrip("\ufeff")):
            declared = found.group(1)
            continue
        bare = re.sub(r'"[^"]*"', "", line)
        delimiter = declared or max(DELIMITERS, key=bare.count)
        # A name may hold a line break; then the record goes on.
        while line.count('"') % 2 and (more := next(lines, "")):
            line += more
        return delimiter, [column(name) for name in next(csv.reader([line], delimiter=delimiter))]
    raise BadValue("The file holds no table.", "Give a CSV or TSV file whose first line names the columns.")
