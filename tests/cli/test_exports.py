"""`./shop export`: a shop goes out whole, and comes back equal."""

import argparse
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from cli import exports, imports
from cli.errors import CliError
from domain.catalog import commands
from domain.catalog.commands import NewVariant
from domain.catalog.media import LocalStorage, key_for
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.settings import Settings
from tests.conftest import empty
from tests.factories.catalog import make_category, make_product
from tests.factories.orders import make_order
from tests.factories.users import PASSWORD, make_shopper

SHOWN = """
    SELECT jsonb_build_object(
        'product', to_jsonb(p) - ARRAY['id', 'created_at', 'version', 'brand_id', 'category_id', 'type_id']::text[],
        'brand', to_jsonb(b) - 'id', 'type', to_jsonb(t) - 'id',
        'category', to_jsonb(c) - ARRAY['id', 'parent_id']::text[],
        'variants', (SELECT jsonb_agg(to_jsonb(v) - ARRAY['id', 'created_at', 'product_id', 'picture_id']::text[]
                || jsonb_build_object('picture', i.alt, 'on_hand', s.on_hand, 'low_at', s.low_at,
                                      'sell_when_out', s.sell_when_out) ORDER BY v.position)
            FROM catalog.variants v JOIN catalog.stock s ON s.variant_id = v.id
            LEFT JOIN catalog.pictures i ON i.id = v.picture_id WHERE v.product_id = p.id),
        'pictures', (SELECT jsonb_agg(to_jsonb(i) - ARRAY['id', 'created_at', 'product_id']::text[] ORDER BY i.position)
            FROM catalog.pictures i WHERE i.product_id = p.id),
        'related', (SELECT jsonb_agg(o.slug) FROM catalog.related_products r
            JOIN catalog.products o ON o.id = r.related_id WHERE r.product_id = p.id),
        'old', (SELECT jsonb_agg(o.slug) FROM catalog.old_slugs o WHERE o.product_id = p.id),
        'listing', (SELECT to_jsonb(l) - ARRAY['product_id', 'changed_at']::text[] FROM catalog.listings l
            WHERE l.product_id = p.id))
    FROM catalog.products p JOIN catalog.categories c ON c.id = p.category_id
    LEFT JOIN catalog.brands b ON b.id = p.brand_id LEFT JOIN catalog.product_types t ON t.id = p.type_id
    ORDER BY p.slug
"""


def catalogue(sessions: Sessions) -> list[Any]:
    with sessions() as session:
        return list(session.scalars(text(SHOWN)))


def export(settings: Settings, *words: str) -> int:
    parser = argparse.ArgumentParser()
    exports.add_arguments(parser)
    return exports.run(parser.parse_args(words), settings)


def take_in(settings: Settings, path: Path) -> int:
    parser = argparse.ArgumentParser()
    imports.add_arguments(parser)
    return imports.run(parser.parse_args([str(path)]), settings)


@pytest.fixture
def here(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={"var": tmp_path / "var"})


@pytest.fixture
def shop(here: Settings, sessions: Sessions) -> None:
    """A shop with a bit of everything."""
    storage = LocalStorage(here.media_dir)
    key = key_for(b"picture", "webp")
    storage.put(key, b"picture", "image/webp")
    files = [{"format": "webp", "width": 480, "height": 600, "key": key}]
    with transaction(sessions) as tx:
        make_category(tx, "kitchen/mugs")
        variants = [
            (NewVariant(sku="M-G", price=1250, compare_at=1500, option_values=("Green",), barcode="4006381333931",
                        weight_grams=350, colours=("#00ff00",), low_at=1,
                        measure=(Decimal("0.35"), "l", Decimal(1))), 4),
            (NewVariant(sku="M-B", price=1300, option_values=("Blue",), sell_when_out=True), 0),
            (NewVariant(sku="M-R", price=1400, option_values=("Red",)), 1),
        ]  # fmt: skip
        mug = make_product(tx, title="Mug “one”", slug="mug", options=("Colour",), variants=variants, summary="Tea.",
                           description="One.\n\nTwo.", attributes={"Dishwasher": True, "Holds": "300 ml"})  # fmt: skip
        commands.add_picture(
            tx, product_id=mug.id, alt="Green mug", width=480, height=600, derivatives=files, skus=["M-G"]
        )
        commands.set_sale(tx, variant_id=mug.variant_ids[1], sale_price=1100, starts_at=None, ends_at=None)
        commands.correct(tx, variant_id=mug.variant_ids[2], on_hand=0, reason="Broken", actor="test")
        commands.remove_variant(tx, product_id=mug.id, variant_id=mug.variant_ids[2], now=utcnow())
        bowl = make_product(tx, sku="B-1", title="Bowl", slug="bowl", category="kitchen", brand=None)
        commands.update_product(tx, product_id=bowl.id, version=2, slug="deep-bowl", seo_title="Bowl for soup")
        tx.execute(
            text("INSERT INTO catalog.related_products VALUES (:mug, :bowl, 0)"), {"mug": mug.id, "bowl": bowl.id}
        )
        make_product(tx, sku="D-1", title="Draft", slug="draft", published=False)
        make_shopper(tx, email="ada@example.com")
        make_order(tx, sku="M-G", paid=True)
        commands.listing.refresh(tx, [mug.id, bowl.id])
        tx.execute(text("UPDATE catalog.categories SET description = 'All for the table' WHERE path = 'kitchen'"))


