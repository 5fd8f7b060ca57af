"""The demo gateway's pages and API: what every card does, and what may be repeated."""

import time
from typing import Any

import pytest
from flask.testing import FlaskClient

from cli.sandbox import cards, payments
from cli.sandbox.store import Store
from tests.cli.sandbox.conftest import SECRET

AUTH = {"Authorization": f"Bearer {SECRET}"}
API = "/gateway/api/payments"


def opening(**changes: Any) -> dict[str, Any]:
    given = {
        "idempotency_key": "payment-1", "amount": 4495, "currency": "EUR", "description": "Order CS-1",
        "email": "aoife@example.com", "return_url": "http://shop.test/return", "cancel_url": "http://shop.test/cancel",
        "webhook_url": "http://shop.test/webhooks/demo",
    }  # fmt: skip
    return given | changes


def make(client: FlaskClient, **changes: Any) -> str:
    answer = client.post(API, json=opening(**changes), headers=AUTH)
    assert answer.status_code == 201, answer.json
    return str(answer.json["id"])


def look(client: FlaskClient, payment_id: str) -> dict[str, Any]:
    answer = client.get(f"{API}/{payment_id}", headers=AUTH)
    assert answer.status_code == 200
    return dict(answer.json)


def use(client: FlaskClient, payment_id: str, number: str) -> str:
    answer = client.post(f"/gateway/pay/{payment_id}", data={"number": number})
    assert answer.status_code == 303
    return answer.location


def told(store: Store) -> list[str]:
    import json

    with store.reading() as db:
        return [json.loads(row["body"])["type"] for row in db.execute("SELECT body FROM deliveries GROUP BY body")]


def test_the_api_wants_its_secret(client: FlaskClient) -> None:
    assert client.post(API, json=opening()).status_code == 401
    assert client.get(f"{API}/dp_1", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert client.get(f"{API}/dp_1", headers=AUTH).status_code == 404


def test_the_same_key_opens_one_payment(client: FlaskClient) -> None:
    first = client.post(API, json=opening(), headers=AUTH)
    again = client.post(API, json=opening(), headers=AUTH)
    other = client.post(API, json=opening(amount=1), headers=AUTH)

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 422)
    assert first.json == again.json
    assert first.json["url"].endswith(f"/gateway/pay/{first.json['id']}")
    assert client.get(f"{API}?idempotency_key=payment-1", headers=AUTH).json["id"] == first.json["id"]


@pytest.mark.parametrize(
    "changes", [{"amount": 0}, {"amount": -5}, {"amount": "12"}, {"amount": True}, {"email": ""},
                {"return_url": "javascript:alert(1)"}, {"webhook_url": "file:///etc/passwd"}],
)  # fmt: skip
def test_a_bad_opening_is_refused(client: FlaskClient, changes: dict[str, Any]) -> None:
    answer = client.post(API, json=opening(**changes), headers=AUTH)
    assert answer.status_code == 422
    assert answer.json["error"]


def test_the_page_names_the_sum_and_every_card(client: FlaskClient) -> None:
    page = client.get(f"/gateway/pay/{make(client)}")

    assert page.status_code == 200
    assert "€44.95" in page.text
    assert "no real money" in page.text
    for card in cards.CARDS:
        assert card.number in page.text
    assert "form-action 'self' http://shop.test" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("number", ["4242 4242 4242 4242", "4242424242424242", "4242-4242-4242-4242"])
def test_success(client: FlaskClient, store: Store, number: str) -> None:
    payment_id = make(client)
    assert use(client, payment_id, number) == "http://shop.test/return"

    found = look(client, payment_id)
    assert (found["status"], found["captured"], found["failure"]) == ("captured", 4495, None)
    assert told(store) == ["payment.captured"]
    assert "This payment is done" in client.get(f"/gateway/pay/{payment_id}").text


@pytest.mark.parametrize(
    ("number", "code"),
    [("4000 0000 0000 0002", "card_declined"), ("4000 0000 0000 9995", "insufficient_funds")],
)
def test_refusals(client: FlaskClient, store: Store, number: str, code: str) -> None:
    payment_id = make(client)
    assert use(client, payment_id, number) == "http://shop.test/return"

    found = look(client, payment_id)
    assert (found["status"], found["captured"], found["failure"]["code"]) == ("failed", 0, code)
    assert told(store) == ["payment.failed"]


@pytest.mark.parametrize(
    ("answer", "status", "code"), [("approve", "captured", None), ("refuse", "failed", "authentication_failed")]
)
def test_the_bank_asks(client: FlaskClient, answer: str, status: str, code: str | None) -> None:
    payment_id = make(client)
    challenge = use(client, payment_id, "4000 0027 6000 3184")
    assert challenge == f"/gateway/pay/{payment_id}/challenge"
    assert look(client, payment_id)["status"] == "pending"
    assert "is this you" in client.get(challenge).text

    back = client.post(challenge, data={"answer": answer})
    assert (back.status_code, back.location) == (303, "http://shop.test/return")
    found = look(client, payment_id)
    assert (found["status"], (found["failure"] or {}).get("code")) == (status, code)


