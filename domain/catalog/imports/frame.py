"""What stands around products in an export of ours: the tree, brands, kinds, collections, and links among products.

What the shop has already of all this stays as it is.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

FIRST = ("categories", "brands", "product_types")
AFTER = ("collections",)
"""The files that are read before the products, and the ones behind them."""

_RECORD = "jsonb_populate_record(NULL::catalog.{table}, CAST(:row AS jsonb))"
_STATEMENTS = {
    # What has its address by now is the brand that once had it.
    "brands": """
        INSERT INTO catalog.brands SELECT r.* FROM {record} r
        WHERE NOT EXISTS (SELECT FROM catalog.old_brand_slugs o WHERE o.slug = r.slug) ON CONFLICT DO NOTHING
    """,
    "product_types": "INSERT INTO catalog.product_types SELECT r.* FROM {record} r ON CONFLICT DO NOTHING",
    "collections": "INSERT INTO catalog.collections SELECT r.* FROM {record} r ON CONFLICT DO NOTHING",
    # Its parent is the category that stands at the path above here, whatever its id was there.
    "categories": """
        INSERT INTO catalog.categories
        SELECT r.* FROM jsonb_populate_record(NULL::catalog.categories, CAST(:row AS jsonb) || jsonb_build_object(
            'parent_id', (SELECT id FROM catalog.categories WHERE path = :above))) r
        ON CONFLICT DO NOTHING
    """,
}
_OLD_PATH = text(
    """
    INSERT INTO catalog.old_paths (path, category_id)
    SELECT :old, id FROM catalog.categories WHERE path = :path ON CONFLICT DO NOTHING
    """
)
_OLD_BRAND = text(
    """
    INSERT INTO catalog.old_brand_slugs (slug, brand_id)
    SELECT :old, id FROM catalog.brands WHERE slug = :slug ON CONFLICT DO NOTHING
    """
)
_IN_COLLECTION = text(
    """
    INSERT INTO catalog.collection_products (collection_id, product_id, position)
    SELECT c.id, p.id, o.place FROM unnest(CAST(:products AS text[])) WITH ORDINALITY AS o(slug, place)
    JOIN catalog.products p ON p.slug = o.slug JOIN catalog.collections c ON c.slug = :slug
    ON CONFLICT DO NOTHING
    """
)
_RELATED = text(
    """
    INSERT INTO catalog.related_products (product_id, related_id, position)
    SELECT p.id, o.id, place - 1 FROM unnest(CAST(:related AS text[])) WITH ORDINALITY AS r(slug, place)
    JOIN catalog.products o ON o.slug = r.slug JOIN catalog.products p ON p.slug = :slug AND p.id <> o.id
    ON CONFLICT DO NOTHING
    """
)
_OLD_SLUG = text(
    """
    INSERT INTO catalog.old_slugs (slug, product_id)
    SELECT old, p.id FROM unnest(CAST(:old AS text[])) AS old JOIN catalog.products p ON p.slug = :slug
    WHERE NOT EXISTS (SELECT FROM catalog.products WHERE slug = old)
    ON CONFLICT DO NOTHING
    """
)


def take_frame(session: Session, kind: str, file: BinaryIO) -> None:
    """Make what is missing of one kind; the file is one that ./shop export wrote."""
    statement = text(_STATEMENTS[kind].format(record=_RECORD.format(table=kind))).bindparams(
        bindparam("row", type_=JSONB)
    )
    rows = sorted(_rows(file), key=lambda row: row.get("path", "")) if kind == "categories" else _rows(file)
    for row in rows:
        above = str(row.get("path", "")).rpartition("/")[0]
        session.execute(statement, {"row": row} | ({"above": above} if kind == "categories" else {}))
        for old in row.get("old_paths") or ():
            session.execute(_OLD_PATH, {"old": old["path"], "path": row["path"]})
        for old in row.get("old_slugs") or () if kind == "brands" else ():
            session.execute(_OLD_BRAND, {"old": old["slug"], "slug": row["slug"]})
        if kind == "collections":
            session.execute(_IN_COLLECTION, {"products": row.get("products") or [], "slug": row["slug"]})


def take_links(session: Session, file: BinaryIO) -> None:
    """Show products beside each other again, and let their old addresses lead to them."""
    for row in _rows(file):
        if row.get("related"):
            session.execute(_RELATED, {"related": row["related"], "slug": row["slug"]})
        if row.get("old_slugs"):
            session.execute(_OLD_SLUG, {"old": row["old_slugs"], "slug": row["slug"]})


def _rows(file: BinaryIO) -> Iterator[dict[str, Any]]:
    file.seek(0)
    lines: Iterable[bytes] = file
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:
            continue  # said of the products; what stands around them is only taken where it is whole
        if isinstance(row, dict):
            yield row
