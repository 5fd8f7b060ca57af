"""WooCommerce's product CSV: variable products with their variations on rows of their own, in any order."""

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
    ["id", "type", "sku", "gtin, upc, ean, or isbn", "name", "published", "is featured?", "short description",
     "description", "date sale price starts", "date sale price ends", "tax status", "tax class", "in stock?", "stock",
     "low stock amount", "backorders allowed?", "sale price", "regular price", "categories", "tags", "images", "parent",
     "brands", "position"]
)  # fmt: skip
BRAND = ("brands", "brand", "attribute: brand")
_WEIGHT = re.compile(r"weight(?: \((\w+)\))?")
_ATTRIBUTE = re.compile(r"attribute (\d+) (name|value\(s\)|visible|global|default)")
NOT_SOLD = {"grouped": "A grouped product has no price of its own.",
            "external": "An external product is sold somewhere else."}  # fmt: skip
MOST_OPTIONS = 3


class WooCommerce(Format):
    """What WooCommerce exports and takes in."""

    name = "WooCommerce CSV"

    def recognises(self, columns: frozenset[str]) -> bool:
        """Say whether the columns are WooCommerce's."""
        return {"name", "type"} <= columns and bool(columns & {"regular price", "published", "parent", "in stock?"})

    def reads(self, column: str) -> bool:
        """Say whether a column is read."""
        return column in KNOWN or bool(_WEIGHT.fullmatch(column) or _ATTRIBUTE.fullmatch(column))

    def keeps_empty(self, column: str) -> bool:
        """Say that a sale price which is empty ends the sale."""
        return column == "sale price"

    def names(self, row: Row, before: Names | None) -> Names:
        """Group variations with the row that their parent names, by its id or its SKU."""
        id_, sku = row.get("id"), row.get("sku")
        own = tuple(name for name in (f"id:{id_}" if id_ else "", f"sku:{sku.casefold()}" if sku else "") if name)
        if "variation" in kinds(row):
            parent = row.get("parent")
            named = re.fullmatch(r"(?:id:)?\s*(\d+)", parent, re.IGNORECASE)
            by = f"id:{named.group(1)}" if named else f"sku:{parent.casefold()}"
            return Names(key=f"parent {by}", sku=sku or f"woo-{id_}", parent=by)
        return Names(key=f"row {row.line}", sku="" if "variable" in kinds(row) else sku, names=own)

    def draft(self, rows: Sequence[Row], notes: Notes, shop: Shop) -> DraftProduct | None:
        """Make a product of a simple row, or of a variable one with its variations."""
        tops = [row for row in rows if "variation" not in kinds(row)]
        parts = sorted((row for row in rows if "variation" in kinds(row)), key=_position)
        top = tops[0] if tops else parts[0]
        kind = next((kind for kind in kinds(top) if kind in NOT_SOLD), None)
        if kind:
            notes.refuse(
                top.line, NOT_SOLD[kind], "Leave it out, or enter it by hand.", column="type", sku=top.get("sku")
            )
            return None
        if not tops and not top.get("parent"):
            notes.refuse(top.line, "This variation does not say which product it is of.",
                         "Name the product's SKU or id in the column Parent.", column="parent",
                         sku=top.get("sku"))  # fmt: skip
            return None
        cells = Cells(top, notes, currency=shop.currency, zone=shop.zone, sku=top.get("sku"))
        attributes = _attributes(top)
        options = _options(top, parts) if parts else ()
        if len(options) > MOST_OPTIONS:
            notes.refuse(top.line, f"Its variations differ in {len(options)} things: {', '.join(options)}.",
                         f"Let variations differ in at most {MOST_OPTIONS}.", sku=top.get("sku"))  # fmt: skip
            return None
        product = DraftProduct(line=top.line, options=options)
        if tops:
            _describe(product, cells, {name: value for name, value in attributes.items() if name not in options})
        own = _pictures(top)
        if parts:
            product.variants = [v for row in parts if (v := _variation(row, options, notes, shop, cells)) is not None]
            others = [picture for row in parts for picture in _pictures(row)[:1]]
            own += [picture for picture in others if picture.url not in {one.url for one in own}]
        elif "variable" in kinds(top):
            notes.refuse(top.line, "This variable product has no variation in the file.",
                         "Export its variations too, or make it a simple product.", sku=top.get("sku"))  # fmt: skip
            return None
        else:
            product.variants = [_variant(cells, top.get("sku"))]
        product.pictures = list({picture.url: picture for picture in reversed(own)}.values())[::-1]
        return product


def kinds(row: Row) -> set[str]:
    """Return what a row is, as in `simple, virtual`."""
    return {part.strip() for part in row.get("type").casefold().split(",")}


def _position(row: Row) -> tuple[int, int]:
    at = row.get("position")
    return (int(at) if at.isascii() and at.isdigit() else 0, row.line)


