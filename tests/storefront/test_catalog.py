"""Home, lists and products: public pages, the same for everyone, out of a few statements."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask.testing import FlaskClient

from domain.catalog import commands
from domain.catalog.commands import Rule
from domain.catalog.queries import category_ids, product_detail
from domain.shared.db import Sessions, transaction
from tests.statements import Statements
from tests.storefront.conftest import PART, Goods

PUBLIC = ["/", "/c/kitchen/mugs", "/c/kitchen", "/search", "/search?q=mug", "/p/harbour-mug",
          "/p/salt-bowl?Colour=Green", "/robots.txt", "/sitemap.xml", "/favicon.svg"]  # fmt: skip


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_is_kept_by_caches_and_sets_no_cookie(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Cookie": "cart=0; cart_count=3; session=x"})

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("public, ")
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/", "/c/kitchen/mugs?sort=price", "/search?q=mug", "/p/harbour-mug", "/p/salt-bowl"])
def test_a_page_costs_at_most_three_statements(
    client: FlaskClient, statements: Callable[[], AbstractContextManager[Statements]], path: str
) -> None:
    client.get("/p/harbour-mug")

    with statements() as seen:
        client.get(path)

    assert 1 <= len(seen) <= 3, seen


@pytest.mark.parametrize(
    "path", ["/c/none", "/c/kitchen/none", "/p/none", "/nowhere", "/c/" + "x" * 600, "/p/%F0%9F%8D%B5"]
)
def test_what_does_not_exist_is_not_found(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "query",
    ["page=-1", "page=0", "page=99999999999", "page=abc", "page=²", "sort=nonsense", "colour=none&colour=red",
     "q=%27%22--", "q=" + "x" * 3000, "q=%F0%9F%8D%B5", "q=%ff%fe", "=x", "utm_source=mail&gclid=1", "q=%25_%5C"],
)  # fmt: skip
def test_a_list_takes_any_question(client: FlaskClient, query: str) -> None:
    assert client.get(f"/search?{query}").status_code == 200
    assert client.get(f"/c/kitchen/mugs?{query}").status_code == 200


def test_advertising_narrows_no_list(client: FlaskClient) -> None:
    assert "Harbour mug" in client.get("/c/kitchen/mugs?utm_source=mail&fbclid=1").text


def test_htmx_gets_the_results_alone(client: FlaskClient) -> None:
    answer = client.get("/c/kitchen/mugs", headers=PART)

    assert answer.text.startswith("<hx-partial")
    assert "Harbour mug" in answer.text
    assert "<html" not in answer.text


def test_the_address_chooses_a_variant_and_else_the_first_that_can_be_bought(client: FlaskClient) -> None:
    part = {query: client.get(f"/p/salt-bowl{query}", headers=PART).text
            for query in ("", "?Colour=Green", "?sku=BOWL-G", "?Colour=Pink")}  # fmt: skip

    assert "€26.00" in part[""]
    assert "€25.00" in part["?Colour=Green"]
    assert "€25.00" in part["?sku=BOWL-G"]
    assert "€26.00" in part["?Colour=Pink"]


def test_a_variant_is_shown_with_its_own_picture(client: FlaskClient, sessions: Sessions, goods: Goods) -> None:
    with transaction(sessions) as tx:
        for alt, sku in (("From afar", None), ("In sand", "BOWL-S"), ("In green", "BOWL-G")):
            files = [{"format": "webp", "width": 480, "height": 600, "key": f"{sku}.webp"}]
            commands.add_picture(tx, product_id=goods.bowl.id, alt=alt, width=480, height=600, derivatives=files,
                                 skus=[sku] if sku else [])  # fmt: skip

    def first(query: str) -> str:
        page = client.get(f"/p/salt-bowl{query}").text
        [alt] = re.findall(r'id="picture-1"><picture>.*?alt="([^"]*)"', page, re.DOTALL)
        return str(alt)

    assert {query: first(query) for query in ("", "?Colour=Sand", "?Colour=Green", "?sku=BOWL-G")} == {
        "": "In sand", "?Colour=Sand": "In sand", "?Colour=Green": "In green", "?sku=BOWL-G": "In green",
    }  # fmt: skip


def test_an_old_address_leads_to_the_present_one(client: FlaskClient, sessions: Sessions, goods: Goods) -> None:
    with transaction(sessions) as tx:
        detail = product_detail(tx, goods.mug.id, currency="EUR")
        commands.update_product(tx, product_id=goods.mug.id, version=detail.version, slug="pier-mug")

    answer = client.get("/p/harbour-mug?Colour=Sand")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/p/pier-mug?Colour=Sand")


def test_old_addresses_of_categories_and_collections_lead_to_the_present_ones(
    client: FlaskClient, sessions: Sessions
) -> None:
    with transaction(sessions) as tx:
        mugs = category_ids(tx)["kitchen/mugs"]
        commands.update_category(tx, category_id=mugs, version=1, name="Cups", slug="cups", parent_id=None)
        made = commands.create_collection(tx, title="Summer", rules=[Rule(field="in_stock")], published=True)
        commands.update_collection(
            tx, collection_id=made, version=1, title="Summer", slug="august", description="Warm.", published=True,
            rules=[Rule(field="in_stock")], sort="name",
        )  # fmt: skip

    for old, new in (("/c/kitchen/mugs?page=2", "/c/cups?page=2"), ("/collections/summer", "/collections/august")):
        answer = client.get(old)
        assert (answer.status_code, answer.location) == (301, new)
    page = client.get("/collections/august")
    assert page.headers["Cache-Control"].startswith("public, ")
    assert "Warm." in page.text
    assert "/p/harbour-mug" in page.text
    part = client.get("/collections/august?sort=price", headers=PART)
    assert '<section id="results"' in part.text
    assert client.get("/collections/nothing").status_code == 404
    assert client.get("/c/nothing").status_code == 404
