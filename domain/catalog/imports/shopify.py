"""Shopify's product CSV, by its present and its old column names.

Rows with the same handle are one product: its variants, and further pictures on rows with nothing else.
"""

import re
from collections.abc import Mapping, Sequence

from domain.catalog.commands.slug import slug_of
from domain.catalog.imports import prose, values
from domain.catalog.imports.cells import Cells
from domain.catalog.imports.draft import DraftPicture, DraftProduct, DraftVariant
from domain.catalog.imports.format import Format, Names, Shop
from domain.catalog.imports.notes import Notes
from domain.catalog.imports.table import Row

HANDLE = ("handle", "url handle")
TITLE = ("title",)
BODY = ("body (html)", "body html", "description")
PUBLISHED = ("published", "published on online store")
SKU = ("variant sku", "sku")
PRICE = ("variant price", "price")
IMAGE = ("image src", "product image url")
QUANTITY = ("variant inventory qty", "inventory quantity")
POLICY = ("variant inventory policy", "continue selling when out of stock")
FORMER = ("variant compare at price", "compare-at price")
CONTENT, BASE = "unit price total measure", "unit price base measure"
TRACKER = ("variant inventory tracker", "inventory tracker")
KNOWN = frozenset(
    [*HANDLE, *TITLE, *BODY, *PUBLISHED, *SKU, *PRICE, *IMAGE, *QUANTITY, *POLICY, *TRACKER, *FORMER,
     CONTENT, f"{CONTENT} unit", BASE, f"{BASE} unit", "vendor", "product category", "type", "tags", "status",
     "variant barcode", "barcode", "cost per item", "variant grams", "weight value (grams)", "image position",
     "image alt text", "variant image", "variant image url", "seo title", "seo description", "gift card",
     *(f"option{place} {part}" for place in (1, 2, 3) for part in ("name", "value"))]
)  # fmt: skip
_METAFIELD = re.compile(r"(.+?)\s*\(product\.metafields\..+\)")
NO_OPTION = ("title", "default title")


class Shopify(Format):
    """What Shopify exports and takes in."""

    name = "Shopify CSV"

    def recognises(self, columns: frozenset[str]) -> bool:
        """Say whether the columns are Shopify's."""
        return bool(columns & set(HANDLE)) and bool(columns & {*SKU, *PRICE, "option1 name", "option1 value", *IMAGE})

    def reads(self, column: str) -> bool:
        """Say whether a column is read."""
        return column in KNOWN or bool(_METAFIELD.fullmatch(column))

    def keeps_empty(self, column: str) -> bool:
        """Say that a price before the offer which is empty ends the offer."""
        return column in FORMER

    def names(self, row: Row, before: Names | None) -> Names:
        """Group by handle; a row without one goes on with the product before, or has its title's."""
        handle = row.get(*HANDLE) or slug_of(row.get(*TITLE)) or (before.key if before else "")
        return Names(key=handle.casefold(), sku=row.get(*SKU))

    def draft(self, rows: Sequence[Row], notes: Notes, shop: Shop) -> DraftProduct | None:
        """Make a product of the rows of one handle."""
        first = rows[0]
        handle = first.get(*HANDLE)
        top = Cells(first, notes, currency=shop.currency, zone=shop.zone)
        if any(values.YES & {row.get("gift card").casefold()} for row in rows):
            notes.refuse(
                first.line, "Gift cards are not sold in this shop.", "Leave the product out.", column="gift card"
            )
            return None
        options = _options(rows)
        product = DraftProduct(
            line=first.line,
            slug=slug_of(handle or top.text(*TITLE)),
            by_slug=bool(handle),
            title=prose.line(top.text(*TITLE), 255) or None,
            description=prose.plain(top.text(*BODY)) if any(name in first.cells for name in BODY) else None,
            status=_status(top),
            brand=top.text("vendor") or None,
            category=values.path_of(top.text("product category")) or values.path_of(top.text("type")) or None,
            product_type=top.text("type")[:80] or None,
            tags=tuple(values.words(top.text("tags"))) if "tags" in first.cells else None,
            options=tuple(name for name, _ in options.values()),
            attributes=_metafields(first),
            seo_title=top.text("seo title")[:255] or None,
            seo_description=top.text("seo description")[:500] or None,
        )
        product.pictures = _pictures(rows)
        for row in rows:
            if _is_variant(row, lonely=len(rows) == 1):
                variant = _variant(Cells(row, notes, currency=shop.currency, zone=shop.zone), options, product.slug)
                if variant is not None:
                    product.variants.append(variant)
        return product