def test_walking_away_leaves_the_payment_open(client: FlaskClient, store: Store) -> None:
    payment_id = make(client)
    page = client.get(use(client, payment_id, "4000 0000 0000 0341"))

    assert 'href="http://shop.test/cancel"' in page.text
    assert look(client, payment_id)["status"] == "pending"
    assert told(store) == []


def test_a_slow_bank_is_heard_of_later(client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    payment_id = make(client)
    assert use(client, payment_id, "4000 0000 0000 0259") == "http://shop.test/return"
    assert look(client, payment_id)["status"] == "pending"
    assert payments.settle_due(store) == 0

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 8.1)
    assert payments.settle_due(store) == 1
    assert look(client, payment_id)["status"] == "captured"
    assert told(store) == ["payment.captured"]
    assert payments.settle_due(store) == 0


def test_a_gateway_that_breaks_once(client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    payment_id = make(client)
    use(client, payment_id, "4000 0000 0000 0119")

    assert client.get(f"{API}/{payment_id}", headers=AUTH).status_code == 500
    assert look(client, payment_id)["status"] == "pending"
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 4.1)
    payments.settle_due(store)
    assert look(client, payment_id)["status"] == "captured"


def test_any_other_card_is_turned_away_with_a_reason(client: FlaskClient) -> None:
    payment_id = make(client)
    page = client.post(f"/gateway/pay/{payment_id}", data={"number": "5555 5555 5555 4444"})

    assert page.status_code == 422
    assert "not one of the test cards" in page.text
    assert 'aria-invalid="true"' in page.text
    assert look(client, payment_id)["status"] == "pending"


def test_one_click_uses_the_chosen_card(client: FlaskClient) -> None:
    payment_id = make(client)
    client.post(f"/gateway/pay/{payment_id}", data={"number": "", "card": "4000000000000002"})
    assert look(client, payment_id)["status"] == "failed"


def test_cancel_goes_back_and_cannot_be_paid_any_more(client: FlaskClient, store: Store) -> None:
    payment_id = make(client)
    back = client.post(f"/gateway/pay/{payment_id}/cancellation")
    assert (back.status_code, back.location) == (303, "http://shop.test/cancel")

    use(client, payment_id, "4242 4242 4242 4242")
    assert look(client, payment_id)["status"] == "cancelled"
    assert told(store) == ["payment.cancelled"]


def test_a_paid_payment_is_neither_paid_again_nor_cancelled(client: FlaskClient, store: Store) -> None:
    payment_id = make(client)
    use(client, payment_id, "4242 4242 4242 4242")
    use(client, payment_id, "4000 0000 0000 0002")
    assert client.post(f"/gateway/pay/{payment_id}/cancellation").location == "http://shop.test/return"
    assert client.post(f"{API}/{payment_id}/cancel", json={}, headers=AUTH).json["status"] == "captured"
    assert told(store) == ["payment.captured"]


def test_money_is_set_aside_and_captured_later(client: FlaskClient, store: Store) -> None:
    payment_id = make(client, capture=False)
    use(client, payment_id, "4242 4242 4242 4242")
    assert look(client, payment_id)["status"] == "authorised"

    for _ in range(2):
        answer = client.post(f"{API}/{payment_id}/capture", json={"amount": 4495}, headers=AUTH)
        assert (answer.status_code, answer.json["captured"]) == (200, 4495)
    assert sorted(told(store)) == ["payment.authorised", "payment.captured"]


def test_a_refund_is_made_once_per_key_and_never_beyond_what_came_in(client: FlaskClient) -> None:
    payment_id = make(client)
    use(client, payment_id, "4242 4242 4242 4242")

    def refund(key: str, amount: int) -> tuple[int, dict[str, Any]]:
        asked = {"idempotency_key": key, "amount": amount}
        answer = client.post(f"{API}/{payment_id}/refunds", json=asked, headers=AUTH)
        return answer.status_code, answer.json

    status, first = refund("r1", 4000)
    assert (status, first["status"]) == (201, "succeeded")
    assert refund("r1", 4000) == (200, first)
    assert refund("r1", 3000)[0] == 422
    assert refund("r2", 496)[0] == 422
    assert refund("r3", 495)[0] == 201
    assert look(client, payment_id)["refunded"] == 4495


def test_an_unknown_payment_has_a_kind_page(client: FlaskClient) -> None:
    page = client.get("/gateway/pay/dp_nothing")
    assert page.status_code == 404
    assert "nothing was charged" in page.text
