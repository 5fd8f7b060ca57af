"""A page for each brand, and collections: lists like those of a category, narrowed in the address."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from domain.catalog import commands, queries
from domain.catalog.commands import Rule, listing
from domain.shared.db import Sessions, transaction
from tests.factories.catalog import MadeProduct, make_brand, make_product
from tests.storefront.conftest import PART, Goods
from tests.storefront.test_machines import MAP, canonical, said


@pytest.fixture
def sallow(sessions: Sessions, goods: Goods) -> list[MadeProduct]:
    """Thirty bowls of one brand in two prices, a few of them in green, beside what the shop sells of another brand."""
    with transaction(sessions) as tx:
        made = [
            make_product(tx, title=f"Sallow bowl {number:02}", brand="Sallow", price=900 if number % 2 else 3000,
                         attributes={"Glaze": "Green" if number < 5 else "White"}, category="living/bowls")
            for number in range(30)
        ]  # fmt: skip
        brand = queries.brand_detail(tx, make_brand(tx, "Sallow"))
        commands.update_brand(tx, brand_id=brand.id, version=brand.version, name="Sallow", slug="sallow",
                              description="Bowls from the Fens.", seo_title="Sallow bowls")  # fmt: skip
    return made


def titles(page: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'<h2[^>]*><a href="/p/[^"]+">([^<]+)</a>', page)]


def test_a_brand_has_a_page_of_its_own(client: FlaskClient, sallow: list[MadeProduct]) -> None:
    page = client.get("/brands/sallow")
    text = page.text

    assert "<h1>Sallow</h1>" in text
    assert "Bowls from the Fens." in text
    assert "<title>Sallow bowls" in text
    assert "30 products" in text
    assert "Page 1 of 2" in text
    assert len(titles(text)) == 24
    assert all(title.startswith("Sallow bowl") for title in titles(text))
    assert canonical(text) == "http://localhost/brands/sallow"
    assert canonical(client.get("/brands/sallow?page=2").text) == "http://localhost/brands/sallow?page=2"
    assert canonical(client.get("/brands/sallow?glaze=Green&page=2").text) == "http://localhost/brands/sallow"
    [way] = said(text)
    assert [(step["name"], step["item"]) for step in way["itemListElement"]] == [
        ("Home", "http://localhost/"), ("Brands", "http://localhost/brands"),
        ("Sallow", "http://localhost/brands/sallow"),
    ]  # fmt: skip
    assert page.headers["Cache-Control"].startswith("public, ")


def test_a_brands_page_is_narrowed_in_the_address(client: FlaskClient, sallow: list[MadeProduct]) -> None:
    text = client.get("/brands/sallow?glaze=Green&price=500-1000").text

    assert titles(text) == ["Sallow bowl 03", "Sallow bowl 01"]
    assert 'href="/brands/sallow?price=500-1000">Glaze: Green' in text
    assert 'name="brand"' not in text, "all of it is of one brand"
    assert re.search(r'name="glaze" value="White"> White <span class="count">13<', text), "what it would add"
    part = client.get("/brands/sallow?sort=name&page=2", headers=PART).text
    assert part.startswith('<hx-partial hx-target="#results"')
    assert titles(part)[0] == "Sallow bowl 24"
    assert "Sallow bowl 07" in client.get("/brands/sallow?q=bowl+07").text
    assert client.get("/brands/sallow?in_stock=1&rating=4").status_code == 200


def test_brands_are_led_to(client: FlaskClient, sallow: list[MadeProduct]) -> None:
    index = client.get("/brands").text

    assert re.findall(r'<a href="(/brands/[^"]+)">([^<]+)</a> <span class="count">(\d+)', index) == [
        ("/brands/hearth-co", "Hearth &amp; Co", "3"), ("/brands/sallow", "Sallow", "30"),
    ]  # fmt: skip
    assert '<a href="/brands/sallow">Sallow</a>' in client.get(f"/p/{sallow[0].slug}").text
    places = client.get("/sitemaps/categories.xml").text
    assert "<loc>http://localhost/brands/sallow</loc><lastmod>" in places
    assert MAP in "{" + places.split('xmlns="')[1].split('"')[0] + "}"
    assert client.get("/brands/nobody").status_code == 404


def test_old_addresses_of_a_brand_lead_to_the_present_one(
    client: FlaskClient, sessions: Sessions, sallow: list[MadeProduct]
) -> None:
    with transaction(sessions) as tx:
        brand = queries.brand_detail(tx, queries.brand_ids(tx)["sallow"])
        commands.update_brand(tx, brand_id=brand.id, version=brand.version, name="Willow", slug="willow")
        listing.refresh(tx, [one.id for one in sallow])

    answer = client.get("/brands/sallow")

    assert (answer.status_code, answer.location) == (301, "/brands/willow")
    assert "30 products" in client.get("/brands/willow").text
    with transaction(sessions) as tx:
        hearth = queries.brand_ids(tx)["hearth-co"]
        found = queries.brand_detail(tx, brand.id)
        commands.remove_brand(tx, brand_id=brand.id, version=found.version, into=hearth)
    assert {client.get(f"/brands/{old}").location for old in ("sallow", "willow")} == {"/brands/hearth-co"}


def test_a_collection_is_narrowed_in_the_address(
    client: FlaskClient, sessions: Sessions, goods: Goods, sallow: list[MadeProduct]
) -> None:
    with transaction(sessions) as tx:
        rules = [Rule(field="price_to", value="2000")]
        commands.create_collection(tx, title="Small money", rules=rules, published=True)
        made = commands.create_collection(tx, title="By hand", published=True)
        chosen = [sallow[2].id, goods.vase.id, goods.mug.id, sallow[1].id]
        commands.fill_collection(tx, collection_id=made, product_ids=chosen)

    text = client.get("/collections/small-money").text
    assert "16 products" in text
    assert re.search(r'name="brand" value="Hearth &amp; Co"> Hearth &amp; Co <span class="count">1<', text)
    narrowed = client.get("/collections/small-money?brand=Hearth+%26+Co").text
    assert titles(narrowed) == ["Harbour mug"]
    assert re.search(r'name="brand" value="Sallow"> Sallow <span class="count">15<', narrowed)
    assert canonical(narrowed) == "http://localhost/collections/small-money"
    assert titles(client.get("/collections/by-hand").text) == [
        "Sallow bowl 02", "Tall vase", "Harbour mug", "Sallow bowl 01",
    ]  # fmt: skip
    assert titles(client.get("/collections/by-hand?brand=Sallow&sort=price").text) == [
        "Sallow bowl 01", "Sallow bowl 02",
    ]  # fmt: skip
    assert titles(client.get("/collections/by-hand?q=bowl&glaze=Green").text) == ["Sallow bowl 02", "Sallow bowl 01"]
