"""The cart: what goes in, what is refused, and what a browser keeps."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from domain.cart.queries import view_cart
from domain.catalog.commands import set_price, unpublish
from domain.shared.db import Sessions, transaction
from tests.storefront.conftest import PART, Goods, Shopper


def _lines(shopper: Shopper, sessions: Sessions) -> dict[str, int]:
    cookie = shopper.client.get_cookie("cart")
    if cookie is None:
        return {}
    with sessions() as session:
        cart = view_cart(session, UUID(cookie.value), currency="EUR")
    return {line.sku: line.quantity for line in cart.lines}


def test_an_item_goes_in_and_the_browser_keeps_the_cart(shopper: Shopper, sessions: Sessions) -> None:
    answer = shopper.add("MUG-1", 2)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/cart")
    cookies = answer.headers.getlist("Set-Cookie")
    assert any(c.startswith("cart=") and "HttpOnly" in c and "SameSite=Lax" in c for c in cookies)
    assert any(c.startswith("cart_count=2;") and "HttpOnly" not in c for c in cookies)
    assert _lines(shopper, sessions) == {"MUG-1": 2}
    assert "Harbour mug" in shopper.client.get("/cart").text


def test_htmx_gets_the_drawer_and_the_badge(shopper: Shopper) -> None:
    answer = shopper.add("MUG-1", 1, **PART)

    assert answer.status_code == 200
    assert answer.headers["HX-Trigger"] == "cart-added"
    assert 'hx-target="#drawer-cart"' in answer.text
    assert 'hx-target="#cart-badge"' in answer.text
    assert "Added to your cart. 1 item in your cart." in answer.text


NONSENSE = ["-1", "0", "1000000000", "9" * 400, "abc", "", "1.5", "١٢٣٤", "1e3", "100", "\x00", "--1", "²"]


@pytest.mark.parametrize("quantity", NONSENSE)
@pytest.mark.parametrize("headers", [{}, PART])
def test_a_quantity_that_makes_no_sense_is_refused(
    shopper: Shopper, sessions: Sessions, quantity: str, headers: dict[str, str]
) -> None:
    answer = shopper.add("MUG-1", quantity, **headers)

    assert answer.status_code == 422
    assert "Enter " in answer.text
    assert _lines(shopper, sessions) == {}


@pytest.mark.parametrize("sku", ["NOPE", "x" * 5000, "' OR 1=1 --", "🍵", "MUG-1\x00"])
def test_an_unknown_item_is_not_found(shopper: Shopper, sku: str) -> None:
    answer = shopper.add(sku)

    assert answer.status_code == (303 if sku == "MUG-1\x00" else 404)


def test_no_item_at_all_is_not_found(client: FlaskClient) -> None:
    assert client.post("/cart/lines", data={}).status_code == 404
    assert client.post("/cart/lines", data={"quantity": "1"}).status_code == 404


def test_more_than_there_are_is_refused_at_the_field(shopper: Shopper, sessions: Sessions) -> None:
    answer = shopper.add("VASE-1", 2)

    assert answer.status_code == 422
    assert "Only 1 of Tall vase left." in answer.text
    assert _lines(shopper, sessions) == {}


def test_a_price_in_the_form_changes_nothing(shopper: Shopper) -> None:
    shopper.client.post("/cart/lines", data={"sku": "MUG-1", "quantity": 1, "price": "1", "unit_price": "1"})

    assert "€12.00" in shopper.client.get("/cart").text


def test_a_line_changes_and_leaves_with_a_way_back(shopper: Shopper, sessions: Sessions, goods: Goods) -> None:
    shopper.add("MUG-1", 2)
    line = f"/cart/lines/{goods.mug.variant_id}"

    assert shopper.client.post(line, data={"quantity": 5}).headers["Location"] == "/cart"
    assert _lines(shopper, sessions) == {"MUG-1": 5}
    gone = shopper.client.post(line, data={"quantity": 0})
    assert gone.headers["Location"] == f"/cart?removed={goods.mug.variant_id}&quantity=5"
    assert any(c.startswith("cart_count=;") for c in gone.headers.getlist("Set-Cookie"))
    page = shopper.client.get(gone.headers["Location"]).text
    assert 'action="/cart/undo"' in page
    assert shopper.client.post("/cart/undo", data={"sku": "MUG-1", "quantity": 5}).status_code == 303
    assert _lines(shopper, sessions) == {"MUG-1": 5}


@pytest.mark.parametrize("quantity", ["-1", "1000000000", "abc", "", "11"])
@pytest.mark.parametrize("headers", [{}, PART])
def test_a_change_that_makes_no_sense_leaves_the_line(
    shopper: Shopper, sessions: Sessions, goods: Goods, quantity: str, headers: dict[str, str]
) -> None:
    shopper.add("MUG-1", 2)

    answer = shopper.client.post(f"/cart/lines/{goods.mug.variant_id}", data={"quantity": quantity}, headers=headers)

    assert answer.status_code == 422
    assert _lines(shopper, sessions) == {"MUG-1": 2}


def test_a_line_or_a_cart_that_is_gone_stays_gone(shopper: Shopper, goods: Goods) -> None:
    assert shopper.client.post(f"/cart/lines/{goods.mug.variant_id}", data={"quantity": 1}).status_code == 303
    assert shopper.client.post("/cart/lines/not-a-uuid", data={"quantity": 1}).status_code == 404
    for value in ("nonsense", "00000000-0000-0000-0000-000000000000", "x" * 3000, "é"):
        shopper.client.set_cookie("cart", value)
        assert shopper.client.get("/cart").status_code == 200
        assert shopper.client.get("/cart/badge").status_code == 200


def test_the_way_back_takes_no_nonsense(client: FlaskClient, goods: Goods) -> None:
    for query in ("removed=x&quantity=2", f"removed={goods.mug.variant_id}&quantity=abc", "removed=&quantity=-1"):
        page = client.get(f"/cart?{query}")
        assert page.status_code == 200
        assert 'action="/cart/undo"' not in page.text
    assert client.post("/cart/undo", data={"sku": "", "quantity": "x"}).status_code == 303
    assert client.post("/cart/undo", data={"sku": "NOPE", "quantity": "1"}).status_code == 404


def test_a_changed_price_and_a_vanished_item_are_said_at_their_lines(
    shopper: Shopper, sessions: Sessions, goods: Goods
) -> None:
    shopper.add("MUG-1", 1)
    shopper.add("VASE-1", 1)
    with transaction(sessions) as tx:
        set_price(tx, variant_id=goods.mug.variant_id, price=1300, compare_at=None)
        unpublish(tx, product_id=goods.vase.id)

    page = shopper.client.get("/cart").text

    assert "The price has changed from €12.00 to €13.00." in page
    assert "We no longer sell this." in page
    assert shopper.client.get("/checkout").headers["Location"] == "/cart"


def test_the_badge_is_private(shopper: Shopper) -> None:
    shopper.add("MUG-1", 3)

    answer = shopper.client.get("/cart/badge", headers=PART)

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text.startswith('<hx-partial hx-target="#cart-badge"')
    assert "3" in answer.text


def test_two_browsers_have_two_carts(
    shopper: Shopper, sessions: Sessions, new_client: Callable[[], FlaskClient]
) -> None:
    other = Shopper(new_client())
    shopper.add("MUG-1", 1)
    other.add("BOWL-S", 2)

    assert (_lines(shopper, sessions), _lines(other, sessions)) == ({"MUG-1": 1}, {"BOWL-S": 2})
