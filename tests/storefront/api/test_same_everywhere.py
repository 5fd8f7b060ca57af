"""What a thing costs and whether it can be had is said once: every page that shows goods says what the API says."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from domain.catalog import commands as catalog
from domain.catalog.commands import listing
from domain.catalog.queries import product_detail
from domain.recommendations.commands import compute
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.formats import format_money
from tests.factories.catalog import make_product
from tests.storefront.api.conftest import Phone
from tests.storefront.conftest import PART, Goods

TILE = re.compile(r'<article class="tile.*?</article>', re.DOTALL)
SAID = tuple[str, str | None, bool]
"""The present price, the former one, and whether it can be had."""


def words(amount: dict[str, Any] | None) -> str | None:
    return format_money(amount["amount"], amount["currency"], "en_GB") if amount else None


def price_in(html: str) -> tuple[str, str | None]:
    now = re.search(r'price-now">([^<]+)<', html)
    before = re.search(r'price-before">([^<]+)<', html)
    assert now, html
    return unescape(now.group(1)), unescape(before.group(1)) if before else None


def tiles(html: str) -> dict[str, SAID]:
    """Return what the tiles of a page say, by slug."""
    found = {}
    for tile in TILE.findall(html):
        slug = re.search(r'href="/p/([\w-]+)', tile).group(1)
        found[slug] = (*price_in(tile), "Sold out" not in tile)
    return found


def rows(html: str) -> dict[str, SAID]:
    """Return what the rows of a wishlist say, by SKU."""
    found = {}
    for row in re.findall(r'<li class="cart-line">.*?</li>', html, re.DOTALL):
        sku = re.search(r"\?sku=([\w-]+)", row).group(1)
        found[sku] = (*price_in(row), "Sold out" not in row)
    return found


@pytest.fixture
def shelves(phone: Phone, goods: Goods, sessions: Sessions) -> Phone:
    """The shelves with an offer, a sale, something sold out, and a collection of it all."""
    with transaction(sessions) as tx:
        offer = make_product(tx, sku="CUP-1", title="Harbour cup", price=900, compare_at=1100, on_hand=3)
        out = make_product(tx, sku="PLATE-1", title="Harbour plate", price=1800, on_hand=0)
        catalog.set_sale(
            tx, variant_id=goods.mug.variant_id, sale_price=1000,
            starts_at=utcnow() - timedelta(hours=1), ends_at=utcnow() + timedelta(hours=1),
        )  # fmt: skip
        catalog.turn_prices(tx)
        made = catalog.create_collection(tx, title="All of it", slug="all-of-it", published=True)
        everything = [goods.mug.id, goods.bowl.id, goods.vase.id, offer.id, out.id]
        for product_id in everything:
            catalog.change_chosen(tx, collection_id=made, add=product_id)
            catalog.update_product(tx, product_id=product_id, version=_version(tx, product_id), featured=True)
        tx.flush()
        listing.refresh_all(tx)
        compute(tx, now=utcnow())
    return phone


def _version(tx: Session, product_id: UUID) -> int:
    return product_detail(tx, product_id, currency="EUR").version


@pytest.fixture
def cards(shelves: Phone) -> dict[str, SAID]:
    """What the API's list says of every product, by slug."""
    found = shelves.get("/products?limit=96").json["items"]
    said = {one["slug"]: (words(one["price"]), words(one["compare_at"]), one["in_stock"]) for one in found}
    assert said["harbour-mug"] == ("€10.00", "€12.00", True)
    assert said["harbour-cup"] == ("€9.00", "€11.00", True)
    assert said["harbour-plate"] == ("€18.00", None, False)
    assert len(said) == 5
    return said


@pytest.fixture
def variants(shelves: Phone, cards: dict[str, SAID]) -> dict[str, SAID]:
    """What the API's products say of every variant, by SKU."""
    found = [variant for slug in cards for variant in shelves.get(f"/products/{slug}").json["variants"]]
    return {one["sku"]: (words(one["price"]), words(one["compare_at"]), one["buyable"]) for one in found}


def test_the_apis_own_answers_agree(shelves: Phone, cards: dict[str, SAID]) -> None:
    found = shelves.get("/search?limit=96").json["items"]
    assert {one["slug"]: (words(one["price"]), words(one["compare_at"]), one["in_stock"]) for one in found} == cards
    for slug, (price, _, in_stock) in cards.items():
        variants = shelves.get(f"/products/{slug}").json["variants"]
        assert in_stock == any(one["buyable"] for one in variants)
        assert price in {words(one["price"]) for one in variants}


