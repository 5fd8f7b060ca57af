"""Files taken into a shop: exactly once, row by row, on and on after an interruption, in flat memory."""

import io
import json
import time
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog import commands
from domain.catalog.imports import run
from domain.catalog.imports.notes import Notes
from domain.catalog.imports.plan import Rules
from domain.catalog.imports.reading import recognise
from domain.catalog.queries import product_page
from domain.catalog.queries.imports import import_notes, import_view, unfinished
from domain.shared.db import Sessions, transaction
from tests.domain.catalog.imports.conftest import SHOP, TakeIn
from tests.factories.catalog import make_product

SHOPIFY = """Handle,Title,Body (HTML),Vendor,Type,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Qty,Image Src
mug,Mug,<p>For tea.</p>,Hearth,Kitchen > Mugs,Colour,Blue,M-B,12.50,4,https://x.test/1.jpg
mug,,,,,,Red,M-R,13,0,
bowl,Bowl,,Hearth,Kitchen,,,B-1,1.234,7,
cup,Cup,,Other,Kitchen > Cups,,,C-1,5,2,
"""  # noqa: E501
TABLES = ("products", "variants", "stock", "stock_movements", "listings", "categories", "brands", "wanted_pictures")


def rows(session: Session) -> dict[str, list[str]]:
    return {name: sorted(map(str, session.execute(text(f"SELECT * FROM catalog.{name}")))) for name in TABLES}  # noqa: S608


def notes_of(session: Session, id_: Any) -> list[tuple[int, str, str, str]]:
    return [(n.line, n.level, n.column, n.message) for n in import_notes(session, id_, after=0, limit=100)]


def test_good_rows_are_taken_and_bad_ones_said(take_in: TakeIn, session: Session) -> None:
    found = take_in(SHOPIFY)

    assert (found.state, found.format, found.rows, found.products) == ("done", "Shopify CSV", 4, 3)
    assert (found.made, found.changed, found.same, found.refused, found.rows_refused) == (2, 0, 0, 1, 1)
    assert notes_of(session, found.id) == [
        (4, "refused", "variant price", "“1.234” can be read in two ways."),
    ]
    page = product_page(session, "mug", "EUR")
    assert [(v.sku, v.price.amount, v.available) for v in page.variants] == [("M-B", 1250, 4), ("M-R", 1300, 0)]
    assert [link.path for link in page.category] == ["kitchen", "kitchen/mugs"]
    assert (page.brand_name, page.description) == ("Hearth", "For tea.")
    ledger = session.execute(text("SELECT kind, on_hand, actor, reason FROM catalog.stock_movements ORDER BY on_hand"))
    assert list(ledger) == [("received", 2, "Cato", "Imported"), ("received", 4, "Cato", "Imported")]
    wanted = session.execute(text("SELECT url, alt, state, skus FROM catalog.wanted_pictures"))
    assert list(wanted) == [("https://x.test/1.jpg", "Mug", "wanted", [])]
    assert session.scalar(text("SELECT count(*) FROM catalog.listings")) == 2
    assert session.scalar(text("SELECT count(*) FROM catalog.import_rows")) == 0


def test_a_file_of_our_own_ends_the_sale_that_it_does_not_name(take_in: TakeIn, session: Session) -> None:
    told: dict[str, Any] = {
        "currency": "EUR",
        "slug": "mug",
        "title": "Mug",
        "status": "published",
        "category": {"path": "kitchen", "names": ["Kitchen"]},
        "variants": [{"sku": "MUG", "price": 1200, "sale": {"price": 900}, "stock": {"on_hand": 2}}],
    }
    take_in(json.dumps(told) + "\n")
    assert product_page(session, "mug", "EUR").variants[0].price.amount == 900
    del told["variants"][0]["sale"]

    again = take_in(json.dumps(told) + "\n")

    assert (again.changed, again.refused) == (1, 0)
    assert product_page(session, "mug", "EUR").variants[0].price.amount == 1200


def test_a_second_run_changes_nothing(take_in: TakeIn, session: Session) -> None:
    take_in(SHOPIFY)
    before = rows(session)

    again = take_in(SHOPIFY)

    assert (again.made, again.changed, again.same, again.refused) == (0, 0, 2, 1)
    assert rows(session) == before


def test_what_changed_in_the_file_changes_in_the_shop_and_stock_only_if_asked(
    take_in: TakeIn, session: Session
) -> None:
    take_in(SHOPIFY)
    other = (
        SHOPIFY.replace("12.50,4", "11.00,9").replace("Cup,,Other", "Big cup,,New").replace("Kitchen > Cups", "Cups")
    )

    found = take_in(other)

    assert (found.made, found.changed, found.same, found.stock_left) == (0, 2, 0, 1)
    mug, cup = product_page(session, "mug", "EUR"), product_page(session, "cup", "EUR")
    assert [(v.price.amount, v.available) for v in mug.variants] == [(1100, 4), (1300, 0)]
    assert (cup.title, cup.brand_name, cup.category[-1].path) == ("Big cup", "New", "cups")

    counted = take_in(other, stock="all")

    assert (counted.changed, counted.same) == (1, 1)
    assert product_page(session, "mug", "EUR").variants[0].available == 9
    [last] = session.execute(text("SELECT kind, on_hand, actor FROM catalog.stock_movements ORDER BY id DESC LIMIT 1"))
    assert tuple(last) == ("corrected", 5, "Cato")


def test_a_count_never_goes_below_what_is_promised(take_in: TakeIn, session: Session) -> None:
    take_in(SHOPIFY)
    mug = product_page(session, "mug", "EUR").variants[0]
    commands.reserve(session, quantities={mug.id: 3}, order_id=mug.id, actor="test")

    found = take_in(SHOPIFY.replace("12.50,4", "12.50,1"), stock="all")

    assert ("left_out", "stock") in [note[1:3] for note in notes_of(session, found.id)]
    assert product_page(session, "mug", "EUR").variants[0].available == 1


