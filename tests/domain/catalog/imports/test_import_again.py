"""A file taken in again after it changed: what it says now holds, what it does not say stays."""

import json
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog import commands
from domain.catalog.queries import product_page
from domain.catalog.queries.export import exported_products
from domain.catalog.queries.imports import import_notes
from tests.domain.catalog.imports.conftest import TakeIn
from tests.factories.catalog import make_product

VARIANT = text(
    """
    SELECT v.price, v.compare_at, v.sale_price, v.cost, v.barcode, v.measure_amount, v.measure_unit, v.measure_base,
        s.on_hand, s.sell_when_out, s.low_at, b.name AS brand, v.colours
    FROM catalog.variants v JOIN catalog.stock s ON s.variant_id = v.id
    JOIN catalog.products p ON p.id = v.product_id LEFT JOIN catalog.brands b ON b.id = p.brand_id WHERE v.sku = :sku
    """
)
SHOPIFY = (
    "URL handle,Title,SKU,Price,Compare-at price,Unit price total measure,Unit price total measure unit,"
    "Unit price base measure,Unit price base measure unit\njar,Jar,JAR,12.50,15.00,400,G,1,KG\n"
)
WOO = "Type,SKU,Name,Published,Regular price,Sale price\nsimple,JAR,Jar,1,12.50,10\n"
TSV = "id\ttitle\tlink\tprice\tsale_price\tunit_pricing_measure\nJAR\tJar\thttps://x.test/jar\t12.50\t10\t400 g\n"
XML = (
    '<rss xmlns:g="http://base.google.com/ns/1.0"><channel><item><g:id>JAR</g:id><g:title>Jar</g:title>'
    "<g:link>https://x.test/jar</g:link><g:price>12.50</g:price><g:sale_price>10</g:sale_price></item></channel></rss>"
)


def variant(session: Session, sku: str = "JAR") -> dict[str, Any]:
    return dict(session.execute(VARIANT, {"sku": sku}).one()._mapping)


def lines(session: Session) -> list[dict[str, Any]]:
    """Return what an export says of every product."""
    return json.loads(json.dumps(list(exported_products(session, currency="EUR", base="https://x.test")), default=str))  # type: ignore[no-any-return]


def file_of(products: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(one) + "\n" for one in products)


@pytest.fixture
def told(take_in: TakeIn, session: Session) -> dict[str, Any]:
    """What an export says of a jar of honey that has everything."""
    jar = {
        "sku": "JAR", "price": 1250, "compare_at": 1500, "sale": {"price": 900}, "cost": 300,
        "barcode": "4006381333931", "measure": {"amount": "400", "unit": "g", "base": "1000"},
        "colours": ["#aa0000"], "stock": {"on_hand": 2, "sell_when_out": True, "low_at": 7},
    }  # fmt: skip
    take_in(file_of([{
        "currency": "EUR", "slug": "jar", "title": "Jar", "brand": "Hive", "tags": ["sweet"],
        "category": {"path": "larder", "names": ["Larder"]}, "variants": [jar],
    }]))  # fmt: skip
    [told] = lines(session)
    return told


def test_a_product_that_went_out_comes_back_as_it_was(take_in: TakeIn, session: Session, told: dict[str, Any]) -> None:
    again = take_in(file_of([told]))

    assert (again.same, again.changed) == (1, 0)
    assert lines(session) == [told]


def test_what_changed_in_a_file_of_ours_changes_and_what_is_empty_empties(
    take_in: TakeIn, session: Session, told: dict[str, Any]
) -> None:
    [jar] = told["variants"]
    jar |= {"price": 1300, "measure": {"amount": "0.5", "unit": "kg", "base": "1"}, "colours": []}
    jar["stock"] |= {"sell_when_out": False, "low_at": 1, "on_hand": 5}
    assert (take_in(file_of([told])).changed, take_in(file_of([told])).same) == (1, 1)
    assert variant(session) == {
        "price": 1300, "compare_at": 1500, "sale_price": 900, "cost": 300, "barcode": "4006381333931",
        "measure_amount": Decimal("0.5"), "measure_unit": "kg", "measure_base": 1, "on_hand": 2,
        "sell_when_out": False, "low_at": 1, "brand": "Hive", "colours": [],
    }  # fmt: skip

    told["brand"] = None
    jar |= dict.fromkeys(("compare_at", "sale", "measure", "cost", "barcode"))
    assert (take_in(file_of([told])).changed, take_in(file_of([told])).same) == (1, 1)
    emptied = variant(session)
    assert {name for name, value in emptied.items() if value is None} == {
        "compare_at", "sale_price", "cost", "barcode", "measure_amount", "measure_unit", "measure_base", "brand",
    }  # fmt: skip


def test_what_a_line_of_ours_does_not_name_stays(take_in: TakeIn, session: Session, told: dict[str, Any]) -> None:
    before = variant(session) | {"sale_price": None, "compare_at": None}
    [jar] = told["variants"]
    told["variants"] = [{"sku": jar["sku"], "price": jar["price"]}]

    take_in(file_of([{name: told[name] for name in ("currency", "slug", "title", "category", "variants")}]))

    assert variant(session) == before
    assert session.scalar(text("SELECT tags FROM catalog.products")) == ["sweet"]


def test_how_a_sku_is_sold_is_left_to_those_who_may_set_stock(
    take_in: TakeIn, session: Session, told: dict[str, Any]
) -> None:
    told["variants"][0]["stock"]["sell_when_out"] = False
    assert take_in(file_of([told]), selling=False).same == 1
    assert variant(session)["sell_when_out"]


