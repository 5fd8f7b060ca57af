"""A payment gateway for the bench: the demo gateway's own HTTP API, kept in memory and in a process of its own.

The sandbox writes every step to disk and draws pages; it takes as long as a third of a checkout, and its speed is not
what is measured. This one answers at once: a payment is taken as soon as the form is sent, and the shop has heard of
it by a signed webhook before the shopper is sent back.
"""

import json
import secrets
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import urllib3

from cli.sandbox.webhooks import sign
from domain.shared.settings import Settings

API = "/gateway/api/payments"
PAY = "/gateway/pay/"


class Gateway(ThreadingHTTPServer):
    """The payments by their ids, and by the keys that they were opened with."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, settings: Settings) -> None:
        super().__init__((settings.host, settings.sandbox_port), Handler)
        assert settings.demo_gateway_secret is not None
        self.secret = settings.demo_gateway_secret.get_secret_value()
        self.base_url = settings.sandbox_url
        self.payments: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, str] = {}
        self.guard = threading.Lock()
        self.shop = urllib3.PoolManager(maxsize=8, retries=False, timeout=30)

    def open(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Open a payment, or find the one with the same key."""
        with self.guard:
            known = self.keys.setdefault(asked["idempotency_key"], "dp_" + secrets.token_hex(12))
            return self.payments.setdefault(
                known,
                asked | {"id": known, "status": "pending", "captured": 0, "refunded": 0, "failure": None,
                         "url": f"{self.base_url}{PAY}{known}"},
            )  # fmt: skip

    def take(self, payment: dict[str, Any]) -> None:
        """Take the money, and tell the shop."""
        payment |= {"status": "captured", "captured": payment["amount"]}
        told = {key: payment[key] for key in ("id", "idempotency_key", "status", "captured", "refunded")}
        message = {"id": "evt_" + secrets.token_hex(12), "type": "payment.captured", "payment": told}
        body = json.dumps(message).encode()
        headers = {"Content-Type": "application/json", "X-Demo-Signature": sign(self.secret, body, time.time())}
        self.shop.request("POST", payment["webhook_url"], body=body, headers=headers)


class Handler(BaseHTTPRequestHandler):
    """Answers on connections that stay open."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Gateway

    def do_POST(self) -> None:
        """Open a payment for the shop, or take one for the shopper."""
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        path = urlsplit(self.path).path
        if path == API:
            self._json(201, self.server.open(json.loads(body)))
        elif path.startswith(PAY) and (payment := self.server.payments.get(path.removeprefix(PAY))):
            self.server.take(payment)
            self._answer(303, b"", [("Location", payment["return_url"])])
        else:
            self._json(404, {"error": "There is no such payment."})

    def do_GET(self) -> None:
        """Tell the shop how a payment stands."""
        parts = urlsplit(self.path)
        key = parse_qs(parts.query).get("idempotency_key", [""])[0]
        found = self.server.payments.get(self.server.keys.get(key) or parts.path.removeprefix(API + "/"))
        self._json(200 if found else 404, found or {"error": "There is no such payment."})

    def _json(self, status: int, value: dict[str, Any]) -> None:
        self._answer(status, json.dumps(value).encode(), [("Content-Type", "application/json")])

    def _answer(self, status: int, body: bytes, headers: list[tuple[str, str]]) -> None:
        self.send_response_only(status)
        for name, value in [*headers, ("Content-Length", str(len(body)))]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def main() -> int:
    """Answer until the process is ended."""
    Gateway(Settings()).serve_forever()  # type: ignore[call-arg]  # the environment gives them
    return 0


if __name__ == "__main__":
    sys.exit(main())
