"""From a file to rows: what it is, is told from what is in it, never from its name."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from domain.catalog.imports.decoding import as_text, encoding_of
from domain.catalog.imports.feed_xml import entries_of
from domain.catalog.imports.format import Format
from domain.catalog.imports.google import Google
from domain.catalog.imports.notes import BadValue, Notes
from domain.catalog.imports.own import Own, lines_of
from domain.catalog.imports.shopify import Shopify
from domain.catalog.imports.table import Row, header_of, rows_of
from domain.catalog.imports.woocommerce import WooCommerce

TABLES: tuple[Format, ...] = (Shopify(), WooCommerce(), Google())
OWN = Own()
FORMATS: dict[str, Format] = {format.name: format for format in (*TABLES, OWN)}


@dataclass(frozen=True)
class Source:
    """What a file turned out to be; `unread` are the columns that say nothing to us."""

    format: Format
    kind: str
    encoding: str
    unread: tuple[str, ...] = ()

    def rows(self, file: BinaryIO, notes: Notes) -> Iterator[Row]:
        """Yield the rows of the file, a bounded piece at a time; raises BadValue where it cannot be read at all."""
        if self.kind == "xml":
            yield from entries_of(file, notes)
            return
        text = as_text(file, self.encoding)
        try:
            yield from (lines_of if self.kind == "lines" else rows_of)(text, notes)
        finally:
            text.detach()  # the file belongs to whoever opened it


def recognise(file: BinaryIO) -> Source:
    """Find out what a file is by its content; raises BadValue for what is none of the formats."""
    encoding = encoding_of(file)
    text = as_text(file, encoding)
    try:
        start = text.read(4096).lstrip("\ufeff \t\r\n")
        if not start:
            raise BadValue("The file is empty.", "Export it again, and look whether there is anything in it.")
        if start.startswith("PK\x03\x04"):
            raise BadValue("This is an archive or a spreadsheet, not a text.", "Unpack it, or save the sheet as CSV.")
        # A text may hold a stray sign that controls something; a picture or a document is full of them.
        if sum(sign < " " and sign not in "\t\r\n\f" for sign in start) > len(start) / 100:
            raise BadValue("This is no text, but a picture or a document.", "Export the products as CSV.")
        if start.startswith("<"):
            return Source(TABLES[2], "xml", encoding)
        if start.startswith("{"):
            return Source(OWN, "lines", encoding)
        text.seek(0)
        _, columns = header_of(text)
    finally:
        text.detach()
    for format in TABLES:
        if format.recognises(frozenset(columns)):
            unread = tuple(column for column in columns if column and not format.reads(column))
            return Source(format, "table", encoding, unread)
    known = ", ".join(FORMATS)
    raise BadValue(f"The columns are of no format we know ({', '.join(columns[:8])}…).",
                   f"Give one of: {known}.")  # fmt: skip