def test_what_is_promised_beyond_the_shelf_is_still_sold_when_out(
    take_in: TakeIn, session: Session, told: dict[str, Any]
) -> None:
    jar = product_page(session, "jar", "EUR").variants[0]
    commands.reserve(session, quantities={jar.id: 3}, order_id=jar.id, actor="test")
    told["variants"][0]["stock"]["sell_when_out"] = False

    found = take_in(file_of([told]))

    [note] = import_notes(session, found.id, after=0, limit=9)
    assert (note.level, note.column, note.message) == (
        "left_out", "sell_when_out", "More units are promised than are on hand. Receive the missing ones first.",
    )  # fmt: skip
    assert variant(session)["sell_when_out"]


@pytest.mark.parametrize(("data", "offer", "ended", "silent"), [
    (SHOPIFY, ("15.00", ""), "compare_at", SHOPIFY.replace("Compare-at price", "Something")),
    (WOO, (",10\n", ",\n"), "sale_price", WOO.replace("Sale price", "Something")),
    (TSV, ("\t10\t", "\t\t"), "sale_price", TSV.replace("sale_price", "something")),
    (XML, ("<g:sale_price>10</g:sale_price>", ""), "sale_price", None),
])  # fmt: skip
def test_an_offer_that_vanished_from_a_file_ends_if_the_file_speaks_of_offers(
    take_in: TakeIn, session: Session, data: str, offer: tuple[str, str], ended: str, silent: str | None
) -> None:
    take_in(data)
    assert variant(session)[ended] in (1000, 1500)
    assert take_in(data).same == 1
    if silent:
        assert take_in(silent).same == 1, "a file without such a column says nothing of offers"

    assert take_in(data.replace(*offer)).changed == 1

    assert variant(session)[ended] is None
    assert take_in(data.replace(*offer)).same == 1


@pytest.mark.parametrize("data", [SHOPIFY, TSV])
def test_price_by_measure_comes_in_and_changes(take_in: TakeIn, session: Session, data: str) -> None:
    take_in(data)
    _, words = product_page(session, "jar", "EUR").variants[0].unit_price or (None, "")
    assert words == "1 kg"

    assert take_in(data.replace("400", "500")).changed == 1
    assert variant(session)["measure_amount"] == 500


def test_a_sale_whose_end_cannot_be_read_is_left_out(take_in: TakeIn, session: Session) -> None:
    found = take_in(WOO.replace("Sale price", "Sale price,Date sale price ends").replace(",10\n", ",10,soon\n"))
    [first] = [note for note in import_notes(session, found.id, after=0, limit=9) if note.level == "left_out"]
    assert first.column == "date sale price ends"
    assert variant(session)["sale_price"] is None


def test_a_brand_is_known_by_its_name_whatever_its_address(take_in: TakeIn, session: Session) -> None:
    jar = make_product(session, sku="JAR", title="Jar", brand="Hive & Co")
    session.execute(text("UPDATE catalog.brands SET slug = 'hive' WHERE name = 'Hive & Co'"))

    assert take_in("Handle,Title,Vendor,Variant SKU\njar,Jar,Hive & Co,JAR\n").same == 1

    assert session.scalar(text("SELECT count(*) FROM catalog.brands")) == 1
    assert jar.id


def test_what_has_moved_is_found_by_the_address_that_it_once_had(take_in: TakeIn, session: Session) -> None:
    rows = [
        {"currency": "EUR", "slug": sku.lower(), "title": sku, "brand": "Hive",
         "category": {"path": path, "names": names}, "variants": [{"sku": sku, "price": 1250}]}
        for sku, path, names in (
            ("JAR", "kitchen/jars", ["Kitchen", "Jars"]), ("LID", "kitchen/jars/lids", ["Kitchen", "Jars", "Lids"]),
        )
    ]  # fmt: skip
    take_in(file_of(rows[:1]))
    brand, category = (
        session.execute(text(f"SELECT id, version FROM catalog.{table} WHERE {which}")).one()  # noqa: S608
        for table, which in (("brands", "slug = 'hive'"), ("categories", "path = 'kitchen/jars'"))
    )
    commands.update_brand(session, brand_id=brand.id, version=brand.version, name="The hive", slug="the-hive")
    commands.update_category(
        session, category_id=category.id, version=category.version, name="Jars", slug="jars", parent_id=None
    )

    found = take_in(file_of(rows))

    assert (found.made, found.same, found.refused) == (1, 1, 0)
    place = "SELECT c.path, p.brand_id FROM catalog.products p JOIN catalog.categories c ON c.id = p.category_id"
    placed = session.execute(text(f"{place} ORDER BY 1")).all()
    assert placed == [("jars", brand.id), ("jars/lids", brand.id)]
    assert session.scalar(text("SELECT count(*) FROM catalog.brands")) == 1


def test_what_is_archived_is_not_counted_as_there(take_in: TakeIn, session: Session) -> None:
    take_in(file_of([{
        "currency": "EUR", "slug": "jar", "title": "Jar", "category": {"path": "jars", "names": ["Jars"]},
        "options": ["Size"], "variants": [
            {"sku": "JAR", "price": 1250, "option_values": ["Small"], "stock": {"on_hand": 0}},
            {"sku": "POT", "price": 1250, "option_values": ["Large"], "stock": {"on_hand": 1}},
        ],
    }]))  # fmt: skip
    told = lines(session)
    told[0]["variants"][0] |= {"archived_at": "2026-01-02T03:04:05Z"}
    told[0]["variants"][0]["stock"]["on_hand"] = 5

    found = take_in(file_of(told), stock="all")

    assert "there are units of it" in " ".join(
        note.message for note in import_notes(session, found.id, after=0, limit=9)
    )
    kept = session.execute(text("SELECT archived_at FROM catalog.variants WHERE sku = 'JAR'")).scalar_one()
    assert (kept, variant(session)["on_hand"]) == (None, 5)
