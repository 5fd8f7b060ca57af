"""The wishlist in the shop: the heart on a page that is the same for all, the list, its link, and the sign-in."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask.testing import FlaskClient
from sqlalchemy import select

from domain.cart.models import CartLine
from domain.shared.db import Sessions, transaction
from tests.factories.users import PASSWORD, make_shopper
from tests.storefront.conftest import PART, Goods


def test_the_page_is_the_same_for_all_and_the_heart_is_asked_for(client: FlaskClient, goods: Goods) -> None:
    path = f"/p/{goods.mug.slug}"
    before = client.get(path)

    answer = client.post("/wishlist/items", data={"sku": "MUG-1"})

    assert (answer.status_code, answer.location) == (303, "/wishlist")
    cookies = answer.headers.getlist("Set-Cookie")
    assert any(c.startswith("wishlist=") and "HttpOnly" in c and "SameSite=Lax" in c for c in cookies)
    assert any(c.startswith("wishlist_count=1;") and "HttpOnly" not in c for c in cookies)
    after = client.get(path)
    assert (after.text, after.headers["ETag"]) == (before.text, before.headers["ETag"])
    assert "Set-Cookie" not in after.headers
    heart = client.get("/wishlist/heart?sku=MUG-1", headers=PART)
    assert heart.headers["Cache-Control"] == "no-store"
    assert 'aria-pressed="true"' in heart.text
    assert 'aria-pressed="false"' in client.get("/wishlist/heart?sku=VASE-1", headers=PART).text
    assert 'aria-pressed="false"' in client.get("/wishlist/heart?sku=NONE", headers=PART).text


def test_htmx_swaps_the_heart(client: FlaskClient, goods: Goods) -> None:
    on = client.post("/wishlist/items", data={"sku": "MUG-1"}, headers=PART).text
    assert 'hx-target="#heart"' in on
    assert "It is on your wishlist." in on
    off = client.post(f"/wishlist/items/{goods.mug.variant_id}/removal", headers=PART)
    assert 'aria-pressed="false"' in off.text
    assert any(c.startswith("wishlist_count=;") for c in off.headers.getlist("Set-Cookie"))
    assert client.post("/wishlist/items", data={"sku": "NONE"}).status_code == 404


def test_a_wish_goes_into_the_cart_or_off_the_list(client: FlaskClient, goods: Goods) -> None:
    for sku in ("MUG-1", "VASE-1", "BOWL-G"):
        client.post("/wishlist/items", data={"sku": sku})
    page = client.get("/wishlist").text
    assert [title in page for title in ("Harbour mug", "Tall vase", "Salt bowl")] == [True] * 3
    assert f"/wishlist/items/{goods.bowl.variant_id}/move" not in page

    moved = client.post(f"/wishlist/items/{goods.mug.variant_id}/move")
    assert moved.location == "/cart"
    assert "Harbour mug" in client.get("/cart").text
    refused = client.post(f"/wishlist/items/{goods.bowl.variant_id}/move")
    assert refused.location == "/wishlist"
    client.post(f"/wishlist/items/{goods.vase.variant_id}/removal")
    page = client.get("/wishlist").text
    assert [title in page for title in ("Harbour mug</a>", "Tall vase</a>", "Salt bowl</a>")] == [False, False, True]
    assert client.post(f"/wishlist/items/{goods.vase.variant_id}/move").location == "/wishlist"


def test_a_button_pressed_in_four_tabs_puts_one_in_the_cart(
    client: FlaskClient, new_client: Callable[[], FlaskClient], goods: Goods, sessions: Sessions
) -> None:
    client.post("/cart/lines", data={"sku": "VASE-1", "quantity": 1})
    client.post("/wishlist/items", data={"sku": "MUG-1"})
    tabs = [new_client() for _ in range(4)]
    for tab in tabs:
        for name in ("cart", "wishlist"):
            held = client.get_cookie(name)
            assert held
            tab.set_cookie(name, held.value)
    start = Barrier(4)

    def press(tab: FlaskClient) -> str:
        start.wait()
        return str(tab.post(f"/wishlist/items/{goods.mug.variant_id}/move").location)

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(press, tabs))

    assert answers == ["/cart", "/wishlist", "/wishlist", "/wishlist"]
    with sessions() as reading:
        assert sorted(reading.execute(select(CartLine.variant_id, CartLine.quantity)).all()) == sorted(
            [(goods.mug.variant_id, 1), (goods.vase.variant_id, 1)]
        )


def test_the_link_shows_the_list_to_others_until_it_is_taken_back(
    client: FlaskClient, new_client: Callable[[], FlaskClient], goods: Goods
) -> None:
    client.post("/wishlist/sharing")
    assert "Put something on your wishlist first." in client.get("/wishlist").text
    client.post("/wishlist/items", data={"sku": "MUG-1"})
    client.post("/wishlist/sharing")
    found = re.search(r'href="http://localhost(/wishlists/[^"]+)"', client.get("/wishlist").text)
    assert found
    other = new_client()

    page = other.get(found.group(1))
    assert "Harbour mug" in page.text
    assert "/removal" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.text

    client.post("/wishlist/sharing/removal")
    assert other.get(found.group(1)).status_code == 404


def test_signing_in_takes_the_list_along_and_leaving_takes_it_away(
    client: FlaskClient, new_client: Callable[[], FlaskClient], goods: Goods, sessions: Sessions
) -> None:
    with transaction(sessions) as tx:
        make_shopper(tx, email="ada@example.com")
    client.post("/wishlist/items", data={"sku": "MUG-1"})
    answer = client.post("/sign-in", data={"email": "ada@example.com", "password": PASSWORD})
    assert any(c.startswith("wishlist=;") for c in answer.headers.getlist("Set-Cookie"))
    other = new_client()
    other.post("/sign-in", data={"email": "ada@example.com", "password": PASSWORD})
    other.post("/wishlist/items", data={"sku": "VASE-1"})

    page = client.get("/wishlist").text
    assert "Harbour mug" in page
    assert "Tall vase" in page
    assert [row["sku"] for row in json.loads(client.get("/account/data/export.json").text)["wishlist"]] == [
        "VASE-1", "MUG-1",
    ]  # fmt: skip
    client.post("/sign-out")
    assert "Nothing here yet" in client.get("/wishlist").text
    assert "Harbour mug" in other.get("/wishlist").text
    assert other.post("/account/data/deletion", data={"present": PASSWORD}).status_code == 303
    assert "Nothing here yet" in other.get("/wishlist").text


def test_the_browser_asks_for_the_tiles_of_what_it_showed(client: FlaskClient, goods: Goods) -> None:
    path = f"/recently-viewed?slugs={goods.vase.slug},nothing,{goods.mug.slug}"

    part = client.get(path, headers=PART).text

    assert part.index("Tall vase") < part.index("Harbour mug")
    assert "There is nothing yet" in client.get("/recently-viewed?slugs=").text
    assert client.get("/recently-viewed?slugs=%27%3B--,%F0%9F%8D%B5").status_code == 200
