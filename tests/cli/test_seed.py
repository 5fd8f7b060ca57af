"""Seeding: the demo shop stands, its books balance, and a second run changes nothing."""

import argparse
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from cli import demo_accounts, seed
from cli.demo import catalogue
from cli.errors import CliError
from cli.seed_goods import describe, palettes
from domain.catalog.media import LocalStorage
from domain.catalog.queries import ListingRequest, listing, product_page
from domain.promotions.queries import promotion_list
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.preferences import OPENED, keep, preferences
from domain.shared.settings import Settings
from domain.users.commands import authenticate_shopper, authenticate_staff


@pytest.fixture
def small_shop(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The demo shop with two of its products and one of its pictured categories, which draw in a moment."""
    whole = catalogue.load()
    coloured = next(product for product in whole.products if len(palettes(product)) > 1)
    plain = next(product for product in whole.products if len(palettes(product)) == 1)
    bare = [
        replace(category, drawing=category.drawing if i == 0 else "") for i, category in enumerate(whole.categories)
    ]
    shop = replace(whole, categories=tuple(bare), products=(coloured, plain))
    monkeypatch.setattr(catalogue, "load", lambda: shop)
    return shop


@pytest.fixture
def here(settings: Settings, sessions: Sessions, tmp_path: Path) -> Settings:
    """Settings with a place for pictures of this test's own."""
    return settings.model_copy(update={"var": tmp_path})


def run(settings: Settings, *words: str) -> int:
    parser = argparse.ArgumentParser()
    seed.add_arguments(parser)
    return seed.run(parser.parse_args(words), settings)


TOLD = re.compile(r"'catalog\.(collection_changed|pages_changed)'")
"""What a seed tells of: its collections, and pages that were kept."""


def rows(sessions: Sessions) -> dict[str, list[tuple[object, ...]]]:
    names = ("catalog.products", "catalog.variants", "catalog.stock", "catalog.stock_movements", "catalog.listings",
             "catalog.categories", "orders.tax_rates", "orders.delivery_methods", "orders.zone_places",
             "users.staff", "users.shoppers", "shared.outbox")  # fmt: skip
    with sessions() as session:
        return {name: sorted(map(str, session.execute(text(f"SELECT * FROM {name}")))) for name in names}  # noqa: S608


def test_the_demo_shop_stands_and_a_second_run_changes_nothing(here, sessions, small_shop, capsys):
    assert run(here) == 0
    assert "2 new products" in capsys.readouterr().out
    before = rows(sessions)

    assert run(here) == 0

    assert "All the goods are there already." in capsys.readouterr().out
    assert rows(sessions) == before
    told = [event for event in before["shared.outbox"] if not TOLD.search(event)]
    assert told == [], "the goods tell nobody"


@pytest.mark.parametrize("opened", ["no", "yes", "closed"])
def test_a_seed_leaves_the_shop_open_or_closed_as_it_was(here, sessions, small_shop, opened):
    with transaction(sessions) as tx:
        keep(tx, {OPENED: opened})

    assert run(here) == 0

    with sessions() as session:
        assert preferences(session).values[OPENED] == opened


@pytest.mark.parametrize(("before", "after"), [("no", "yes"), ("closed", "closed")])
def test_only_a_shop_that_was_never_open_is_opened_as_the_demo_shop_is(here, sessions, small_shop, before, after):
    with transaction(sessions) as tx:
        keep(tx, {OPENED: before})

    assert run(here, "--open") == 0

    with sessions() as session:
        assert preferences(session).values[OPENED] == after


def test_every_colouring_has_a_picture_and_every_unit_its_line_in_the_ledger(here, sessions, small_shop):
    run(here)
    coloured = small_shop.products[0]
    storage = LocalStorage(here.media_dir)

    with sessions() as session:
        page = product_page(session, coloured.slug, "EUR")
        ledger = text(
            "SELECT count(*) FROM catalog.stock s WHERE on_hand <> (SELECT coalesce(sum(m.on_hand), 0)"
            " FROM catalog.stock_movements m WHERE m.variant_id = s.variant_id)"
        )
        assert session.scalar(ledger) == 0
        listed = listing(session, ListingRequest(category_path=coloured.category_path), "EUR")

    assert [picture.alt for picture in page.pictures] == [describe(coloured, own) for own in palettes(coloured)]
    assert [variant.sku for variant in page.variants] == [variant.sku for variant in coloured.variants]
    assert all(variant.picture_index is not None for variant in page.variants)
    assert coloured.title in [card.title for card in listed.cards]
    for source in page.pictures[0].sources:
        with storage.open(source.key) as file:
            assert len(file.read()) > 100


def test_the_demo_shop_has_an_offer_and_a_code(here, sessions, small_shop):
    for _ in range(2):
        assert run(here) == 0
    with sessions() as session:
        found = promotion_list(session, currency="EUR", now=utcnow()).rows

    assert [(row.codes, row.terms.automatic, row.state) for row in found] == [
        (("WELCOME10",), False, "running"),
        ((), True, "running"),
    ]
    assert all(row.terms.announcement for row in found)


def test_the_people_of_the_demo_shop_can_sign_in(here, sessions, small_shop):
    run(here)

    with sessions() as session:
        for staff in demo_accounts.STAFF:
            found = authenticate_staff(session, email=staff.email, password=demo_accounts.STAFF_PASSWORD)
            assert found.email == staff.email
        shopper = authenticate_shopper(
            session, email=demo_accounts.SHOPPER_EMAIL, password=demo_accounts.SHOPPER_PASSWORD
        )
        assert shopper.email == demo_accounts.SHOPPER_EMAIL
        assert rates_of(session, "standard") >= {("IE", "", 2300), ("FI", "", 2550), ("GB", "", 2000), ("ES", "CN", 0)}
        methods = session.execute(
            text("SELECT zone_code, code, price FROM orders.delivery_methods ORDER BY zone_code, position")
        ).all()
        assert [tuple(row) for row in methods] == [
            ("europe", "europe-standard", 0), ("europe", "europe-express", 0), ("ireland", "standard", 490),
            ("ireland", "express", 1290), ("ireland", "collect", 0), ("world", "world-standard", 0),
        ]  # fmt: skip


def rates_of(session, tax_class):
    """The rates of a class that hold last: country, region, basis points."""
    rows = session.execute(
        text(
            "SELECT DISTINCT ON (country, region) country, region, basis_points FROM orders.tax_rates"
            " WHERE tax_class = :tax_class ORDER BY country, region, valid_from DESC"
        ),
        {"tax_class": tax_class},
    )
    return {tuple(row) for row in rows}


def test_a_second_seed_leaves_tax_as_the_shop_has_set_it_unless_a_set_is_asked_for(here, sessions, small_shop):
    run(here)
    with transaction(sessions) as tx:
        tx.execute(text("UPDATE orders.tax_rates SET basis_points = 1 WHERE country = 'IE'"))
    run(here)
    with sessions() as session:
        assert ("IE", "", 1) in rates_of(session, "standard")

    run(here, "--tax", "us")
    with sessions() as session:
        assert rates_of(session, "standard") >= {("US", "NJ", 662.5), ("US", "OR", 0)}
        assert {country for country, _, _ in rates_of(session, "standard")} == {"US"}


def test_plausible_products_are_made_once(here, sessions, small_shop, capsys):
    run(here, "--products", "40")
    run(here, "--products", "60")

    out = capsys.readouterr().out
    assert "40 new products" in out
    assert "20 new products" in out
    with sessions() as session:
        assert listing(session, ListingRequest(), "EUR").total == 60
        assert session.scalar(text("SELECT count(*) FROM catalog.listings WHERE picture IS NULL")) == 0


@pytest.mark.parametrize("count", ["0", "-1", "1000001"])
def test_a_number_that_is_none_of_products_is_refused(here, count):
    with pytest.raises(CliError, match="Choose one from 1 to 1,000,000"):
        run(here, f"--products={count}")
