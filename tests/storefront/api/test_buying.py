"""Buying by the API, as a guest with a phone: the same cart, the same quote and the same order as on the pages."""

from uuid import uuid4

from sqlalchemy import func, select

from domain.cart.models import Cart
from domain.orders.models import Order
from domain.payments.models import Payment
from domain.shared.db import Sessions
from domain.shared.formats import format_money
from storefront.api.checkout import ADA
from tests.storefront.api.conftest import Phone
from tests.storefront.gateway import ScriptedGateway

DETAILS = {"email": "Aoife@Example.test", "shipping_address": ADA}


def fill(phone: Phone, sku: str = "MUG-1", quantity: int = 1) -> Phone:
    """Put something in a cart of the phone's own."""
    answer = phone.post("/cart/lines", {"sku": sku, "quantity": quantity})
    assert answer.status_code == 201, answer.text
    phone.headers["Cart-Token"] = answer.json["token"]
    return phone


def edit(phone: Phone, method: str, path: str, body: object = None, *, of: str):
    """Edit what was just read."""
    return phone.call(method, path, body, If_Match=phone.get(of).headers["ETag"])


def agree(phone: Phone) -> dict[str, object]:
    """Answer every question, and return what an order takes."""
    assert edit(phone, "PUT", "/checkout/details", DETAILS, of="/checkout").status_code == 200
    checkout = edit(phone, "PUT", "/checkout/delivery", {"delivery": "post"}, of="/checkout").json
    assert (checkout["step"], checkout["email"]) == ("review", "aoife@example.test")
    return {
        "agreement": checkout["agreement"],
        "agreed_total": checkout["cart"]["quote"]["total"],
        "way_to_pay": checkout["ways_to_pay"][0]["name"],
    }


def count(sessions: Sessions, model: type) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_cart_costs_what_its_page_says(phone: Phone) -> None:
    fill(phone, quantity=2)
    fill(phone, "BOWL-S")

    cart = phone.get("/cart").json
    phone.client.set_cookie("cart", cart["token"])
    page = phone.client.get("/cart").text

    assert [
        (line["sku"], line["quantity"], line["unit_price"]["amount"], line["available"]) for line in cart["lines"]
    ] == [
        ("MUG-1", 2, 1200, 10),
        ("BOWL-S", 1, 2600, 5),
    ]
    assert (cart["count"], cart["ready"], cart["quote"]["subtotal"]["amount"], cart["quote"]["total"]["amount"]) == (
        3, True, 5000, 5000,
    )  # fmt: skip
    for amount in (2400, 2600, 5000, cart["quote"]["tax"]["amount"]):
        assert format_money(amount, "EUR", "en_GB") in page


def test_an_edit_is_of_what_was_seen(phone: Phone) -> None:
    fill(phone, quantity=2)
    line = f"/cart/lines/{phone.get('/cart').json['lines'][0]['variant_id']}"
    seen = phone.get("/cart").headers["ETag"]

    assert phone.call("PUT", line, {"quantity": 3}).status_code == 428
    changed = phone.call("PUT", line, {"quantity": 3}, If_Match=seen)
    assert (changed.status_code, changed.json["count"]) == (200, 3)
    late = phone.call("PUT", line, {"quantity": 9}, If_Match=seen)
    assert (late.status_code, late.json["type"]) == (412, "/api/v1/docs#changed-meanwhile")
    assert phone.get("/cart").json["count"] == 3
    assert phone.call("PUT", line, {"quantity": 11}, If_Match="*").json["type"] == "/api/v1/docs#cannot-buy"
    assert phone.call("DELETE", line, If_Match=changed.headers["ETag"]).json["lines"] == []
    assert phone.call("DELETE", line, If_Match="*", Cart_Token=str(uuid4())).status_code == 404


def test_a_code_is_refused_in_the_words_of_the_page(phone: Phone) -> None:
    fill(phone)
    refused = edit(phone, "PUT", "/cart/code", {"code": "NOTHING"}, of="/cart")

    assert (refused.status_code, refused.json["type"]) == (422, "/api/v1/docs#code-refused")
    assert edit(phone, "DELETE", "/cart/code", of="/cart").json["code"] is None


def test_answers_are_refused_as_the_form_refuses_them(phone: Phone) -> None:
    fill(phone)
    wrong = DETAILS | {
        "email": "nobody at home",
        "shipping_address": ADA | {"postcode": "", "country": "DE"},
        "billing_address": ADA | {"name": ""},
    }

    refused = edit(phone, "PUT", "/checkout/details", wrong, of="/checkout")

    assert refused.status_code == 422
    assert {one["pointer"]: one["detail"] for one in refused.json["errors"]} == {
        "#/email": "Enter an e-mail address in the form name@example.com.",
        "#/shipping_address/postcode": "Enter the postcode.",
        "#/billing_address/name": "Enter a name.",
    }
    assert phone.get("/checkout").json["step"] == "details"
    assert edit(phone, "PUT", "/checkout/delivery", {"delivery": "post"}, of="/checkout").json["step"] == "details"


