"""Our own JSON Lines: one product on each line, as `./shop export` writes them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TextIO

from domain.catalog.errors import WrongMeasure
from domain.catalog.imports.draft import DraftPicture, DraftProduct, DraftVariant
from domain.catalog.imports.format import Format, Names, Shop
from domain.catalog.imports.notes import Notes
from domain.catalog.imports.table import Row
from domain.catalog.measure import check_measure

LONGEST_LINE = 4_000_000
UNTOLD = frozenset({"sale", "compare_at"})
"""What a variant has none of that a line does not name."""
EMPTIED = ("measure", "cost", "barcode", "archived_at")
"""What a variant has none of where a line names it and leaves it empty."""
LINE = "\n"
"""The one cell of a row: the line itself."""


class Own(Format):
    """What this shop exports."""

    name = "Cornershop JSON Lines"

    def recognises(self, columns: frozenset[str]) -> bool:
        """Say whether the columns are ours: a JSON line has none."""
        return False

    def reads(self, column: str) -> bool:
        """Say whether a column is read."""
        return True

    def names(self, row: Row, before: Names | None) -> Names:
        """Take each line for a product of its own."""
        return Names(key=f"line {row.line}")

    def draft(self, rows: Sequence[Row], notes: Notes, shop: Shop) -> DraftProduct | None:
        """Make a product of its line."""
        row = rows[0]
        try:
            told = json.loads(row.cells[LINE])
            if told["currency"] != shop.currency:
                notes.refuse(row.line, f"Its prices are in {told['currency']}, and this shop sells in {shop.currency}.",
                             "Export from a shop of the same currency.", column="currency")  # fmt: skip
                return None
            return _product(row.line, told)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            what = f"“{error.args[0]}” is missing" if isinstance(error, KeyError) else "this is no product of ours"
            notes.refuse(row.line, f"The line cannot be read: {what}.", "Compare it with docs/import-export.md.")
            return None


def lines_of(file: TextIO, notes: Notes) -> Iterator[Row]:
    """Yield each line that holds anything."""
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) >= LONGEST_LINE:
            while not line.endswith("\n") and (line := file.readline(LONGEST_LINE)):
                pass
            notes.refuse(number, "This line is far too long.", "Compare it with docs/import-export.md.")
        elif line.strip():
            yield Row(number, {LINE: line})


def _product(line: int, told: Mapping[str, Any]) -> DraftProduct:
    category = told["category"]
    return DraftProduct(
        line=line,
        slug=str(told["slug"]),
        by_slug=True,
        exact=True,
        title=_text(told["title"]),
        summary=_text(told.get("summary")),
        description=_text(told.get("description")),
        status=_text(told.get("status")),
        brand=_text(told["brand"]) or "" if "brand" in told else None,
        category=tuple(str(name) for name in category["names"]),
        category_path=str(category["path"]),
        product_type=_text(told.get("product_type")),
        type_name=_text(told.get("type")),
        tags=tuple(str(tag) for tag in told["tags"]) if "tags" in told else None,
        options=tuple(str(name) for name in told.get("options", ())),
        attributes=dict(told["attributes"] or {}) if "attributes" in told else None,
        tax_class=_text(told.get("tax_class")),
        seo_title=_text(told.get("seo_title")),
        seo_description=_text(told.get("seo_description")),
        featured=told.get("featured"),
        published_at=_moment(told.get("published_at")),
        variants=[_variant(line, one) for one in told["variants"]],
        pictures=[
            DraftPicture(line=line, url=one.get("url") or "", alt=one.get("alt") or "", stored=one.get("stored"))
            for one in told.get("pictures", ())
        ],
    )


def _variant(line: int, told: Mapping[str, Any]) -> DraftVariant:
    sale, stock = told.get("sale"), told.get("stock") or {}
    return DraftVariant(
        line=line,
        sku=str(told["sku"]),
        option_values=tuple(str(value) for value in told.get("option_values", ())),
        price=_whole(told["price"]),
        compare_at=_whole(told.get("compare_at")),
        sale=(int(sale["price"]), _moment(sale.get("starts_at")), _moment(sale.get("ends_at"))) if sale else None,
        measure=_measure(told.get("measure")),
        cost=_whole(told.get("cost")),
        barcode=_text(told.get("barcode")),
        grams=_whole(told.get("weight_grams")),
        stock=_whole(stock.get("on_hand")),
        sell_when_out=stock.get("sell_when_out"),
        low_at=_whole(stock.get("low_at")),
        colours=tuple(str(colour) for colour in told["colours"]) if "colours" in told else None,
        picture=told.get("picture") or "",
        archived_at=_moment(told.get("archived_at")),
        none=UNTOLD | {name for name in EMPTIED if name in told and not told[name]},
    )


def _whole(value: Any) -> int | None:
    """Take whole numbers alone: an amount that went through a fraction somewhere is not to be trusted."""
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise TypeError(value)
    return value


def _measure(told: Mapping[str, str] | None) -> tuple[Decimal, str, Decimal] | None:
    if not told:
        return None
    try:
        measure = Decimal(told["amount"]), str(told["unit"]), Decimal(told["base"])
        check_measure(*measure)
    except (InvalidOperation, WrongMeasure) as wrong:
        raise ValueError(told) from wrong
    return measure


def _text(value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError(value)
    return value


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