@pytest.mark.parametrize(
    ("path", "least"),
    [
        ("/", 2), ("/c/kitchen/mugs", 4), ("/c/living/vases", 1), ("/search?q=harbour", 3), ("/search", 5),
        ("/collections/all-of-it", 5), ("/p/harbour-mug/suggestions", 1), ("/p/tall-vase", 0),
        ("/recently-viewed?slugs=harbour-mug,salt-bowl,harbour-plate,harbour-cup", 2),
    ],
)  # fmt: skip
def test_every_page_with_tiles_says_what_the_api_says(
    shelves: Phone, cards: dict[str, SAID], path: str, least: int
) -> None:
    answer = shelves.client.get(path)
    shown = tiles(answer.text)
    assert answer.status_code == 200
    assert len(shown) >= least, answer.text
    assert shown == {slug: cards[slug] for slug in shown}


def test_the_search_field_says_what_the_api_says(shelves: Phone, cards: dict[str, SAID]) -> None:
    text = shelves.client.get("/search/suggestions?q=harbour", headers=PART).text
    found = dict(re.findall(r'href="/p/([\w-]+)".*?suggestion-beside">([^<]+)<', text))
    assert {"harbour-mug", "harbour-plate"} <= found.keys()
    assert found == {slug: cards[slug][0] if cards[slug][2] else "Sold out" for slug in found}


def test_the_product_page_says_what_the_api_says(shelves: Phone, variants: dict[str, SAID]) -> None:
    for slug, sku in (("harbour-mug", "MUG-1"), ("harbour-cup", "CUP-1"), ("harbour-plate", "PLATE-1"),
                      ("salt-bowl", "BOWL-G"), ("salt-bowl", "BOWL-S"), ("tall-vase", "VASE-1")):  # fmt: skip
        page = shelves.client.get(f"/p/{slug}?sku={sku}").text
        main = page[page.index("<main") : page.index("</main>")]
        assert (*price_in(main), 'action="/cart/lines"' in main) == variants[sku], sku


def test_the_cart_and_what_goes_with_it_say_what_the_api_says(
    shelves: Phone, cards: dict[str, SAID], variants: dict[str, SAID]
) -> None:
    for sku in ("MUG-1", "BOWL-S", "CUP-1"):
        token = shelves.post("/cart/lines", {"sku": sku}).json["token"]
        shelves.headers["Cart-Token"] = token
    cart = shelves.get("/cart").json
    assert {one["sku"]: words(one["unit_price"]) for one in cart["lines"]} == {
        sku: variants[sku][0] for sku in ("MUG-1", "BOWL-S", "CUP-1")
    }
    shelves.client.set_cookie("cart", cart["token"])
    page = shelves.client.get("/cart").text
    for line in cart["lines"]:
        assert words(line["total"]) in page
    assert words(cart["quote"]["total"]) in page
    shown = tiles(shelves.client.get("/cart/suggestions").text)
    assert shown == {slug: cards[slug] for slug in shown}


def test_the_wishlist_and_its_link_say_what_the_api_says(shelves: Phone, variants: dict[str, SAID]) -> None:
    for sku in ("MUG-1", "CUP-1", "PLATE-1", "BOWL-G"):
        shelves.client.post("/wishlist/items", data={"sku": sku})
    mine = shelves.client.get("/wishlist").text
    shelves.client.post("/wishlist/sharing")
    link = re.search(r'<a href="http://localhost(/\S+)">', shelves.client.get("/wishlist").text).group(1)

    for page in (mine, shelves.client.get(link).text):
        shown = rows(page)
        assert shown.keys() == {"MUG-1", "CUP-1", "PLATE-1", "BOWL-G"}
        assert shown == {sku: variants[sku] for sku in shown}


def test_the_feed_and_the_structured_data_say_what_the_api_says(
    shelves: Phone, cards: dict[str, SAID], variants: dict[str, SAID]
) -> None:
    feed = shelves.client.get("/feeds/google.xml").text
    told = {}
    for item in re.findall(r"<item>.*?</item>", feed, re.DOTALL):
        field = dict(re.findall(r"<g:(\w+)>([^<]*)</g:", item))
        price, sale = field.get("price"), field.get("sale_price")
        now, before = (sale, price) if sale else (price, None)
        told[field.get("id")] = (now, before, field.get("availability") == "in_stock")
    assert told == {
        sku: (euros(now), euros(before) if before else None, buyable)
        for sku, (now, before, buyable) in variants.items()
    }
    for slug in cards:
        page = shelves.client.get(f"/p/{slug}").text
        offers = set(re.findall(r'"price":\s*"?([\d.]+)"?', page))
        assert offers >= {euros(one["price"]["amount"]).split()[0] for one in _variants(shelves, slug)}, slug


def _variants(phone: Phone, slug: str) -> list[dict[str, Any]]:
    return phone.get(f"/products/{slug}").json["variants"]


def euros(amount: str | int) -> str:
    """Write an amount as machines are told it."""
    value = amount / 100 if isinstance(amount, int) else float(amount.removeprefix("€"))
    return f"{value:.2f} EUR"