def test_a_preview_says_the_same_and_changes_nothing(take_in: TakeIn, session: Session) -> None:
    before = rows(session)

    looked = take_in(SHOPIFY, then="looking")

    assert rows(session) == before
    assert (looked.state, looked.made, looked.refused, looked.pictures) == ("looked", 2, 1, 1)


def test_a_preview_becomes_the_import(take_in: TakeIn, shop_sessions: Sessions, session: Session) -> None:
    looked = take_in(SHOPIFY, then="looking")
    said = notes_of(session, looked.id)

    with transaction(shop_sessions) as tx:
        assert run.start_writing(tx, looked.id)
        assert not run.start_writing(tx, looked.id)
    assert run.go_on(shop_sessions, looked.id, run.Means(shop=SHOP))

    done = import_view(session, looked.id)
    assert (done.state, done.made, done.refused) == ("done", looked.made, looked.refused)
    assert notes_of(session, looked.id) == said


def test_whose_sku_it_is_and_which_comes_twice(take_in: TakeIn, session: Session) -> None:
    make_product(session, sku="TAKEN", title="Old thing")
    data = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\n" \
           "new,New,Size,S,N-1,1\nnew,,,M,N-1,2\nnew,,,S,N-2,3\nthing,Thing,,,N-1,4\nalso,Also,,,TAKEN,5\n"  # fmt: skip

    found = take_in(data)

    assert notes_of(session, found.id) == [
        (2, "said", "", "It has no category and goes to “Everything else”."),
        (3, "refused", "sku", "This SKU stands on line 2 already."),
        (4, "refused", "", "The product would have “S” twice."),
        (5, "refused", "sku", "This SKU stands on line 2 already."),
    ]
    assert (found.made, found.changed) == (1, 1), "a known SKU says which product it is"
    [title] = session.scalars(text("SELECT title FROM catalog.products p JOIN catalog.variants v ON v.product_id = p.id"
                                   " WHERE v.sku = 'TAKEN'"))  # fmt: skip
    assert title == "Also"


def test_an_interrupted_import_goes_on_where_it_was(
    shop_sessions: Sessions, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "ROWS", 2)
    monkeypatch.setattr(run, "PRODUCTS", 1)
    over, means = run.Means(shop=SHOP, until=time.monotonic()), run.Means(shop=SHOP)
    with transaction(shop_sessions) as tx:
        id_ = run.begin(tx, file_name="x.csv", by="Cato", rules=Rules(), mark="digest")
    file = io.BytesIO(SHOPIFY.encode())

    assert not run.read(shop_sessions, id_, file, over, then="writing")
    assert (import_view(session, id_).state, import_view(session, id_).rows) == ("reading", 2)
    assert unfinished(session, "digest") == id_
    assert run.read(shop_sessions, id_, file, means, then="writing")
    assert not run.go_on(shop_sessions, id_, over)
    half = import_view(session, id_)
    assert (half.state, half.place, half.made) == ("writing", 1, 1)
    assert run.go_on(shop_sessions, id_, means)

    done = import_view(session, id_)
    assert (done.state, done.rows, done.products, done.made, done.refused) == ("done", 4, 3, 2, 1)
    assert unfinished(session, "digest") is None


def test_what_the_database_refuses_costs_one_product(take_in: TakeIn, session: Session) -> None:
    data = SHOPIFY.replace("Hearth,Kitchen > Mugs", "Hearth," + " > ".join(["Deep" * 29] * 8))

    found = take_in(data)

    assert (found.made, found.refused) == (1, 2)
    assert [note[:2] for note in notes_of(session, found.id)] == [(2, "refused"), (4, "refused")]
    assert session.scalars(text("SELECT slug FROM catalog.products")).all() == ["cup"]


def test_a_file_of_no_kind_we_know_fails_with_a_word(take_in: TakeIn) -> None:
    found = take_in("Name,Phone\nAda,1\n")
    assert found.state == "failed"
    assert found.problem.startswith("The columns are of no format we know (name, phone…). Give one of: Shopify CSV")


class Endless(io.RawIOBase):
    """A file of so many products that is made as it is read."""

    def __init__(self, products: int) -> None:
        self._head = b"Handle,Title,Body (HTML),Variant SKU,Variant Price\n"
        self._parts = self._make(products)
        self._left = b""
        self._products = products

    def _make(self, products: int) -> Iterator[bytes]:
        yield self._head
        for n in range(products):
            yield b"p%d,Product %d,%s,SKU-%d,1.50\n" % (n, n, b"x" * 300, n)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        assert (offset, whence) in ((0, 0), (0, 1)), "only back to the beginning"
        if whence == 0:
            self._parts, self._left = self._make(self._products), b""
        return 0

    def tell(self) -> int:
        return 0

    def readinto(self, buffer: Any) -> int:
        while len(self._left) < len(buffer) and (part := next(self._parts, b"")):
            self._left += part
        count = min(len(buffer), len(self._left))
        buffer[:count], self._left = self._left[:count], self._left[count:]
        return count


def peak_of(products: int) -> int:
    """Return the most memory that reading so many products takes, in bytes."""
    file = io.BufferedReader(Endless(products))
    tracemalloc.start()
    try:
        source, notes = recognise(file), Notes()
        batch = []
        for row in source.rows(file, notes):
            batch.append(row)
            if len(batch) == 200:
                for one in batch:
                    assert source.format.draft([one], notes, SHOP)
                batch.clear()
                notes.take()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_file_ten_times_as_long_takes_no_more_memory() -> None:
    assert peak_of(3_000) < 1.5 * peak_of(600)
