"""Products and stock as the rows of a file."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog.queries.products_list import product_list, read_product_filter
from domain.catalog.queries.stock import LEDGER_SORTINGS, movements, read_stock_filter, stock_levels
from domain.shared.exports import Sheet, SheetPage, Words, key_of, major
from domain.shared.lists import known
from domain.shared.money import Money

_VARIANTS = text(
    """
    SELECT p.slug, p.title, coalesce(b.name, '') AS brand, p.product_type, p.tags, p.status, p.options, p.seo_title,
        p.seo_description, v.option_values, v.sku, v.price, v.compare_at, v.cost, v.barcode, v.weight_grams,
        coalesce(s.on_hand, 0) AS on_hand, coalesce(s.sell_when_out, false) AS sell_when_out,
        (SELECT string_agg(up.name, ' > ' ORDER BY length(up.path)) FROM catalog.categories up
         WHERE c.path = up.path OR starts_with(c.path, up.path || '/')) AS category
    FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS wanted(id, place)
    JOIN catalog.products p ON p.id = wanted.id
    JOIN catalog.categories c ON c.id = p.category_id
    LEFT JOIN catalog.brands b ON b.id = p.brand_id
    JOIN catalog.variants v ON v.product_id = p.id AND v.archived_at IS NULL
    LEFT JOIN catalog.stock s ON s.variant_id = v.id
    ORDER BY wanted.place, v.position, v.id
    """
)


def _products(session: Session, wanted: Words, after: str | None, limit: int) -> SheetPage:
    currency = wanted["currency"]
    page = product_list(
        session, currency=currency, after=key_of(after), limit=limit, **vars(read_product_filter(wanted))
    )
    rows: list[tuple[object, ...]] = []

    def amount(minor: int | None) -> str:
        return "" if minor is None else major(Money(minor, currency))

    for row in session.execute(_VARIANTS, {"ids": [one.id for one in page.rows]}):
        options = [cell for pair in zip(row.options, row.option_values, strict=False) for cell in pair]
        rows.append((
            row.slug, row.title, row.brand, row.category, row.product_type, ", ".join(row.tags),
            "active" if row.status == "published" else row.status, *options, *[""] * (6 - len(options)),
            row.sku, amount(row.price), amount(row.compare_at), amount(row.cost), row.barcode or "", row.weight_grams,
            "shop", row.on_hand, "continue" if row.sell_when_out else "deny", row.seo_title, row.seo_description,
        ))  # fmt: skip
    return SheetPage(rows, str(page.after) if page.after else None)


def _stock(session: Session, wanted: Words, after: str | None, limit: int) -> SheetPage:
    found = read_stock_filter(wanted)
    page = stock_levels(session, q=found.q, low_only=found.low_only, after=after, limit=limit)
    rows = [
        (row.sku, row.title, row.label, row.on_hand, row.reserved, row.available,
         "yes" if row.sell_when_out else "no", row.low_at)
        for row in page.rows
    ]  # fmt: skip
    return SheetPage(rows, page.after)


def _movements(session: Session, wanted: Words, after: str | None, limit: int) -> SheetPage:
    sort = known(wanted.get("sort"), LEDGER_SORTINGS)
    page = movements(session, UUID(wanted["variant"]), sort=sort, after=int(after) if after else None, limit=limit)
    rows = [
        (
            row.at.isoformat(timespec="seconds"),
            wanted["sku"],
            row.kind,
            row.on_hand,
            row.reserved,
            row.actor,
            row.reason,
        )
        for row in page.rows
    ]
    return SheetPage(rows, str(page.after) if page.after else None)


PRODUCTS = Sheet(
    (
        "Handle", "Title", "Vendor", "Product Category", "Type", "Tags", "Status", "Option1 Name", "Option1 Value",
        "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value", "Variant SKU", "Variant Price",
        "Variant Compare At Price", "Cost per item", "Variant Barcode", "Variant Grams", "Variant Inventory Tracker",
        "Variant Inventory Qty", "Variant Inventory Policy", "SEO Title", "SEO Description",
    ),
    _products,
)  # fmt: skip
"""A row for each variant, in Shopify's columns: what was changed in a spreadsheet can be imported again."""

MOVEMENTS = Sheet(("When", "SKU", "What", "On hand", "Reserved", "Who", "Why"), _movements)
"""The ledger of one variant, whose id and SKU are in what is wanted."""

STOCK = Sheet(("SKU", "Product", "Options", "On hand", "Reserved", "Can be sold", "Sold when out", "Warn at"), _stock)