@pytest.mark.parametrize("name", ["everything", "everything.zip", "products.jsonl"])
def test_a_catalogue_that_went_out_comes_back_equal(
    here: Settings, sessions: Sessions, engine: Engine, shop: None, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    with transaction(sessions) as tx:  # what is promised to buyers does not come along
        tx.execute(text("UPDATE catalog.stock SET reserved = 0"))
    before = catalogue(sessions)
    assert export(here, str(path), "--pictures") == 0
    empty(engine)

    assert take_in(here, path) == 0

    # Products alone know nothing of what stands around them.
    compared = _alone if name == "products.jsonl" else _whole
    after = catalogue(sessions)
    assert [compared(one) for one in after] == [compared(one) for one in before]
    assert len(before) == 3
    assert take_in(here, path) == 0
    assert catalogue(sessions) == after


def test_an_archived_variant_is_archived_again_unless_there_are_units_of_it(
    here: Settings, sessions: Sessions, shop: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "products.jsonl"
    export(here, str(path))
    find = text("SELECT product_id, id, archived_at FROM catalog.variants WHERE sku = 'M-R'")
    with transaction(sessions) as tx:
        product_id, variant_id, since = tx.execute(find).one()
        commands.restore_variant(tx, product_id=product_id, variant_id=variant_id)
        commands.receive(tx, quantities={variant_id: 2}, actor="test", reason="Found")
    assert since is not None

    assert take_in(here, path) == 0
    with transaction(sessions) as tx:
        assert tx.execute(find).one().archived_at is None
        commands.correct(tx, variant_id=variant_id, on_hand=0, reason="Broken", actor="test")
    assert "there are units of it here" in capsys.readouterr().out

    assert take_in(here, path) == 0
    with sessions() as session:
        assert session.execute(find).one().archived_at == since


def _whole(shown: dict[str, Any]) -> dict[str, Any]:
    return shown


def _alone(shown: dict[str, Any]) -> dict[str, Any]:
    category = {"path": shown["category"]["path"], "name": shown["category"]["name"]}
    brand = shown["brand"] and shown["brand"]["name"]
    return shown | {"related": None, "old": None, "category": category, "brand": brand}


def test_everything_goes_out_but_what_signs_somebody_in(
    here: Settings, sessions: Sessions, shop: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "all.zip"
    assert export(here, str(path)) == 0
    assert "3 products" in capsys.readouterr().out

    with zipfile.ZipFile(path) as archive:
        kinds = {name.removesuffix(".jsonl"): archive.read(name).decode() for name in archive.namelist()}
    read = {
        kind: [json.loads(line) for line in lines.splitlines()] for kind, lines in kinds.items() if kind != "about.json"
    }
    [order] = read["orders"]
    assert [line["sku"] for line in order["lines"]] == ["M-G"]
    assert [payment["state"] for payment in order["payments"]] == ["captured"]
    assert order["total"] > 0
    assert [customer["email"] for customer in read["customers"]] == ["ada@example.com"]
    assert {"promotions", "settings", "stock_movements", "staff", "brands", "categories", "reviews"} <= read.keys()
    assert sum(row["on_hand"] for row in read["stock_movements"] if row["sku"] == "M-G") == 4
    everything = "".join(kinds.values())
    with sessions() as session:
        secrets = session.execute(
            text("SELECT password_hash FROM users.shoppers UNION SELECT access_key FROM orders.orders")
        )
        for (secret,) in secrets:
            assert secret not in everything
    assert PASSWORD not in everything
    assert json.loads(kinds["about.json"])["currency"] == "EUR"


def test_what_is_there_is_not_written_over(here: Settings, sessions: Sessions, tmp_path: Path) -> None:
    (tmp_path / "mine.jsonl").write_text("mine")
    with pytest.raises(CliError, match="is there already"):
        export(here, str(tmp_path / "mine.jsonl"))
    assert (tmp_path / "mine.jsonl").read_text() == "mine"
