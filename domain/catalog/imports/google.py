"""Google Merchant feeds, as TSV and as XML: one entry for each variant, grouped by `item_group_id`."""

import os.path
import re
from collections.abc import Sequence

from domain.catalog.commands.slug import slug_of
from domain.catalog.imports import prose, values
from domain.catalog.imports.cells import Cells
from domain.catalog.imports.draft import DraftPicture, DraftProduct, DraftVariant
from domain.catalog.imports.format import Format, Names, Shop
from domain.catalog.imports.notes import Notes
from domain.catalog.imports.table import Row

KNOWN = frozenset(
    ["id", "title", "description", "link", "image link", "additional image link", "price", "sale price",
     "sale price effective date", "availability", "brand", "gtin", "mpn", "product type", "google product category",
     "item group id", "shipping weight", "color", "colour", "size", "material", "pattern", "gender", "age group",
     "condition", "quantity", "inventory", "cost of goods sold",
     "unit pricing measure", "unit pricing base measure"]
)  # fmt: skip
TRAITS = ("color", "size", "material", "pattern", "gender", "age group", "condition")
OPTIONS = ("color", "size", "material", "pattern")
SOLD_LATER = frozenset({"preorder", "backorder", "availablefororder"})
THERE = frozenset({"instock", "limitedavailability"})


def _plain(column: str) -> str:
    return column.removeprefix("g:").replace("_", " ").replace("colour", "color")


class Google(Format):
    """What shops send to Google Merchant Center."""

    name = "Google Merchant feed"

    def recognises(self, columns: frozenset[str]) -> bool:
        """Say whether the columns are those of a feed."""
        plain = {_plain(column) for column in columns}
        return {"id", "title"} <= plain and len(plain & {"link", "price", "availability", "image link"}) >= 2

    def reads(self, column: str) -> bool:
        """Say whether a column is read."""
        return _plain(column) in KNOWN

    def keeps_empty(self, column: str) -> bool:
        """Say that a sale price which is empty ends the sale."""
        return _plain(column) == "sale price"

    def names(self, row: Row, before: Names | None) -> Names:
        """Group entries by their group; one without is a product of its own."""
        row = _row(row)
        group, id_ = row.get("item group id"), row.get("id")
        return Names(key=f"group {group}" if group else f"item {id_ or row.line}", sku=id_)

    def draft(self, rows: Sequence[Row], notes: Notes, shop: Shop) -> DraftProduct | None:
        """Make a product of the entries of one group."""
        rows = [_row(row) for row in rows]
        top = rows[0]
        differs = [name for name in OPTIONS if len({row.get(name) for row in rows} - {""}) > 1]
        everywhere = [name for name in differs if all(row.get(name) for row in rows)]
        if len(rows) > 1 and not everywhere:
            everywhere = [name for name in OPTIONS if all(row.get(name) for row in rows)][:1]
        options = everywhere[:3]
        attributes = {_label(name): top.get(name)[:500] for name in TRAITS if top.get(name) and name not in differs}
        product = DraftProduct(
            line=top.line,
            title=_title(rows, options) or None,
            description=prose.plain(top.get("description")) if "description" in top.cells else None,
            status="published",
            brand=top.get("brand") or None,
            category=values.path_of(top.get("product type").split(",")[0]) or _taxonomy(top) or None,
            product_type=(values.path_of(top.get("product type")) or ("",))[-1][:80] or None,
            options=tuple(_label(name) for name in options),
            attributes={name: value for name, value in attributes.items() if value != "new"} or None,
        )
        product.slug = _slug(top) or slug_of(product.title or "")
        pictures: dict[str, DraftPicture] = {}
        for row in rows:
            variant = _variant(Cells(row, notes, currency=shop.currency, zone=shop.zone, sku=row.get("id")), options)
            if variant is not None:
                product.variants.append(variant)
            for url in (row.get("image link"), *values.words(row.get("additional image link"))):
                if url:
                    pictures.setdefault(url, DraftPicture(line=row.line, url=url))
        product.pictures = list(pictures.values())
        return product


def _row(row: Row) -> Row:
    return Row(row.line, {_plain(name): cell for name, cell in row.cells.items()})


def _variant(cells: Cells, options: Sequence[str]) -> DraftVariant | None:
    row = cells.row
    if not cells.sku:
        cells.notes.refuse(
            row.line, "This entry has no id.", "Give every entry an id: it becomes the SKU.", column="id"
        )
        return None
    price, sale = cells.amount("price"), cells.amount("sale price")
    starts, _, ends = row.get("sale price effective date").partition("/")
    window = Cells(Row(row.line, {"sale price effective date": starts}), cells.notes, currency=cells.currency,
                   zone=cells.zone, sku=cells.sku)  # fmt: skip
    until = Cells(Row(row.line, {"sale price effective date": ends}), cells.notes, currency=cells.currency,
                  zone=cells.zone, sku=cells.sku)  # fmt: skip
    edges = (
        (starts, window.moment("sale price effective date")),
        (ends, until.moment("sale price effective date", ends=True)),
    )
    offer, none = cells.offer(sale=sale, price=price, window=edges, told="sale price" in row.cells)
    state = re.sub(r"[^a-z]", "", row.get("availability").casefold().rpartition("/")[2])
    stock = cells.number("quantity", "inventory")
    return DraftVariant(
        line=row.line,
        sku=cells.sku,
        option_values=tuple(row.get(name)[:120] for name in options),
        price=price,
        sale=offer,
        cost=cells.amount("cost of goods sold"),
        barcode=row.get("gtin") or None,
        grams=cells.grams("shipping weight"),
        stock=stock,
        # A feed says that something is there, hardly ever how many.
        sell_when_out=state in SOLD_LATER or (state in THERE and stock is None) if state else None,
        picture=row.get("image link"),
        measure=cells.measure(
            row.get("unit pricing measure"), row.get("unit pricing base measure"), column="unit pricing measure"
        ),
        none=none,
    )


def _title(rows: Sequence[Row], options: Sequence[str]) -> str:
    """Return what the titles of all variants begin with, without the signs and words that lead up to their values."""
    titles = [prose.line(row.get("title"), 255) for row in rows]
    if len(titles) == 1 or not options:
        return titles[0]
    shared = os.path.commonprefix(titles)  # noqa: RUF071 - of texts, not of paths
    if shared not in titles:
        shared = shared.rpartition(" ")[0] if " " in shared else ""
    shared = re.sub(r"[\s,;:/|(\[–—-]+$", "", shared)
    return shared if len(shared) >= 3 else titles[0]


def _slug(row: Row) -> str:
    """Return the last part of the entry's address as ours, unless it is a file or a number."""
    part = row.get("link").partition("?")[0].partition("#")[0].rstrip("/").rpartition("/")[2]
    part = re.sub(r"\.html?$", "", part)
    return part if part == slug_of(part) and not part.isdigit() and "/" in row.get("link")[8:] else ""


def _taxonomy(row: Row) -> tuple[str, ...]:
    text = row.get("google product category")
    return () if text.isdigit() else values.path_of(re.sub(r"^\d+ - ", "", text))


def _label(name: str) -> str:
    return {"color": "Colour", "age group": "Age group"}.get(name, name.capitalize())
