"""Checkout Sessions as Stripe's API reference describes them, served over HTTP: what the fake that others wrote lacks.

It keeps sessions and their payment intents in memory; a test plays the shopper with `pay` and `refuse`, and breaks the
line with `fail`.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from typing import Any
from urllib.parse import parse_qsl, urlsplit


class StripeStub:
    """What the stub knows, and what went over the line."""

    def __init__(self) -> None:
        self.url = ""
        self.sessions: dict[str, dict[str, Any]] = {}
        self.intents: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, tuple[int, dict[str, Any]]] = {}
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self.fail: int | None = None
        self.silent = False

    def pay(self, session_id: str) -> None:
        """Do what a shopper with a good card does."""
        session = self.sessions[session_id]
        manual = session["form"].get("payment_intent_data[capture_method]") == "manual"
        intent = self._intent(session, "requires_capture" if manual else "succeeded")
        if not manual:
            intent["amount_received"] = intent["amount"]
        session.update(status="complete", payment_status="unpaid" if manual else "paid", payment_intent=intent["id"])

    def refuse(self, session_id: str, code: str) -> None:
        """End a session with a refusal, as a delayed method of payment does."""
        session = self.sessions[session_id]
        intent = self._intent(session, "requires_payment_method")
        intent["last_payment_error"] = {"code": "card_declined", "decline_code": code, "type": "card_error"}
        session.update(status="complete", payment_status="unpaid", payment_intent=intent["id"])

    def answer(self, method: str, path: str, form: dict[str, str], key: str | None) -> tuple[int, dict[str, Any]]:
        """Answer one request; the same idempotency key gets the same answer."""
        self.requests.append((method, path, form))
        if self.fail:
            return self.fail, {"error": {"type": "api_error", "message": "It is broken."}}
        if key and key in self.keys:
            return self.keys[key]
        found = self._route(method, path.strip("/").split("/")[1:], form)
        if key and found[0] < 500:
            self.keys[key] = found
        return found

    def _route(self, method: str, parts: list[str], form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        match method, parts:
            case "POST", ["checkout", "sessions"]:
                session = {"id": f"cs_test_{len(self.sessions) + 1}", "object": "checkout.session", "status": "open",
                           "payment_status": "unpaid", "payment_intent": None, "form": form,
                           "client_reference_id": form["client_reference_id"]}  # fmt: skip
                session["url"] = f"https://checkout.stripe.com/c/pay/{session['id']}"
                self.sessions[session["id"]] = session
                return 200, self._shown(session)
            case "GET", ["checkout", "sessions"]:
                newest = [self._shown(one) for one in reversed(self.sessions.values())]
                return 200, {"object": "list", "data": newest, "has_more": False, "url": "/v1/checkout/sessions"}
            case "GET", ["checkout", "sessions", name] if name in self.sessions:
                return 200, self._shown(self.sessions[name], expand=True)
            case "POST", ["checkout", "sessions", name, "expire"] if name in self.sessions:
                self.sessions[name]["status"] = "expired"
                return 200, self._shown(self.sessions[name])
            case "POST", ["payment_intents", name, "capture"] if name in self.intents:
                intent = self.intents[name]
                intent.update(status="succeeded", amount_received=int(form["amount_to_capture"]))
                return 200, intent
            case "POST", ["payment_intents", name, "cancel"] if name in self.intents:
                self.intents[name]["status"] = "canceled"
                return 200, self.intents[name]
            case "GET", ["refunds"]:
                found = [one for one in self.refunds.values() if one["payment_intent"] == form["payment_intent"]]
                return 200, {"object": "list", "data": found, "has_more": False, "url": "/v1/refunds"}
            case "POST", ["refunds"]:
                return self._refund(form)
        return 404, {"error": {"type": "invalid_request_error", "code": "resource_missing", "message": "No such."}}

    def _refund(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        intent, amount = self.intents[form["payment_intent"]], int(form["amount"])
        if amount > intent["amount_received"] - intent["latest_charge"]["amount_refunded"]:
            return 400, {"error": {"type": "invalid_request_error", "message": "It is more than is left."}}
        intent["latest_charge"]["amount_refunded"] += amount
        refund = {"id": f"re_{len(self.refunds) + 1}", "object": "refund", "status": "succeeded", "amount": amount,
                  "payment_intent": intent["id"], "metadata": {"refund_id": form["metadata[refund_id]"]}}  # fmt: skip
        self.refunds[refund["id"]] = refund
        return 200, refund

    def _intent(self, session: dict[str, Any], status: str) -> dict[str, Any]:
        form = session["form"]
        intent = {
            "id": f"pi_{len(self.intents) + 1}", "object": "payment_intent", "status": status,
            "amount": int(form["line_items[0][price_data][unit_amount]"]), "amount_received": 0,
            "currency": form["line_items[0][price_data][currency]"], "last_payment_error": None,
            "metadata": {"payment_id": form["payment_intent_data[metadata][payment_id]"]},
            "latest_charge": {"id": "ch_1", "object": "charge", "amount_refunded": 0},
        }  # fmt: skip
        self.intents[intent["id"]] = intent
        return intent

    def _shown(self, session: dict[str, Any], *, expand: bool = False) -> dict[str, Any]:
        shown = {name: value for name, value in session.items() if name != "form"}
        if expand and shown["payment_intent"]:
            shown["payment_intent"] = self.intents[shown["payment_intent"]]
        return shown


@contextmanager
def running_stub() -> Iterator[StripeStub]:
    """Serve a stub on a free port of this machine."""
    stub = StripeStub()

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            split = urlsplit(self.path)
            form = dict(parse_qsl(self.rfile.read(length).decode() if length else split.query))
            status, body = stub.answer(self.command, split.path, form, self.headers.get("Idempotency-Key"))
            if stub.silent:  # done, but nobody hears of it
                sleep(0.05)
                self.connection.close()
                return
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _answer  # noqa: N815 - the names http.server asks for

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    stub.url = f"http://127.0.0.1:{server.server_port}"
    yield stub
    server.shutdown()
    server.server_close()
