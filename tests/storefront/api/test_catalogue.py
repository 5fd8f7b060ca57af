"""Products for programs: the same prices and the same stock as on the pages, page after page, and never a cookie."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

from flask.testing import FlaskClient

from domain.catalog import commands as catalog
from domain.catalog.commands import listing
from domain.shared.db import Sessions, transaction
from domain.shared.formats import format_money
from tests.factories.catalog import make_product
from tests.statements import Statements
from tests.storefront.api.conftest import Phone
from web.api.cursors import write_cursor


def test_a_product_says_what_its_page_says(phone: Phone) -> None:
    bowl = phone.get("/products/salt-bowl").json

    assert [(v["sku"], v["price"], v["available"], v["buyable"], v["options"]) for v in bowl["variants"]] == [
        ("BOWL-G", {"amount": 2500, "currency": "EUR"}, 0, False, ["Green"]),
        ("BOWL-S", {"amount": 2600, "currency": "EUR"}, 5, True, ["Sand"]),
    ]
    for variant in bowl["variants"]:
        page = phone.client.get(f"/p/salt-bowl?sku={variant['sku']}").text
        price = format_money(variant["price"]["amount"], "EUR", "en_GB")
        assert price in page
        assert ("Sold out" in page) == (not variant["buyable"])


def test_a_list_and_a_search_say_what_the_listing_page_says(phone: Phone) -> None:
    listed = phone.get("/products?sort=price").json["items"]
    found = phone.get("/search?sort=price").json["items"]
    page = phone.client.get("/search?sort=price").text

    assert [card["slug"] for card in listed] == ["harbour-mug", "salt-bowl", "tall-vase"]
    assert listed == found
    assert re.findall(r'href="/p/([\w-]+)', page)[0] == "harbour-mug"
    for card in listed:
        assert format_money(card["price"]["amount"], "EUR", "en_GB") in page


def test_a_list_goes_on_behind_its_last_row_in_every_order(phone: Phone, sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        for number in range(7):
            make_product(tx, sku=f"CUP-{number}", title=f"Cup {number}", price=500 + number % 2, on_hand=number % 2)
    for sort in ("featured", "newest", "price", "-price", "name"):
        whole = [card["id"] for card in phone.get(f"/products?sort={sort}&limit=96").json["items"]]
        seen, cursor = [], ""
        while True:
            page = phone.get(f"/products?sort={sort}&limit=3{cursor}").json
            seen += [card["id"] for card in page["items"]]
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
        assert seen == whole
        assert len(set(seen)) == 10


def test_a_cursor_that_somebody_made_up_is_behind_everything_and_no_failure(phone: Phone) -> None:
    nobody = "0192f0c1-7d5b-7000-8000-000000000001"
    for sort, place, left in (
        ("price", [2**62, nobody], 0),
        ("-price", [2**62, nobody], 3),
        ("featured", [False, False, -(2**62), nobody], 0),
        ("newest", ["0001-01-01T00:00:00+00:00", nobody], 0),
    ):
        answer = phone.get(f"/products?sort={sort}&cursor={write_cursor(place)}")
        assert (answer.status_code, len(answer.json["items"])) == (200, left), sort
    assert phone.get(f"/search?cursor={write_cursor([2**62])}").json["next"] is None


def test_what_comes_or_goes_meanwhile_neither_repeats_nor_hides_a_row(phone: Phone, sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        for number in range(6):
            make_product(tx, sku=f"CUP-{number}", title=f"Cup {number}", price=500 + number, on_hand=1)
    for sort, price in (("newest", 100), ("price", 200), ("name", 300)):
        first = phone.get(f"/products?sort={sort}&limit=4").json
        with transaction(sessions) as tx:  # before everything that was seen, and the very row that the cursor stands on
            make_product(tx, sku=f"A-{sort}", title=f"A {sort}", price=price, on_hand=1)
            last = UUID(first["items"][-1]["id"])
            catalog.archive(tx, product_id=last)
            tx.flush()
            listing.refresh_all(tx)
        rest = phone.get(f"/products?sort={sort}&limit=96&cursor={first['next']}").json["items"]

        seen = [card["id"] for card in first["items"] + rest]
        assert len(seen) == len(set(seen)), sort
        there = phone.get("/products?limit=96").json["items"]
        assert {card["id"] for card in there if card["title"] != f"A {sort}"} <= set(seen), sort


def test_a_search_is_narrowed_by_its_facets_and_has_pages(phone: Phone, sessions: Sessions) -> None:
    with transaction(sessions) as tx:
        for number in range(5):
            make_product(tx, sku=f"JUG-{number}", title=f"Jug {number}", category="kitchen/jugs")

    first = phone.get("/search?q=jug&limit=2").json
    second = phone.get(f"/search?q=jug&limit=2&cursor={first['next']}").json

    assert (first["total"], len(first["items"]), len(second["items"])) == (5, 2, 2)
    assert not {card["id"] for card in first["items"]} & {card["id"] for card in second["items"]}
    assert phone.get("/search?facet=Colour:Sand").json["total"] <= 1
    assert phone.get("/search?category=kitchen/jugs").json["total"] == 5
    assert phone.get("/products?category=kitchen/jugs&in_stock=true").json["next"] is None


def test_a_refusal_is_a_problem_with_a_kind(phone: Phone) -> None:
    for path, status, kind in (
        ("/products/none", 404, "no-such-product"),
        ("/products?category=none", 404, "no-such-category"),
        ("/search?category=none", 404, "no-such-category"),
        ("/products?limit=0", 422, "invalid"),
        ("/products?limit=97", 422, "invalid"),
        ("/products?sort=rude", 422, "invalid"),
        ("/products?colour=red", 422, "invalid"),
        ("/products?cursor=WzFd", 422, "invalid"),
        ("/products?sort=price&cursor=WyJhIiwiYiJd", 422, "invalid"),
        ("/search?facet=colour", 422, "invalid"),
    ):
        answer = phone.get(path)
        assert (answer.status_code, answer.json["type"]) == (status, f"/api/v1/docs#{kind}"), path
        assert answer.json["request_id"] == answer.headers["X-Request-Id"]
        assert answer.headers["Cache-Control"] == "no-store"


def test_every_kind_of_refusal_is_a_problem(phone: Phone) -> None:
    for answer, status in (
        (phone.client.get("/api/v1/nowhere"), 404),
        (phone.client.delete("/api/v1/products"), 405),
        (phone.client.post("/api/v1/search", data=b"x" * 2_000_000), 413),
        (phone.client.get("/api/v1/search?q=" + "x" * 9000), 414),
        (phone.client.get("/api/v1/search?q=%00"), 400),
    ):
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
        assert answer.json["status"] == status


def test_what_all_may_see_is_kept_by_caches_and_takes_few_statements(
    phone: Phone, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    for path, most in (
        ("/products", 1), ("/products/salt-bowl", 1), ("/search?q=mug", 3), ("/search", 2), ("/categories", 1),
    ):  # fmt: skip
        with statements() as seen:
            answer = phone.get(path, Cookie="cart=0; session=x")
        assert len(seen) <= most, seen
        assert answer.headers["Cache-Control"].startswith("public, ")
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert phone.get(path, If_None_Match=answer.headers["ETag"]).status_code == 304


def test_the_page_about_it_names_every_operation_and_asks_nobody_else(client: FlaskClient) -> None:
    page, contract = client.get("/api/v1/docs"), client.get("/api/v1/openapi.json").json

    assert page.status_code == 200
    for path, methods in contract["paths"].items():
        assert all(f"<b>{method.upper()}</b> {path.replace('<', '&lt;')}" in page.text for method in methods)
    assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', page.text)
    assert 'id="no-such-product"' in page.text
