"""The demo gateway's adapter, against a small HTTP server that answers as it is told."""

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import pytest

from domain.payments.gateways import make_gateways
from domain.payments.gateways.demo import DemoGateway
from domain.payments.gateways.port import (
    BadSignature,
    Created,
    GatewayRefused,
    GatewayTimeout,
    GatewayUnavailable,
    Outcome,
    PaymentRequest,
    RefundOutcome,
)

SECRET = "a secret of the gateway's"  # noqa: S105 - made up for these tests
PAYMENT = uuid4()
REQUEST = PaymentRequest(
    payment_id=PAYMENT, order_number="CS-1", amount=1490, currency="EUR", description="Order CS-1",
    email="a@example.com", return_url="http://shop.test/r", cancel_url="http://shop.test/c",
)  # fmt: skip


class Server:
    """An HTTP server with one answer; it keeps what it was asked."""

    def __init__(self) -> None:
        self.status, self.body, self.asked = 200, b"{}", list[tuple[str, str, Any, str]]()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked = (self.command, self.path, json.loads(sent) if sent else None, self.headers["Authorization"])
                outer.asked.append(asked)
                if outer.status == 0:
                    self.connection.close()
                    return
                self.send_response(outer.status)
                self.send_header("Content-Length", str(len(outer.body)))
                self.end_headers()
                self.wfile.write(outer.body)

            do_GET = do_POST = _answer  # noqa: N815 - the names that http.server calls

            def log_message(self, *_: Any) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def answers(self, body: Any, status: int = 200) -> None:
        self.status, self.body = status, body if isinstance(body, bytes) else json.dumps(body).encode()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.http.shutdown()
    server.http.server_close()


@pytest.fixture
def gateway(server: Server) -> DemoGateway:
    return DemoGateway(
        base_url=f"http://127.0.0.1:{server.http.server_port}", secret=SECRET, webhook_url="http://shop.test/w"
    )


def test_a_payment_is_opened_with_its_id_as_key(server, gateway):
    server.answers({"id": "dp_1", "status": "pending", "url": "http://pay.test/dp_1"}, 201)

    assert gateway.create(REQUEST) == Created(reference="dp_1", redirect_url="http://pay.test/dp_1")

    method, path, sent, key = server.asked[0]
    assert (method, path, key) == ("POST", "/gateway/api/payments", f"Bearer {SECRET}")
    assert (sent["idempotency_key"], sent["amount"], sent["webhook_url"]) == (str(PAYMENT), 1490, "http://shop.test/w")


def test_a_payment_is_looked_up_by_reference_or_by_key(server, gateway):
    server.answers({"id": "dp_1", "status": "captured", "captured": 1490, "failure": None})

    found = gateway.look_up(payment_id=PAYMENT, reference="dp_1")
    gateway.look_up(payment_id=PAYMENT, reference=None)

    assert found == Outcome(state="captured", captured=1490, reference="dp_1")
    assert [path for _, path, _, _ in server.asked] == [
        "/gateway/api/payments/dp_1", f"/gateway/api/payments?idempotency_key={PAYMENT}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "words"), [("insufficient_funds", "not enough money"), ("something_new", "Nothing was charged")]
)
def test_a_refusal_is_told_in_plain_words(server, gateway, code, words):
    server.answers({"id": "dp_1", "status": "failed", "captured": 0, "failure": {"code": code, "message": "E-17"}})

    found = gateway.look_up(payment_id=PAYMENT, reference="dp_1")

    assert (found.state, found.failure_code) == ("failed", code)
    assert words in found.failure_message


def test_what_the_gateway_does_not_know_is_missing(server, gateway):
    server.answers({}, 404)

    assert gateway.look_up(payment_id=PAYMENT, reference=None).state == "missing"
    assert gateway.cancel(reference="dp_1").state == "missing"
    assert gateway.refund(reference="dp_1", amount=1, key="k").state == "failed"


def test_capture_cancel_and_refund_carry_their_keys(server, gateway):
    server.answers({"id": "dp_1", "status": "captured", "captured": 500})
    assert gateway.capture(reference="dp_1", amount=500, key="c1").captured == 500
    server.answers({"id": "dp_1", "status": "cancelled"})
    assert gateway.cancel(reference="dp_1").state == "cancelled"
    server.answers({"id": "dr_1", "status": "succeeded"})
    assert gateway.refund(reference="dp_1", amount=500, key="r1") == RefundOutcome(state="succeeded", reference="dr_1")

    assert [(path.rsplit("/", 1)[1], sent) for _, path, sent, _ in server.asked] == [
        ("capture", {"idempotency_key": "c1", "amount": 500}),
        ("cancel", {}),
        ("refunds", {"idempotency_key": "r1", "amount": 500}),
    ]


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (503, b"{}", GatewayUnavailable), (429, b"{}", GatewayUnavailable), (401, b"{}", GatewayUnavailable),
        (500, b"{}", GatewayTimeout), (200, b"<html>", GatewayTimeout), (200, b"[]", GatewayTimeout),
        (0, b"", GatewayTimeout),
    ],
)  # fmt: skip
def test_only_what_surely_did_not_happen_is_safe_to_repeat(server, gateway, status, body, error):
    server.answers(body, status)

    with pytest.raises(error):
        gateway.look_up(payment_id=PAYMENT, reference="dp_1")


def test_a_refused_creation_made_nothing(server, gateway):
    server.answers({"error": "The amount is too high."}, 422)

    with pytest.raises(GatewayRefused):
        gateway.create(REQUEST)


def test_a_gateway_that_is_not_there_is_unavailable(server, gateway):
    server.http.shutdown()
    server.http.server_close()

    with pytest.raises(GatewayUnavailable):
        gateway.create(REQUEST)


def signed(body: bytes, *, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(at or time.time()))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"X-Demo-Signature": f"t={stamp},v1={digest}"}


BODY = json.dumps(
    {"id": "evt_1", "type": "payment.captured", "payment": {"id": "dp_1", "idempotency_key": str(PAYMENT)}}
).encode()


def test_a_signed_message_is_read(gateway):
    event = gateway.parse_webhook(headers=signed(BODY), body=BODY)

    assert (event.event_id, event.kind, event.payment_id, event.reference) == (
        "evt_1", "payment.captured", PAYMENT, "dp_1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, BODY),
        ({"X-Demo-Signature": "t=,v1="}, BODY),
        ({"X-Demo-Signature": "t=²,v1=é"}, BODY),
        (signed(BODY), BODY + b" "),
        (signed(BODY, secret="another"), BODY),  # noqa: S106 - made up for this test
        (signed(BODY, at=time.time() - 301), BODY),
        (signed(b"not json"), b"not json"),
        (signed(b"[]"), b"[]"),
        (signed(b'{"id": "e"}'), b'{"id": "e"}'),
    ],
)
def test_any_other_message_is_refused(gateway, headers, body):
    with pytest.raises(BadSignature):
        gateway.parse_webhook(headers=headers, body=body)


def test_gateways_are_made_that_have_what_they_need_and_no_stranger_is(settings):
    assert list(make_gateways(settings)) == ["demo"]
    with pytest.raises(ValueError, match="no gateway of this shop"):
        make_gateways(settings.model_copy(update={"gateways": ("cash",)}))
