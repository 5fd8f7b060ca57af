"""A demo store's 147 products and 1,847 variants, written as each format writes them, all come in."""

import csv
import gzip
import io
import os
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.shared.settings import ROOT
from tests.domain.catalog.imports.conftest import TakeIn

DATA = Path(os.environ.get("SHOP_TEST_DATA", ROOT.parent / "shared" / "data"))
FILE = DATA / "magento-luma" / "ConfigurableSampleData__products.csv.gz"
NAMED = re.compile(r"sku=([^,|]+),size=([^,|]+),color=([^,|]+)")

Product = tuple[dict[str, str], Sequence[tuple[str, str, str]]]


@pytest.fixture(scope="module")
def luma() -> list[Product]:
    if not FILE.is_file():
        pytest.skip(f"the demo store's data are not at {FILE}; SHOP_TEST_DATA says where else")
    csv.field_size_limit(10_000_000)
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["product_type"] == "configurable"]
    return [(row, NAMED.findall(row["configurable_variations"])) for row in rows]


def written(head: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str = ",") -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow(head)
    writer.writerows(rows)
    return buffer.getvalue().encode()


def path_of(row: dict[str, str]) -> str:
    return max(row["categories"].split(","), key=lambda path: path.count("/")).removeprefix("Default Category/")


def as_shopify(luma: list[Product]) -> bytes:
    def rows() -> Iterable[Sequence[object]]:
        for row, variants in luma:
            for place, (sku, size, colour) in enumerate(variants):
                top = (row["name"], row["description"], path_of(row).replace("/", " > ")) if not place else ("", "", "")
                yield (row["sku"], *top, "Size", size, "Color", colour, sku, row["price"], 100)

    return written(("Handle", "Title", "Body (HTML)", "Type", "Option1 Name", "Option1 Value", "Option2 Name",
                    "Option2 Value", "Variant SKU", "Variant Price", "Variant Inventory Qty"), rows())  # fmt: skip


def as_woo(luma: list[Product]) -> bytes:
    def rows() -> Iterable[Sequence[object]]:
        for row, variants in luma:
            for sku, size, colour in variants:
                yield (
                    "variation",
                    sku,
                    row["name"],
                    "",
                    row["price"],
                    100,
                    "",
                    row["sku"],
                    "Size",
                    size,
                    "Color",
                    colour,
                )
        for row, variants in luma:
            sizes, colours = (", ".join(dict.fromkeys(v[place] for v in variants)) for place in (1, 2))
            path = path_of(row).replace("/", " > ")
            yield (
                "variable",
                row["sku"],
                row["name"],
                row["description"],
                "",
                "",
                path,
                "",
                "Size",
                sizes,
                "Color",
                colours,
            )

    return written(("Type", "SKU", "Name", "Description", "Regular price", "Stock", "Categories", "Parent",
                    "Attribute 1 name", "Attribute 1 value(s)", "Attribute 2 name", "Attribute 2 value(s)"),
                   rows())  # fmt: skip


def as_google(luma: list[Product]) -> bytes:
    def rows() -> Iterable[Sequence[object]]:
        for row, variants in luma:
            for sku, size, colour in variants:
                title, path = f"{row['name']}, {size}, {colour}", path_of(row).replace("/", " > ")
                price = f"{row['price']} EUR"
                yield (sku, title, row["description"], price, "in_stock", size, colour, path, row["sku"], 100)

    return written(("id", "title", "description", "price", "availability", "size", "color", "product_type",
                    "item_group_id", "quantity"), rows(), delimiter="\t")  # fmt: skip


@pytest.mark.parametrize("write", [as_shopify, as_woo, as_google])
def test_a_whole_store_comes_in_and_once_only(
    luma: list[Product], take_in: TakeIn, session: Session, write: Callable[[list[Product]], bytes]
) -> None:
    data = write(luma)
    variants = sum(len(found) for _, found in luma)

    found = take_in(data)

    assert (found.state, found.products, found.made, found.refused, found.rows_refused) == ("done", 147, 147, 0, 0)
    one = (
        "SELECT count(*), sum(price), sum(s.on_hand)"
        " FROM catalog.variants v JOIN catalog.stock s ON s.variant_id = v.id"
    )
    expected = sum(int(float(row["price"]) * 100) * len(named) for row, named in luma)
    assert tuple(session.execute(text(one)).one()) == (variants, expected, variants * 100)
    shown = session.execute(
        text("SELECT title, variants, in_stock FROM catalog.listings WHERE 'MH01-XS-Black' = ANY(skus)")
    )
    assert tuple(shown.one()) == ("Chaz Kangeroo Hoodie", 15, True)
    assert "<" not in "".join(session.scalars(text("SELECT description FROM catalog.products")))
    again = take_in(data)
    assert (again.made, again.changed, again.same) == (0, 0, 147)
