"""Staff take products in from a file: they see what it would do, then how far it is, and what came of it."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from cli.shopper import Shopper
from tests.journeys.conftest import KINDS, AdminOpener, Kind
from tests.journeys.pages import Admin
from tests.journeys.steps import unused
from tests.journeys.store import Store
from tests.processes import eventually

PRODUCTS = """SELECT p.title, v.price, s.on_hand FROM catalog.variants v JOIN catalog.products p ON p.id = v.product_id
              JOIN catalog.stock s ON s.variant_id = v.id WHERE v.sku LIKE %s ORDER BY v.sku"""


def sheet(word: str) -> bytes:
    """A file as another shop wrote it, with a row whose price can be read in two ways and a column nobody knows."""
    slug, sku = word.lower().replace(" ", "-"), word.upper().replace(" ", "-")
    rows = (
        ("Handle", "Title", "Variant SKU", "Variant Price", "Variant Inventory Qty", "Shelf mark"),
        (f"{slug}-mug", f"{word} mug", f"{sku}-1", "12.50", "7", "A1"),
        (f"{slug}-bowl", f"{word} bowl", f"{sku}-2", "1.234", "3", "A2"),
        (f"{slug}-plate", f"{word} plate", f"{sku}-3", "9,90", "0", "A3"),
    )
    target = io.StringIO()
    csv.writer(target).writerows(rows)
    return target.getvalue().encode()


def bring(admin: Admin, name: str, data: bytes) -> None:
    """Hand in a file to be looked through."""
    admin.page.get_by_label("File", exact=True).set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})
    admin.press("Look at the file")
    admin.page.wait_for_url(re.compile("/products/imports/[0-9a-f-]{36}$"))
    expect(admin.page.get_by_role("heading", level=1)).to_have_text(name)


def becomes(admin: Admin, words: str) -> None:
    """Wait until the open import says so: a page with scripts does by itself, any other when one looks again."""
    page = admin.page.get_by_role("region", name="The import")
    if admin.scripts:
        expect(page).to_contain_text(words, timeout=60_000)
        return

    def looks() -> bool:
        admin.page.reload()
        return words in page.inner_text()

    assert eventually(looks, every=0.5)


@pytest.mark.parametrize("kind", [KINDS[1], KINDS[2]], ids=str)
def test_a_file_is_looked_through_taken_in_and_sold(own_store: Store, open_admin: AdminOpener, kind: Kind) -> None:
    word = unused("Import")
    sku = f"{word.upper().replace(' ', '-')}-%"
    admin = open_admin(kind, dark=kind is KINDS[1])
    page = admin.page
    admin.open("/products")
    admin.follow("Import")
    admin.press("Look at the file")
    admin.refused("Choose a file.")
    bring(admin, "from-elsewhere.csv", sheet(word))
    becomes(admin, "Looked through")

    expect(page.locator("main")).to_contain_text("Shopify")
    expect(page.locator("main")).to_contain_text("shelf mark")
    assert (admin.figure("Rows"), admin.figure("New products"), admin.figure("Products not taken")) == ("3", "2", "1")
    remarks = admin.rows("Table of remarks")
    expect(remarks.filter(has_text="Not taken")).to_contain_text("1.234")
    admin.sound()
    assert own_store.rows(PRODUCTS, sku) == []

    with own_store.nobody_writes("catalog", "products"):
        admin.press("Take in 2 products")
        admin.told("The import has begun.")
        expect(page.get_by_role("progressbar", name=re.compile("of 3 products"))).to_be_visible()
        admin.sound()
        assert own_store.rows(PRODUCTS, sku) == []
    becomes(admin, "Taken in")
    assert own_store.rows(PRODUCTS, sku) == [(f"{word} mug", 1250, 7), (f"{word} plate", 990, 0)]
    assert (admin.figure("New products"), admin.figure("Products not taken")) == ("2", "1")
    expect(remarks.filter(has_text="Not taken")).to_contain_text("1.234")
    admin.sound()
    with page.expect_download() as download:
        admin.follow("All remarks as CSV")
    assert "1.234" in download.value.path().read_text("utf-8-sig")
    address = f"/p/{word.lower().replace(' ', '-')}-mug"
    assert eventually(lambda: f"{word} mug" in Shopper(own_store.base_url).open(address).text, every=0.5)
    admin.open("/products/imports")
    expect(admin.rows("Table of imports").first).to_contain_text("Taken in")


@pytest.mark.parametrize("kind", [KINDS[0], KINDS[3]], ids=str)
@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("people.csv", b"Name,Phone\nAda,1\n", "The columns are of no format we know"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "This is no text, but a picture or a document."),
        ("empty.csv", b"", "The file is empty."),
    ],
    ids=["other columns", "no text", "nothing"],
)
def test_a_file_that_is_none_of_products_is_told_of(
    own_store: Store, open_admin: AdminOpener, kind: Kind, name: str, data: bytes, problem: str
) -> None:
    admin = open_admin(kind)
    admin.open("/products/imports")
    bring(admin, name, data)
    becomes(admin, "Failed")

    expect(admin.page.get_by_role("alert")).to_contain_text(problem)
    expect(admin.page.get_by_role("button", name=re.compile("Take in"))).to_have_count(0)
    admin.sound()
