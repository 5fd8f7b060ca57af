"""Faults to order: what the gateway does of what it is asked, and what the shop hears of it."""

import time
from collections.abc import Iterator
from uuid import uuid4

import pytest
import urllib3
from werkzeug.serving import WSGIRequestHandler, make_server

from cli.sandbox import cards, payments, webhooks
from cli.sandbox.app import create_app
from cli.sandbox.payments import Opening
from cli.sandbox.store import Store
from domain.payments.gateways.demo import DemoGateway
from domain.payments.gateways.port import GatewayTimeout, GatewayUnavailable, PaymentRequest
from domain.shared.settings import Settings
from tests.cli.sandbox.conftest import SECRET, Listener


@pytest.fixture
def gateway(sandbox_settings: Settings, store: Store) -> Iterator[DemoGateway]:
    """The shop's adapter at a sandbox on the wire."""
    from threading import Thread

    server = make_server("127.0.0.1", 0, create_app(sandbox_settings, store), threaded=True, request_handler=Silent)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    yield DemoGateway(base_url=base, secret=SECRET, webhook_url="http://shop.test/webhooks/demo")
    server.shutdown()
    server.server_close()


class Silent(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        pass


def request() -> PaymentRequest:
    return PaymentRequest(
        payment_id=uuid4(), order_number="CS-1", amount=1490, currency="EUR", description="Order CS-1",
        email="a@example.com", return_url="http://shop.test/r", cancel_url="http://shop.test/c",
    )  # fmt: skip


def opened(store: Store) -> int:
    with store.reading() as db:
        return int(db.execute("SELECT count(*) FROM payments").fetchone()[0])


def test_a_lost_answer_leaves_the_payment_and_a_repeat_finds_it(gateway: DemoGateway, store: Store) -> None:
    wanted = request()
    store.faults.start("lose_answer", seconds=60, share=1)
    with pytest.raises(GatewayTimeout):
        gateway.create(wanted)
    assert opened(store) == 1

    store.faults.stop()
    assert gateway.create(wanted).reference
    assert opened(store) == 1


def test_a_lost_question_leaves_nothing(gateway: DemoGateway, store: Store) -> None:
    store.faults.start("lose_request", seconds=60, share=1)
    with pytest.raises(GatewayTimeout):
        gateway.create(request())
    assert opened(store) == 0


def test_a_gateway_that_refuses_does_nothing_and_says_so(gateway: DemoGateway, store: Store) -> None:
    store.faults.start("refuse", seconds=60, share=1)
    with pytest.raises(GatewayUnavailable):
        gateway.create(request())
    assert opened(store) == 0


def test_faults_end_by_themselves_and_meet_their_share_of_calls(store: Store) -> None:
    store.faults.start("refuse", seconds=0.05, share=1)
    assert store.faults.strikes("refuse")
    time.sleep(0.06)
    assert not store.faults.strikes("refuse")
    store.faults.start("refuse", seconds=60, share=0.5)
    assert 350 < sum(store.faults.strikes("refuse") for _ in range(1000)) < 650
    assert not store.faults.strikes("mail")


def test_shuffled_messages_all_arrive_signed_and_some_of_them_twice(store: Store, listener: Listener) -> None:
    store.faults.start("shuffle", seconds=60, share=1)
    for _ in range(12):
        row, _new = payments.open_payment(
            store,
            Opening(
                idempotency_key=str(uuid4()), amount=100, currency="EUR", description="Order", email="a@example.com",
                return_url="http://shop.test/r", cancel_url="http://shop.test/c", webhook_url=listener.url,
            ),
        )  # fmt: skip
        payments.pay(store, row["id"], cards.CARDS[0])
    deadline = time.monotonic() + 20
    while _waiting(store) and time.monotonic() < deadline:
        if not webhooks.deliver_next(store, SECRET):
            time.sleep(0.02)

    bodies = [body for _, body in listener.received]
    assert len(set(bodies)) == 12
    assert len(bodies) > 12
    adapter = DemoGateway(base_url="http://nowhere.test", secret=SECRET, webhook_url=listener.url)
    for headers, body in listener.received:
        adapter.parse_webhook(headers=headers, body=body)


def test_the_switch_needs_the_secret_and_a_kind_it_knows(gateway: DemoGateway, store: Store) -> None:
    switch, http = gateway._base.replace("/payments", "/faults"), urllib3.PoolManager()
    order = {"kind": "refuse", "seconds": 60, "share": 1}
    assert http.request("POST", switch, json=order).status == 401
    assert not store.faults.strikes("refuse")
    ours = {"Authorization": f"Bearer {SECRET}"}
    assert http.request("POST", switch, json={"kind": "explode"}, headers=ours).status == 422
    assert http.request("POST", switch, json=order, headers=ours).status == 201
    assert store.faults.strikes("refuse")
    assert http.request("DELETE", switch, headers=ours).status == 204
    assert not store.faults.strikes("refuse")
    assert http.request("GET", switch, headers=ours).json()["met"]["refuse"] == 1


def _waiting(store: Store) -> int:
    with store.reading() as db:
        return int(db.execute("SELECT count(*) FROM deliveries WHERE delivered_at IS NULL").fetchone()[0])
