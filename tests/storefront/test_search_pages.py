"""Every page of a list or a search makes sense, whatever it is asked for."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import example, given, settings
from hypothesis import strategies as st

from domain.catalog.queries import LONGEST
from domain.shared.db import Sessions, transaction
from tests.factories.catalog import make_category, make_product
from tests.storefront.conftest import PART, Goods


@pytest.fixture
def more(sessions: Sessions, goods: Goods) -> None:
    with transaction(sessions) as tx:
        make_category(tx, "living/clocks")
        for number in range(30):
            make_product(tx, title=f"Plain tile {number}", price=500 + 100 * number, category="hall/tiles")
        make_product(tx, title="Sold-out stool", on_hand=0, category="hall/stools")


def page(client: FlaskClient, path: str, **query: object) -> str:
    answer = client.get(f"{path}?{urlencode(query, doseq=True)}")
    assert answer.status_code == 200
    return answer.text


def test_a_page_without_products_helps_on(client: FlaskClient, more: None) -> None:
    empty = page(client, "/c/living/clocks")
    assert "There is nothing here yet" in empty
    assert 'href="/c/living"' in empty

    nothing = page(client, "/search", q="xylophone")
    for help_ in ("Check the spelling", "What others buy", 'href="/c/kitchen"', 'href="mailto:', 'value="xylophone"'):
        assert help_ in nothing
    assert "in the whole shop" in page(client, "/c/living", q="mug")
    assert "Sold out" in page(client, "/c/hall/stools")


def test_deep_pages_and_unknown_facets_are_brought_into_range(client: FlaskClient, more: None) -> None:
    assert "Page 2 of 2" in page(client, "/c/hall/tiles", page=99_999)
    assert "Page 1 of 2" in page(client, "/c/hall/tiles", page="-3", sort="nonsense")
    unknown = page(client, "/c/hall/tiles", shape="round")
    assert "Shape: round" in unknown
    assert 'href="/c/hall/tiles">Clear all' in unknown


def test_facets_chips_and_pages_stand_in_the_address(client: FlaskClient, more: None) -> None:
    found = page(client, "/c/hall", price=["500-1000", "1000-2000"], in_stock=1, q="tile")

    assert "15 products" in found
    assert "Price: €5.00 to €10.00" in found
    assert "In stock <span" in found
    assert 'href="/c/hall?price=1000-2000&amp;in_stock=1&amp;q=tile"' in found
    assert 'href="/c/hall?q=tile">Clear all' in found
    first, second = (page(client, "/search", q="tile", page=number, sort="price") for number in (1, 2))
    tiles = [line for part in (first, second) for line in part.split('href="/p/')[1:]]
    assert len({tile.partition('"')[0] for tile in tiles}) == 30


def test_a_correction_is_told_and_the_words_can_be_searched_as_they_are(client: FlaskClient, more: None) -> None:
    corrected = page(client, "/search", q="pliain tile")
    assert "Showing results for <strong>plain tile</strong>" in corrected
    [link] = re.findall(r'<a href="(/search\?q=[^"]+)">Search for “pliain tile” as it is</a>', corrected)

    literal = client.get(unescape(link)).text
    assert 'value="&#34;pliain tile&#34;"' in literal, "the box has the words as they were typed"
    assert "Nothing here answers that" in literal
    assert "Showing results for" not in literal


def test_a_far_more_frequent_spelling_is_offered(client: FlaskClient, sessions: Sessions, more: None) -> None:
    with transaction(sessions) as tx:
        make_product(tx, title="Tilt hammer")

    found = page(client, "/search", q="tilt")

    assert "Tilt hammer" in found
    [link] = re.findall(r'Did you mean <a href="([^"]+)">tile</a>', found)
    assert "30 products" in client.get(unescape(link)).text


@pytest.mark.parametrize(
    ("q", "said"),
    [
        ("pliain tile", "Showing results for <strong>plain tile</strong>"),
        ("tile made of moonlight", "Nothing has all of these words"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)"),
        ("'; DROP TABLE catalog.products; --", "products"),
        ("🏺", "Nothing here answers that"),
        ("بلاط", "Nothing here answers that"),
        ("x" * 300, "Nothing here answers that"),
    ],
)
def test_a_strange_query_gets_a_sensible_page(client: FlaskClient, more: None, q: str, said: str) -> None:
    found = page(client, "/search", q=q)

    assert said in found
    assert "<script>alert" not in found


def test_suggestions_are_a_listbox_for_htmx_and_a_search_without_it(client: FlaskClient, more: None) -> None:
    answer = client.get("/search/suggestions?q=harb", headers=PART)

    assert answer.headers["Cache-Control"].startswith("public, ")
    assert "Set-Cookie" not in answer.headers
    assert 'role="listbox"' in answer.text
    assert 'role="option" id="suggestion-1" href="/search?q=harbour"' in answer.text
    assert 'href="/p/harbour-mug"' in answer.text
    plain = client.get("/search/suggestions?q=harb")
    assert (plain.status_code, plain.headers["Location"]) == (302, "/search?q=harb")


anything = st.text(st.characters(exclude_categories=("Cs",)), max_size=LONGEST + 100)


@settings(max_examples=20)
@given(q=anything, name=anything, value=anything, number=anything, sort=anything)
@example(q="\0", name="\0", value="\0", number="\0", sort="\0")
@example(q="mug" * 100, name="price", value="0-", number="99999999", sort="rating")
@example(q="harbour", name="category", value="kitchen", number="²", sort="-price")
def test_search_never_answers_500(
    client: FlaskClient, goods: Goods, q: str, name: str, value: str, number: str, sort: str
) -> None:
    query = urlencode({"q": q, "page": number, "sort": sort} | {name: [value, "x"]}, doseq=True)

    # A NUL is refused before any page sees it; all else gets one.
    expected = 400 if "%00" in query else 200

    for path in ("/search", "/c/kitchen", "/search/suggestions"):
        assert client.get(f"{path}?{query}", headers=PART).status_code == expected


def test_the_filters_asked_for_most_stand_above_the_list(client: FlaskClient, more: None) -> None:
    whole = page(client, "/c/hall", sort="price", page=2)
    quick = re.search(r'<ul class="quick".*?</ul>', whole, re.S)
    assert quick
    links = [unescape(found) for found in re.findall(r'href="([^"]+)"', quick[0])]
    assert links[0] == "/c/hall?sort=price&in_stock=1"
    assert 2 <= len(links) <= 7
    assert all(link.startswith("/c/hall?sort=price&") for link in links)

    narrowed = client.get(links[1])
    assert narrowed.status_code == 200
    assert "Clear all" in narrowed.text
    # Whoever came by a link sees the list first; whoever is at the filters, those.
    assert '<details class="fold">' in narrowed.text
    assert '<details class="fold" open>' in client.get(links[1], headers=PART).text
