"""A shop of real electronics, with judged queries, out of the data that stands beside the repository."""

import csv
import gzip
import json
import os
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog import commands
from domain.catalog.commands import listing
from domain.catalog.commands.load import LoadedProduct, LoadedVariant, load
from domain.catalog.commands.slug import slug_of
from domain.shared.settings import ROOT

SLUG = "ice-"
"""What the address of each of these products begins with; its id in the data follows."""
_LONGEST = 200


def data() -> Path | None:
    """Return the folder with the data, or None where it is absent."""
    place = Path(os.environ.get("SHOP_TEST_DATA") or ROOT.parent / "shared" / "data") / "icecat"
    return place if (place / "products.jsonl.gz").exists() else None


def judgments(place: Path) -> dict[str, dict[str, int]]:
    """Return the rating, 0 to 3, of each judged product of each query."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    with gzip.open(place / "judgments.csv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found[row["query"]][row["docid"]] = int(row["rating"])
    return dict(found)


def ship_synonyms(session: Session) -> None:
    """Put the synonyms there that every shop begins with, whatever the tests before have left of them."""
    [script] = (ROOT / "migrations" / "versions").glob("*_words_and_synonyms_of_the_search.py")
    found = spec_from_file_location("shipped", script)
    assert found is not None
    assert found.loader is not None
    shipped = module_from_spec(found)
    found.loader.exec_module(shipped)
    session.execute(text("DELETE FROM catalog.synonyms"))
    for number, terms in enumerate(shipped.SYNONYMS, start=1):
        session.execute(shipped._ADD, {"id": str(UUID(int=number)), "terms": terms.split(" | ")})


def load_products(session: Session, place: Path) -> int:
    """Load every product into an empty shop, as an import would, and list them."""
    category = commands.create_category(session, slug="electronics", name="Electronics")
    brands: dict[str, Any] = {}
    goods: list[LoadedProduct] = []
    skus: set[str] = set()
    for row in _rows(place):
        brand = slug_of(row["supplier"]) if row["supplier"] else ""
        if brand and brand not in brands:
            brands[brand] = commands.create_brand(session, slug=brand, name=row["supplier"])
        sku = row["name"][:64] if row["name"][:64] not in skus else row["id"]
        skus.add(sku)
        goods.append(
            LoadedProduct(
                slug=f"{SLUG}{row['id']}",
                title=row["title"][:255],
                summary=(row.get("short_description") or "")[:500],
                description="",
                category_id=category,
                brand_id=brands.get(brand),
                options=(),
                attributes=_attributes(row),
                featured=False,
                published_at=datetime.fromisoformat(row["date_released"]),
                variants=[LoadedVariant(sku=sku, price=row["price"], on_hand=5, barcode=next(iter(row["ean"]), None))],
                pictures=(),
            )
        )
    load(session, goods, actor="test", reason="Opening stock")
    listing.refresh_all(session)
    return len(goods)


def _rows(place: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(place / "products.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _attributes(row: dict[str, Any]) -> dict[str, str]:
    """Return the attributes in words as a merchant would enter them; numbers and yes or no say little to a search."""
    return {
        name[7:].strip("_").replace("_", " ").capitalize(): value[:_LONGEST]
        for name, value in row.items()
        if name.startswith("attr_t_") and isinstance(value, str) and value
    }
