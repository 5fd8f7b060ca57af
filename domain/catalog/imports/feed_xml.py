"""The entries of an XML feed as rows, read in pieces; a feed may declare no entities, so it cannot swell."""

from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

from domain.catalog.imports.notes import BadValue, Notes
from domain.catalog.imports.table import Row

PIECE = 64 * 1024
ENTRIES = frozenset({"item", "entry"})
LONGEST_CELL = 200_000
WHOLE = ("sale_price",)
"""What an entry that does not name it has none of: a feed has no columns that could be emptied."""


class _Entries:
    """Gathers the fields of entries while the parser goes through the feed."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._words
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.found: list[Row] = []
        self.line, self.depth = 0, 0
        self.cells: dict[str, str] = {}
        self.words: list[str] = []
        self.letters = 0

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        name = name.rpartition(" ")[2].casefold()
        if self.line:
            self.depth += 1
            if self.depth == 1:
                self.words, self.letters = [], 0
        elif name in ENTRIES:
            self.line, self.cells, self.depth = self.parser.CurrentLineNumber, dict.fromkeys(WHOLE, ""), 0

    def _end(self, name: str) -> None:
        if not self.line:
            return
        if self.depth == 0:
            self.found.append(Row(self.line, self.cells))
            self.line = 0
            return
        if self.depth == 1:
            column, value = name.rpartition(" ")[2].casefold(), "".join(self.words).strip()
            if value:
                before = self.cells.get(column)
                self.cells[column] = f"{before},{value}"[:LONGEST_CELL] if before else value
        self.depth -= 1

    def _words(self, data: str) -> None:
        if self.line and self.depth == 1 and self.letters < LONGEST_CELL:
            self.words.append(data)
            self.letters += len(data)

    def _refuse(self, *_declared: object) -> None:
        raise BadValue("This XML declares a document type.", "Give a feed without a DOCTYPE.")


def entries_of(file: BinaryIO, notes: Notes) -> Iterator[Row]:
    """Yield the entries of a feed; what is no XML any more ends it with a remark. Raises BadValue for a DOCTYPE."""
    file.seek(0)
    entries = _Entries()
    while True:
        piece = file.read(PIECE)
        try:
            entries.parser.Parse(piece, not piece)
        except expat.ExpatError as error:
            yield from entries.found
            notes.refuse(error.lineno, "From here on the file is no XML any more.", "Export the feed again.")
            return
        yield from entries.found
        entries.found = []
        if not piece:
            return
