"""What has changed shows at once wherever it stands, and nothing else is thrown away."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog import handlers
from domain.catalog.commands import correct, create_category, receive, set_price, update_brand, update_product
from domain.catalog.queries import brand_detail, brand_ids
from domain.shared.db import Sessions, transaction
from domain.shared.pages import EVERY
from domain.shared.preferences import ShopChanged, save_preferences
from domain.shared.settings import Settings
from tests.factories.catalog import make_brand
from tests.storefront.conftest import Goods
from tests.web.pages.conftest import BOWL, MUG, MUGS, VASES, see
from web.db import transaction as in_request

HEARTH, SALLOW = "/brands/hearth-co", "/brands/sallow"


def test_a_new_price_shows_at_once_and_nothing_else_is_thrown_away(
    client: FlaskClient, goods: Goods, change: Callable[..., Any], rendered: list[str]
) -> None:
    see(client, "/", MUG, BOWL, MUGS, "/c/kitchen", VASES)
    old = client.get(MUG).headers["ETag"]
    rendered.clear()

    with change() as tx:
        set_price(tx, variant_id=goods.mug.variant_id, price=1350, compare_at=None)

    assert "€13.50" in client.get(MUG, headers={"If-None-Match": old}).text
    assert "€13.50" in client.get(MUGS).text
    assert "€13.50" in client.get("/c/kitchen").text
    assert "€13.50" in client.get("/").text
    see(client, BOWL, VASES)
    assert rendered == [MUG, MUGS, "/c/kitchen", "/"]


def test_a_brands_page_is_kept_and_follows_its_goods_and_its_own_words(
    client: FlaskClient, goods: Goods, sessions: Sessions, change: Callable[..., Any], rendered: list[str]
) -> None:
    with transaction(sessions) as tx:
        other = make_brand(tx, "Sallow")
        hearth = brand_detail(tx, brand_ids(tx)["hearth-co"])
    see(client, HEARTH, HEARTH, SALLOW)
    assert rendered.count(HEARTH) == 1

    with change() as tx:
        set_price(tx, variant_id=goods.mug.variant_id, price=1350, compare_at=None)
    assert "€13.50" in client.get(HEARTH).text
    with change() as tx:
        update_product(tx, product_id=goods.mug.id, version=product_version(tx, goods.mug.id), brand_id=other)
    assert "Harbour mug" not in client.get(HEARTH).text
    assert "Harbour mug" in client.get(SALLOW).text
    with change() as tx:
        update_brand(tx, brand_id=hearth.id, version=hearth.version, name=hearth.name, slug=hearth.slug,
                     description="Two potters.")  # fmt: skip
    assert "Two potters." in client.get(HEARTH).text


def product_version(session: Session, product_id: UUID) -> int:
    found: int = session.scalar(text("SELECT version FROM catalog.products WHERE id = :id"), {"id": product_id})
    return found


def test_the_last_one_sold_shows_at_once(
    client: FlaskClient, goods: Goods, change: Callable[..., Any], rendered: list[str]
) -> None:
    see(client, MUG, VASES, "/p/tall-vase")
    rendered.clear()

    with change() as tx:
        correct(tx, variant_id=goods.vase.variant_id, on_hand=0, reason="sold at the fair", actor="ada")

    assert "Sold out" in client.get("/p/tall-vase").text
    assert "Sold out" in client.get(VASES).text
    see(client, MUG)
    assert rendered == ["/p/tall-vase", VASES]
    with change() as tx:
        receive(tx, quantities={goods.vase.variant_id: 2}, actor="ada")
    assert "Only 2 left" in client.get("/p/tall-vase").text


def test_the_shops_new_name_stands_on_every_page(
    client: FlaskClient, change: Callable[..., Any], settings: Settings, sessions: Sessions
) -> None:
    old = client.get(MUG).headers["ETag"]
    with change() as tx:
        save_preferences(tx, {"name": "Corner Daughters"}, settings=settings)
        handlers.change_every_page(tx, ShopChanged(names=("name",)))

    page = client.get(MUG, headers={"If-None-Match": old})
    assert (page.status_code, "Corner Daughters" in page.text) == (200, True)


def test_every_unit_counts_when_few_are_left(
    client: FlaskClient, goods: Goods, change: Callable[..., Any], rendered: list[str]
) -> None:
    for left, words in ((3, "Only 3 left"), (2, "Only 2 left"), (1, "Only 1 left")):
        with change() as tx:
            correct(tx, variant_id=goods.mug.variant_id, on_hand=left, reason="counted", actor="ada")
        assert words in client.get(MUG).text


def test_a_new_address_takes_the_place_of_the_old_one(
    client: FlaskClient, goods: Goods, change: Callable[..., Any]
) -> None:
    see(client, MUG)

    with change() as tx:
        update_product(tx, product_id=goods.mug.id, version=2, slug="quay-mug")

    moved = client.get(f"{MUG}?utm_source=mail")
    assert (moved.status_code, moved.location) == (301, "/p/quay-mug?utm_source=mail")
    assert client.get("/p/quay-mug").status_code == 200


def test_a_product_that_moves_leaves_the_list_it_was_in(
    client: FlaskClient, goods: Goods, sessions: Sessions, change: Callable[..., Any]
) -> None:
    see(client, MUGS, VASES)
    with transaction(sessions) as tx:
        vases = tx.scalar(text("SELECT id FROM catalog.categories WHERE path = 'living/vases'"))

    with change() as tx:
        update_product(tx, product_id=goods.mug.id, version=2, category_id=vases)

    assert "Harbour mug" not in client.get(MUGS).text
    assert "Harbour mug" in client.get(VASES).text


def test_a_new_department_shows_on_every_page(
    client: FlaskClient, change: Callable[..., Any], rendered: list[str]
) -> None:
    see(client, "/", MUG, MUGS)
    rendered.clear()

    with change() as tx:
        create_category(tx, slug="garden", name="Out of doors", parent_id=None)

    for path in ("/", MUG, MUGS):
        assert "Out of doors" in client.get(path).text
    assert rendered == ["/", MUG, MUGS]


def test_a_promotion_that_begins_and_another_day_make_other_pages(client: FlaskClient, app: Flask) -> None:
    before = client.get(MUG).headers["ETag"]
    shown = app.extensions["shown"]
    app.extensions["shown"] = lambda: shown() + " and a new day"
    app.wsgi_app._shown_until = 0.0  # type: ignore[union-attr]

    assert client.get(MUG).headers["ETag"] != before


def test_what_this_process_commits_is_known_before_its_answer_is_sent(
    app: Flask, client: FlaskClient, goods: Goods, rendered: list[str]
) -> None:
    see(client, MUG, BOWL)
    with app.test_request_context(), in_request() as tx:
        set_price(tx, variant_id=goods.mug.variant_id, price=1400, compare_at=None)

    assert "€14.00" in client.get(MUG).text
    see(client, BOWL)
    assert rendered == [MUG, BOWL, MUG]


def test_every_page_is_forgotten_with_one_word(
    client: FlaskClient, own: Settings, sessions: Sessions, rendered: list[str]
) -> None:
    see(client, MUG, MUGS)
    handlers.forget_pages.perform((EVERY,), own)
    see(client, MUG, MUGS)

    assert rendered == [MUG, MUGS, MUG, MUGS]
