"""What search engines, shopping searches and whoever shares a link are told of the shop's pages."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from domain.catalog import commands
from domain.catalog.commands import NewVariant, Rule, listing
from domain.catalog.queries import sitemap
from domain.shared.db import Sessions, transaction
from tests.factories.catalog import make_category, make_product
from tests.storefront.conftest import Goods

G = "{http://base.google.com/ns/1.0}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def said(page: str) -> list[dict[str, Any]]:
    """Read the data block of a page."""
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    graph: list[dict[str, Any]] = json.loads(block)["@graph"]
    return graph


def canonical(page: str) -> str:
    [address] = re.findall(r'<link rel="canonical" href="([^"]+)">', page)
    return str(address)


def test_a_product_says_what_it_is_and_costs(client: FlaskClient) -> None:
    page = client.get("/p/harbour-mug?utm_source=letter").text
    product, way = said(page)

    assert canonical(page) == "http://localhost/p/harbour-mug"
    assert (product["@type"], product["name"], product["sku"]) == ("Product", "Harbour mug", "MUG-1")
    assert product["brand"] == {"@type": "Brand", "name": "Hearth & Co"}
    assert product["offers"] == {
        "@type": "Offer", "sku": "MUG-1", "url": "http://localhost/p/harbour-mug?sku=MUG-1", "price": "12.00",
        "priceCurrency": "EUR", "availability": "https://schema.org/InStock",
        "itemCondition": "https://schema.org/NewCondition",
    }  # fmt: skip
    assert [(step["position"], step["name"], step["item"]) for step in way["itemListElement"]] == [
        (1, "Home", "http://localhost/"), (2, "Kitchen", "http://localhost/c/kitchen"),
        (3, "Mugs", "http://localhost/c/kitchen/mugs"), (4, "Harbour mug", "http://localhost/p/harbour-mug"),
    ]  # fmt: skip
    assert '<meta property="og:title" content="Harbour mug">' in page
    assert '<meta property="og:url" content="http://localhost/p/harbour-mug">' in page


def test_the_price_of_several_variants_is_that_of_those_that_can_be_bought(client: FlaskClient) -> None:
    product, _ = said(client.get("/p/salt-bowl").text)

    offers = product["offers"]
    assert (offers["@type"], offers["lowPrice"], offers["highPrice"]) == ("AggregateOffer", "26.00", "26.00")
    assert (offers["offerCount"], offers["availability"]) == (2, "https://schema.org/InStock")
    assert [(one["sku"], one["price"], one["availability"].rpartition("/")[2]) for one in offers["offers"]] == [
        ("BOWL-G", "25.00", "OutOfStock"), ("BOWL-S", "26.00", "InStock"),
    ]  # fmt: skip


def test_a_product_with_reviews_says_how_they_are(client: FlaskClient, sessions: Sessions, goods: Goods) -> None:
    with transaction(sessions) as tx:
        tx.execute(
            text(
                "INSERT INTO catalog.ratings (product_id, average, reviews, counts) VALUES (:id, 467, 3, '{0,0,0,1,2}')"
            ),
            {"id": goods.mug.id},
        )

    rated, unrated = said(client.get("/p/harbour-mug").text)[0], said(client.get("/p/tall-vase").text)[0]

    assert rated["aggregateRating"] == {
        "@type": "AggregateRating", "ratingValue": "4.67", "reviewCount": 3, "bestRating": "5",
    }  # fmt: skip
    assert "aggregateRating" not in unrated


def test_nothing_in_a_title_ends_the_data_block(client: FlaskClient, sessions: Sessions) -> None:
    title = "</script><script>alert(1)</script> & <b>\u2028"
    with transaction(sessions) as tx:
        make_product(tx, title=title, slug="odd")

    page = client.get("/p/odd").text

    assert "<script>alert" not in page
    assert said(page)[0]["name"] == title.strip()


GOES_BY = {
    "": "", "?page=2": "?page=2", "?page=99": "?page=2", "?page=1": "", "?page=2&gclid=x": "?page=2", "?sort=price": "",
    "?page=2&sort=price": "", "?brand=Hearth+%26+Co": "", "?in_stock=1": "",
}  # fmt: skip


def test_a_list_goes_by_one_address(client: FlaskClient, sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        for number in range(25):
            make_product(tx, category="garden/pots", sku=f"POT-{number}")

    pages = {asked: client.get(f"/c/garden/pots{asked}").text for asked in GOES_BY}

    assert {asked: canonical(page) for asked, page in pages.items()} == {
        asked: f"http://localhost/c/garden/pots{goes_by}" for asked, goes_by in GOES_BY.items()
    }
    assert [step["name"] for step in said(pages[""])[0]["itemListElement"]] == ["Home", "Garden", "Pots"]


def test_the_home_page_says_whose_shop_it_is_and_how_to_search_it(client: FlaskClient) -> None:
    page = client.get("/").text
    organisation, site = said(page)

    assert canonical(page) == "http://localhost/"
    assert (organisation["@type"], organisation["name"]) == ("Organization", "Cornershop")
    assert site["potentialAction"]["target"]["urlTemplate"] == "http://localhost/search?q={search_term_string}"


@pytest.mark.parametrize("place", ["/brands/pottery", "/c/garden/pots", "/collections/gifts"])
def test_a_list_with_nothing_to_sell_is_kept_out_until_there_is_something(
    client: FlaskClient, sessions: Sessions, place: str
) -> None:
    with transaction(sessions) as tx:
        commands.create_brand(tx, slug="pottery", name="Pottery")
        make_category(tx, "garden/pots")
        commands.create_collection(tx, title="Gifts", rules=[Rule(field="brand", value="pottery")], published=True)
    empty = client.get(place).text
    assert '<meta name="robots" content="noindex">' in empty
    assert canonical(empty) == f"http://localhost{place}"

    with transaction(sessions) as tx:
        make_product(tx, category="garden/pots", brand="Pottery")

    assert 'content="noindex"' not in client.get(place).text
    narrowed = client.get(f"{place}?min=999999").text
    assert 'content="noindex"' not in narrowed
    assert canonical(narrowed) == f"http://localhost{place}"


def test_a_search_is_kept_out_of_search_engines(client: FlaskClient) -> None:
    assert '<meta name="robots" content="noindex">' in client.get("/search?q=mug").text
    assert "Sitemap: http://localhost/sitemap.xml" in client.get("/robots.txt").text


def parsed(body: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(body)  # noqa: S314 - our own answer


def locations(body: bytes) -> list[tuple[str, str | None]]:
    return [(str(one.findtext(f"{MAP}loc")), one.findtext(f"{MAP}lastmod")) for one in parsed(body)]


def test_the_sitemap_has_pages(
    client: FlaskClient, goods: Goods, monkeypatch: pytest.MonkeyPatch, statements: Any
) -> None:
    monkeypatch.setattr(sitemap, "PER_PAGE", 2)

    pages = locations(client.get("/sitemap.xml").data)
    with statements() as seen:
        first = locations(client.get("/sitemaps/products-1.xml").data)

    assert [address for address, _ in pages] == [
        "http://localhost/sitemaps/categories.xml", "http://localhost/sitemaps/products-1.xml",
        "http://localhost/sitemaps/products-2.xml",
    ]  # fmt: skip
    assert [address for address, _ in first] == ["http://localhost/p/harbour-mug", "http://localhost/p/salt-bowl"]
    assert len(seen) == 1
    second = locations(client.get("/sitemaps/products-2.xml").data)
    assert [address for address, _ in second] == ["http://localhost/p/tall-vase"]
    assert max(str(when) for _, when in first + second) == pages[0][1]
    assert client.get("/sitemaps/products-3.xml").status_code == 404
    assert client.get("/sitemaps/products-0.xml").status_code == 404
    categories = [address for address, _ in locations(client.get("/sitemaps/categories.xml").data)]
    assert categories == [f"http://localhost{path}" for path in (
        "/", "/brands", "/brands/hearth-co", "/c/kitchen", "/c/kitchen/mugs", "/c/living", "/c/living/vases",
    )]  # fmt: skip


def test_the_sitemap_says_when_a_page_last_changed(client: FlaskClient, sessions: Sessions, goods: Goods) -> None:
    old = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    with transaction(sessions) as tx:
        tx.execute(text("UPDATE catalog.listings SET changed_at = :old"), {"old": old})
    with transaction(sessions) as tx:
        listing.refresh(tx, [goods.mug.id, goods.vase.id])
    unchanged = dict(locations(client.get("/sitemaps/products-1.xml").data))
    with transaction(sessions) as tx:
        commands.set_price(tx, variant_id=goods.mug.variant_id, price=1100, compare_at=None)
        listing.refresh(tx, [goods.mug.id, goods.vase.id])
    changed = dict(locations(client.get("/sitemaps/products-1.xml").data))

    assert set(unchanged.values()) == {"2026-01-02T03:04:05+00:00"}
    assert str(changed["http://localhost/p/harbour-mug"]) > "2026-11"
    assert changed["http://localhost/p/tall-vase"] == "2026-01-02T03:04:05+00:00"


def feed(client: FlaskClient) -> list[dict[str, str]]:
    answer = client.get("/feeds/google.xml")
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    assert "s-maxage=300" in answer.headers["Cache-Control"]
    items = parsed(answer.data).iter("item")
    return [{field.tag.removeprefix(G): str(field.text) for field in item} for item in items]


def test_the_feed_says_what_the_pages_say(client: FlaskClient, sessions: Sessions, goods: Goods) -> None:
    with transaction(sessions) as tx:
        commands.set_price(tx, variant_id=goods.vase.variant_id, price=8900, compare_at=9900)
        make_product(tx, sku="PRE-1", title="Late bowl", on_hand=0, sell_when_out=True)
        make_product(tx, sku="DRAFT-1", title="Unfinished", published=False)
        rug = NewVariant(sku="RUG", price=5000, measure=(Decimal("2.5"), "m²", Decimal(1)))
        make_product(tx, title="Rug", variants=[(rug, 1)])

    items = feed(client)

    assert [item["id"] for item in items] == ["MUG-1", "BOWL-G", "BOWL-S", "VASE-1", "PRE-1", "RUG"]
    states = {"InStock": "in_stock", "OutOfStock": "out_of_stock", "BackOrder": "backorder"}
    for item in items:
        path = item["link"].removeprefix("http://localhost")
        page = client.get(path).text
        product = said(page)[0]
        offers = product["offers"].get("offers", [product["offers"]])
        [offer] = [one for one in offers if one["sku"] == item["id"]]
        asked = item.get("sale_price") or item["price"]
        assert asked == f"{offer['price']} {offer['priceCurrency']}"
        assert item["availability"] == states[offer["availability"].rpartition("/")[2]]
        shown = re.search(r'class="buy-price">(.*?)</p>', page, re.DOTALL)
        assert shown
        assert f"€{offer['price']}" in shown.group(1)
        assert ('id="add"' in page) == (item["availability"] != "out_of_stock")
    assert items[3]["price"] == "99.00 EUR"
    assert items[1]["item_group_id"] == items[2]["item_group_id"]
    assert items[1]["color"] == "Green"
    assert "item_group_id" not in items[0]
    assert items[0]["product_type"] == "Kitchen > Mugs"
    assert items[0]["mpn"] == "MUG-1"
    assert (items[5]["unit_pricing_measure"], items[5]["unit_pricing_base_measure"]) == ("2.5 sqm", "1 sqm")
    assert "unit_pricing_measure" not in items[0]


def test_the_feed_reads_the_shop_in_batches(
    client: FlaskClient, goods: Goods, monkeypatch: pytest.MonkeyPatch, statements: Any
) -> None:
    whole = feed(client)
    monkeypatch.setattr("domain.catalog.queries.feed.BATCH", 2)

    with statements() as seen:
        assert feed(client) == whole

    assert len([one for one in seen if "catalog.listings" in one]) == 3