def _is_variant(row: Row, *, lonely: bool) -> bool:
    return bool(lonely or row.get(*SKU) or row.get(*PRICE) or row.get("option1 value"))


def _options(rows: Sequence[Row]) -> dict[int, tuple[str, str]]:
    """Return the options in use by their place: the name, and the value column."""
    found: dict[int, tuple[str, str]] = {}
    for place in (1, 2, 3):
        name = next((name for row in rows if (name := row.get(f"option{place} name"))), "")
        used = {row.get(f"option{place} value").casefold() for row in rows} - {""}
        if used and not (name.casefold() in ("", NO_OPTION[0]) and used <= {NO_OPTION[1], NO_OPTION[0]}):
            found[place] = (name[:80] or f"Option {place}", f"option{place} value")
    return found


def _variant(cells: Cells, options: Mapping[int, tuple[str, str]], slug: str) -> DraftVariant | None:
    chosen = tuple(cells.text(column)[:120] for _, column in options.values())
    line, sku = cells.row.line, cells.text(*SKU)
    if not sku:
        sku = "-".join(part for part in (slug, *(slug_of(value) for value in chosen)) if part)[:64]
        cells.notes.say(line, f"There is no SKU; it gets {sku}.", "Give it a SKU of yours, if you keep any.",
                        column=next((name for name in SKU if name in cells.row.cells), "sku"), sku=sku)  # fmt: skip
    cells.sku = sku
    price, former = cells.amount(*PRICE), cells.amount(*FORMER)
    quantity, sold_out = cells.number(*QUANTITY), cells.yes(*POLICY)
    if any(name in cells.row.cells for name in TRACKER) and not cells.text(*TRACKER):
        quantity, sold_out = None, True  # nobody counts it, so it is always there
    return DraftVariant(
        line=line,
        sku=sku,
        option_values=chosen,
        price=price,
        compare_at=former if former and price is not None and former > price else None,
        cost=cells.amount("cost per item"),
        barcode=cells.text("variant barcode", "barcode").lstrip("'") or None,
        grams=cells.grams("variant grams", "weight value (grams)"),
        stock=quantity,
        sell_when_out=sold_out,
        picture=cells.text("variant image", "variant image url"),
        measure=cells.measure(_with_unit(cells, CONTENT), _with_unit(cells, BASE), column=CONTENT),
        none=frozenset({"compare_at"}) if any(name in cells.row.cells for name in FORMER) else frozenset(),
    )


def _with_unit(cells: Cells, name: str) -> str:
    amount = cells.text(name)
    return f"{amount} {cells.text(f'{name} unit')}" if amount else ""


def _status(cells: Cells) -> str | None:
    word = cells.text("status").casefold()
    if word in ("draft", "archived"):
        return word
    published = cells.yes(*PUBLISHED)
    if published is None:
        return "published" if word == "active" else None
    return "published" if published else "draft"


def _pictures(rows: Sequence[Row]) -> list[DraftPicture]:
    placed = []
    for place, row in enumerate(rows):
        if url := row.get(*IMAGE):
            at = row.get("image position")
            placed.append((int(at) if at.isascii() and at.isdigit() else place + 1, place, row, url))
    placed.sort(key=lambda found: found[:2])
    pictures = {
        url: DraftPicture(line=row.line, url=url, alt=row.get("image alt text")) for _, _, row, url in reversed(placed)
    }
    for row in rows:
        if (url := row.get("variant image", "variant image url")) and url not in pictures:
            pictures = {url: DraftPicture(line=row.line, url=url), **pictures}
    return list(reversed(pictures.values()))


def _metafields(row: Row) -> dict[str, str] | None:
    found = {name: _METAFIELD.fullmatch(name) for name in row.cells}
    kept = {match.group(1).capitalize()[:80]: prose.line(row.get(name), 500) for name, match in found.items() if match}
    return {name: value for name, value in kept.items() if value and "=" not in name} if kept else None