def _describe(product: DraftProduct, cells: Cells, attributes: dict[str, str]) -> None:
    row = cells.row
    paths = [values.path_of(path) for path in values.words(row.get("categories"))]
    brand = values.words(row.get(*BRAND))
    published = row.get("published")
    product.slug = slug_of(row.get("slug") or row.get("name"))
    product.title = prose.line(row.get("name"), 255) or None
    product.summary = prose.line(row.get("short description"), 500) if "short description" in row.cells else None
    product.description = prose.plain(row.get("description")) if "description" in row.cells else None
    product.status = {"1": "published", "0": "draft", "-1": "draft"}.get(published)
    if published and product.status is None:
        product.status = "published" if cells.yes("published") else "draft"
    product.brand = brand[0] if brand else None
    product.category = max(paths, key=len) if paths else None
    product.tags = tuple(values.words(row.get("tags"))) if "tags" in row.cells else None
    product.featured = cells.yes("is featured?")
    product.attributes = attributes or None
    product.tax_class = {"reduced-rate": "reduced", "zero-rate": "zero"}.get(row.get("tax class").casefold())


def _attributes(row: Row) -> dict[str, str]:
    """Return what attribute columns say, by name, in the order of their numbers."""
    numbers = sorted({int(found.group(1)) for name in row.cells if (found := _ATTRIBUTE.fullmatch(name))})
    pairs = ((row.get(f"attribute {n} name")[:80], row.get(f"attribute {n} value(s)")) for n in numbers)
    return {name: ", ".join(values.words(value))[:500] for name, value in pairs if name and value and "=" not in name}


def _options(top: Row, parts: Sequence[Row]) -> tuple[str, ...]:
    used = {name.casefold(): name for row in parts for name in _attributes(row)}
    known = [name for name in _attributes(top) if name.casefold() in used]
    return tuple(
        dict.fromkeys([*known, *(name for low, name in used.items() if low not in {k.casefold() for k in known})])
    )


def _variation(row: Row, options: Sequence[str], notes: Notes, shop: Shop, top: Cells) -> DraftVariant | None:
    cells = Cells(row, notes, currency=shop.currency, zone=shop.zone, sku=row.get("sku"))
    said = {name.casefold(): value for name, value in _attributes(row).items()}
    missing = [name for name in options if not said.get(name.casefold())]
    if missing:
        notes.refuse(row.line, f"This variation stands for any {missing[0]}.",
                     "Make one variation for each value.", sku=row.get("sku"))  # fmt: skip
        return None
    variant = _variant(cells, row.get("sku"))
    variant.option_values = tuple(said[name.casefold()][:120] for name in options)
    pictures = _pictures(row)
    variant.picture = pictures[0].url if pictures else ""
    if variant.grams is None:
        variant.grams = _grams(top)
    if row.get("published") in ("0", "-1"):
        notes.refuse(row.line, "This variation is switched off.", "Switch it on to have it taken in.",
                        column="published", sku=variant.sku)  # fmt: skip
        return None
    return variant


def _variant(cells: Cells, sku: str) -> DraftVariant:
    row = cells.row
    if not sku:
        sku = f"woo-{row.get('id')}" if row.get("id") else slug_of(row.get("name"))[:64]
        cells.notes.say(row.line, f"There is no SKU; it gets {sku}.", "Give it a SKU of yours, if you keep any.",
                        column="sku", sku=sku)  # fmt: skip
    cells.sku = sku
    price, sale = cells.amount("regular price"), cells.amount("sale price")
    starts, ends = cells.moment("date sale price starts"), cells.moment("date sale price ends", ends=True)
    if price is None and sale is not None and not cells.refused():
        price, sale = sale, None
    stock, in_stock, backorders = cells.number("stock"), cells.yes("in stock?"), cells.yes("backorders allowed?")
    always = bool(backorders) or (stock is None and bool(in_stock))  # nobody counts it, and it is there
    window = (row.get("date sale price starts"), starts), (row.get("date sale price ends"), ends)
    offer, none = cells.offer(sale=sale, price=price, window=window, told="sale price" in row.cells)
    return DraftVariant(
        line=row.line,
        sku=sku,
        price=price,
        sale=offer,
        barcode=row.get("gtin, upc, ean, or isbn").lstrip("'") or None,
        grams=_grams(cells),
        stock=stock,
        sell_when_out=always if backorders is not None or in_stock is not None else None,
        low_at=cells.number("low stock amount"),
        none=none,
    )


def _grams(cells: Cells) -> int | None:
    for name in cells.row.cells:
        if (found := _WEIGHT.fullmatch(name)) and cells.row.get(name):
            return cells.grams(name, unit=found.group(1) or "kg")
    return None


def _pictures(row: Row) -> list[DraftPicture]:
    return [DraftPicture(line=row.line, url=url) for url in values.words(row.get("images"))]
