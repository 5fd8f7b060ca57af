"""Webhooks on the wire: signed, repeated, late, and tried until they are taken."""

import json
import time
from uuid import UUID, uuid5

import pytest

from cli.sandbox import cards, payments, webhooks
from cli.sandbox.payments import Opening
from cli.sandbox.store import Store
from domain.payments.gateways.demo import DemoGateway
from domain.payments.gateways.port import BadSignature
from tests.cli.sandbox.conftest import SECRET, Listener

NAMES = UUID(int=7)


def key(*, repeated: bool, late: bool) -> str:
    """Return a payment's id whose messages travel in a certain way."""
    for number in range(1000):
        found = str(uuid5(NAMES, str(number)))
        how = webhooks.manners(found)
        if (how.repeat_after is not None, how.delay > 0) == (repeated, late):
            return found
    raise AssertionError


def pay(store: Store, listener: Listener, idempotency_key: str) -> str:
    row, _ = payments.open_payment(
        store,
        Opening(
            idempotency_key=idempotency_key, amount=100, currency="EUR", description="Order", email="a@example.com",
            return_url="http://shop.test/r", cancel_url="http://shop.test/c", webhook_url=listener.url,
        ),
    )  # fmt: skip
    payments.pay(store, row["id"], cards.CARDS[0])
    return str(row["id"])


def clock(monkeypatch: pytest.MonkeyPatch, ahead: float) -> None:
    now = time.monotonic
    base = time.time() - now() + ahead
    monkeypatch.setattr(time, "time", lambda: base + now())


def deliver_all(store: Store) -> int:
    count = 0
    while webhooks.deliver_next(store, SECRET):
        count += 1
    return count


def test_a_message_is_signed_as_the_shop_checks_it(store: Store, listener: Listener) -> None:
    payment_key = key(repeated=False, late=False)
    reference = pay(store, listener, payment_key)
    assert deliver_all(store) == 1

    ((headers, body),) = listener.received
    gateway = DemoGateway(base_url="http://g.test", secret=SECRET, webhook_url=listener.url)
    event = gateway.parse_webhook(headers=headers, body=body)
    assert (event.kind, event.payment_id, event.reference) == ("payment.captured", UUID(payment_key), reference)
    with pytest.raises(BadSignature):
        gateway.parse_webhook(headers=headers, body=body.replace(b"captured", b"failed"))
    stranger = DemoGateway(base_url="http://g.test", secret=SECRET[::-1], webhook_url=listener.url)
    with pytest.raises(BadSignature):
        stranger.parse_webhook(headers=headers, body=body)


def test_some_messages_come_twice(store: Store, listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    pay(store, listener, key(repeated=True, late=False))
    assert deliver_all(store) == 1
    clock(monkeypatch, 3)
    assert deliver_all(store) == 1

    assert listener.received[0][1] == listener.received[1][1]


def test_a_late_message_is_overtaken_by_a_younger_one(
    store: Store, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = pay(store, listener, key(repeated=True, late=False))
    assert deliver_all(store) == 1
    payments.refund(store, reference, key="r1", amount=40)
    assert deliver_all(store) == 1
    clock(monkeypatch, 5)
    assert deliver_all(store) == 2

    kinds = [json.loads(body)["type"] for _, body in listener.received]
    assert kinds[:3] == ["payment.captured", "refund.succeeded", "payment.captured"]


def test_a_message_is_tried_until_it_is_taken(
    store: Store, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener.answers = [500, 404]
    pay(store, listener, key(repeated=False, late=False))
    assert deliver_all(store) == 1
    assert deliver_all(store) == 0  # not before its pause is over
    clock(monkeypatch, 1.5)
    assert deliver_all(store) == 1
    clock(monkeypatch, 10)
    assert deliver_all(store) == 1
    assert deliver_all(store) == 0
    assert len(listener.received) == 3
    assert len({body for _, body in listener.received}) == 1


def test_a_shop_that_is_closed_is_tried_again(
    store: Store, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    pay(store, listener, key(repeated=False, late=False))
    with store.writing() as db:
        db.execute("UPDATE deliveries SET url = 'http://127.0.0.1:9/closed'")
    assert deliver_all(store) == 1
    with store.writing() as db:
        assert "refused" in db.execute("SELECT error FROM deliveries").fetchone()["error"]
        db.execute("UPDATE deliveries SET url = ?", (listener.url,))
    clock(monkeypatch, 5)
    assert deliver_all(store) == 1
    assert len(listener.received) == 1