def test_a_guest_buys_and_the_webhook_settles_it(phone: Phone, gateway: ScriptedGateway, sessions: Sessions) -> None:
    fill(phone, quantity=2)
    answer = phone.post("/orders", agree(phone))

    order = answer.json
    assert (answer.status_code, answer.headers["Location"]) == (201, f"/api/v1/orders/{order['number']}")
    assert order["payment"]["redirect_url"] == f"http://pay.test/{gateway.requests[0].payment_id}"
    assert (order["total"]["amount"], gateway.requests[0].amount) == (2900, 2900)
    gateway.state = "captured"
    body, headers = gateway.message()
    assert phone.client.post("/webhooks/demo", data=body, headers=headers).status_code == 200

    paid = phone.get(f"/orders/{order['number']}", Order_Key=order["key"]).json
    page = phone.client.get(f"/orders/{order['number']}?key={order['key']}").text
    assert (paid["state"], paid["payment"]["pending"], paid["can_cancel"]) == ("paid", False, True)
    assert format_money(2900, "EUR", "en_GB") in page
    assert paid["state_label"] in page
    assert phone.get(f"/orders/{order['number']}").status_code == 404
    assert phone.get(f"/orders/{order['number']}", Order_Key="x" * 32).status_code == 404
    cancelled = phone.post(f"/orders/{order['number']}/cancellation", Order_Key=order["key"])
    assert (cancelled.status_code, cancelled.json["state"]) == (200, "cancelled")
    assert count(sessions, Order) == 1


def test_an_order_sent_twice_is_one_order_and_one_payment(
    phone: Phone, gateway: ScriptedGateway, sessions: Sessions
) -> None:
    wanted, key = agree(fill(phone)), str(uuid4())

    first, again = (phone.post("/orders", wanted, Idempotency_Key=key) for _ in range(2))
    without_key = phone.post("/orders", wanted)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json == first.json
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    assert without_key.json["number"] == first.json["number"]
    assert len(gateway.requests) == 1
    assert (count(sessions, Order), count(sessions, Payment)) == (1, 1)


def test_an_unreachable_gateway_leaves_an_order_that_can_be_paid_later(
    phone: Phone, gateway: ScriptedGateway, sessions: Sessions
) -> None:
    wanted = agree(fill(phone))
    gateway.reachable = False
    order = phone.post("/orders", wanted).json
    assert (order["payment"]["redirect_url"], order["payment"]["can_retry"]) == (None, True)
    gateway.reachable = True

    paying = phone.post(f"/orders/{order['number']}/payments", Order_Key=order["key"])
    once_more = phone.post(f"/orders/{order['number']}/payments", Order_Key=order["key"])

    assert paying.json["redirect_url"].startswith("http://pay.test/")
    assert once_more.json["redirect_url"] == paying.json["redirect_url"]
    assert len(gateway.requests) == 1


def test_what_was_not_agreed_to_is_not_ordered(phone: Phone, sessions: Sessions) -> None:
    wanted = agree(fill(phone))
    for change, status, kind in (
        ({"agreed_total": {"amount": 1, "currency": "EUR"}}, 409, "quote-changed"),
        ({"agreed_total": {"amount": 1700, "currency": "USD"}}, 422, "invalid"),
        ({"agreement": str(uuid4())}, 409, "quote-changed"),
        ({"way_to_pay": "barter"}, 422, "invalid"),
    ):
        refused = phone.post("/orders", wanted | change)
        assert (refused.status_code, refused.json["type"]) == (status, f"/api/v1/docs#{kind}"), change
    assert count(sessions, Order) == 0


def test_the_last_one_is_sold_once(phone: Phone) -> None:
    first = agree(fill(phone, "VASE-1"))
    other = Phone(phone.client, phone.contract)
    second = agree(fill(other, "VASE-1"))
    assert phone.post("/orders", first).status_code == 201

    refused = other.post("/orders", second)

    assert (refused.status_code, refused.json["type"]) == (409, "/api/v1/docs#out-of-stock")
    assert refused.json["left"] == {"VASE-1": 0}


def test_a_key_stands_for_one_request(phone: Phone, sessions: Sessions) -> None:
    key = str(uuid4())
    first = phone.post("/cart/lines", {"sku": "MUG-1"}, Idempotency_Key=key)
    again = phone.post("/cart/lines", {"sku": "MUG-1"}, Idempotency_Key=key)
    other = phone.post("/cart/lines", {"sku": "BOWL-S"}, Idempotency_Key=key)

    assert (again.json, count(sessions, Cart)) == (first.json, 1)
    assert (other.status_code, other.json["type"]) == (422, "/api/v1/docs#key-reused")
    assert phone.post("/cart/lines", {"sku": "MUG-1"}, Idempotency_Key="short").status_code == 422
    refused = str(uuid4())
    assert phone.post("/cart/lines", {"sku": "BOWL-G"}, Idempotency_Key=refused).status_code == 422
    assert phone.post("/cart/lines", {"sku": "BOWL-S"}, Idempotency_Key=refused).status_code == 201


def test_bodies_that_are_none_are_told_apart(phone: Phone) -> None:
    post = phone.client.post
    for sent, status in (
        ({"data": {"sku": "MUG-1"}}, 415),
        ({"data": b"{", "content_type": "application/json"}, 400),
        ({"data": b"[1]", "content_type": "application/json"}, 422),
        ({"json": {"sku": "MUG-1", "quantity": "2"}}, 422),
        ({"json": {"sku": "MUG-1", "price": 1}}, 422),
        ({"json": {"sku": "NUL\x00"}}, 404),
        ({"json": {"sku": "NONE"}}, 404),
    ):
        answer = post("/api/v1/cart/lines", **sent)
        assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), sent
    assert post("/api/v1/cart/lines", json={"sku": "MUG-1", "quantity": 0}).json["errors"][0]["pointer"] == "#/quantity"


def test_another_sites_page_has_nothing_to_abuse(phone: Phone) -> None:
    """No cookie counts, so a request that another site's page sends is nobody's; it is answered all the same."""
    cart = fill(phone).headers.pop("Cart-Token")
    phone.client.set_cookie("cart", cart)

    answer = phone.post("/cart/lines", {"sku": "MUG-1"}, Sec_Fetch_Site="cross-site", Origin="https://evil.test")

    assert answer.status_code == 201
    assert answer.json["token"] != cart
    assert phone.get("/cart").json["lines"] == []
    assert "Access-Control-Allow-Origin" not in answer.headers
