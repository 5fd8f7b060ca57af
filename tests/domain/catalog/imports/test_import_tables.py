"""Files as people really have them: encodings, delimiters, quotes, blank lines, broken rows."""

import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.catalog.imports.feed_xml import entries_of
from domain.catalog.imports.notes import BadValue, Notes
from domain.catalog.imports.reading import recognise
from domain.catalog.imports.table import LONGEST_RECORD, rows_of
from tests.domain.catalog.imports.conftest import drafts_of

TABLE = "Handle,Title,Variant SKU,Variant Price\r\ncafé,Café crème,C-1,2.50\r\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [(TABLE.encode(), "utf-8"), (TABLE.encode("utf-8-sig"), "utf-8-sig"), (TABLE.encode("utf-16"), "utf-16"),
     (TABLE.encode("utf-16-le"), "utf-16-le"), (TABLE.encode("utf-16-be"), "utf-16-be"),
     (TABLE.encode("cp1252"), "cp1252")],
    ids=["utf-8", "marked utf-8", "utf-16", "utf-16-le", "utf-16-be", "windows-1252"],
)  # fmt: skip
def test_the_encoding_is_told_from_the_content(data: bytes, encoding: str) -> None:
    file = io.BytesIO(data)
    source = recognise(file)
    [row] = source.rows(file, Notes())
    assert (source.encoding, row.line, row.get("title")) == (encoding, 2, "Café crème")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_told_from_the_header(delimiter: str, end: str) -> None:
    lines = ["", 'Title%"Variant Price"%Handle%SKU', "", 'A "quoted" thing%"1%250"%a%A-1', '"B\nb"%2%b%B-1', "%%%"]
    found = list(rows_of(io.StringIO(end.join(lines).replace("%", delimiter), newline=""), Notes()))
    assert [row.get("handle") for row in found] == ["a", "b"]
    assert found[0].get("title") == 'A "quoted" thing'
    assert found[0].get("variant price") == f"1{delimiter}250"
    assert [row.line for row in found] == [4, 5]


def test_a_declared_delimiter_and_columns_in_any_case_and_order() -> None:
    text = "sep=;\n Variant  Price;HANDLE;title,with comma;SKU\n1;a;b;'=C\n"
    [row] = rows_of(io.StringIO(text, newline=""), Notes())
    assert dict(row.cells) == {"variant price": "1", "handle": "a", "title,with comma": "b", "sku": "=C"}


HUGE = "x" * (LONGEST_RECORD + 10)


@pytest.mark.parametrize("broken", ['"never closed,1', f'"{HUGE}"', HUGE],
                         ids=["open quote", "huge cell", "huge line"])  # fmt: skip
def test_a_broken_row_costs_only_itself(broken: str) -> None:
    notes = Notes()
    text = f"handle,price\na,1\n{broken}\nb,2\nc,3\n"
    found = list(rows_of(io.StringIO(text, newline=""), notes))
    assert [row.get("handle") for row in found if len(row.get("handle")) == 1] == ["a", "b", "c"]
    assert [(note.line, note.level) for note in notes if note.level == "refused"] == [(3, "refused")]


def test_a_row_with_more_cells_than_columns_is_said_and_read() -> None:
    notes = Notes()
    [row] = rows_of(io.StringIO("handle,price\na,1,2\n", newline=""), notes)
    assert dict(row.cells) == {"handle": "a", "price": "1"}
    assert [(note.line, note.level) for note in notes] == [(2, "said")]


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"", "The file is empty."), (b"PK\x03\x04rest", "This is an archive or a spreadsheet, not a text."),
     (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "This is no text, but a picture or a document."),
     (b"Name,Ph\0one\n" + b"Ada,1\n" * 20, "The columns are of no format we know (name, phone…)."),
     (b"Name,Phone\nAda,1\n", "The columns are of no format we know (name, phone…).")],
)  # fmt: skip
def test_what_is_no_product_file_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(BadValue) as refused:
        recognise(io.BytesIO(data))
    assert refused.value.message == message


def test_a_feed_with_entities_of_its_own_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><item><id>&b;</id>'
    with pytest.raises(BadValue, match="document type"):
        list(entries_of(io.BytesIO(bomb), Notes()))


@settings(max_examples=60)
@given(st.sampled_from([b"Handle,Title,Variant SKU,Variant Price\n", b"ID,Type,SKU,Name,Regular price,Parent\n",
                        b"id\ttitle\tprice\tlink\n", b"<rss><item>", b'{"slug": '])
       , st.binary(max_size=120))  # fmt: skip
def test_no_file_is_more_than_refused(start: bytes, rest: bytes) -> None:
    with suppress(BadValue):
        drafts_of(start + rest)
