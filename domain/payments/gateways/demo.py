"""The demo gateway, spoken to over HTTP as a real one would be."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

import urllib3

from domain.payments.gateways.port import (
    ON_ITS_PAGE,
    SHORT_HOLD,
    BadSignature,
    Created,
    GatewayRefused,
    GatewayTimeout,
    GatewayUnavailable,
    Outcome,
    PaymentRequest,
    RefundOutcome,
    WebhookEvent,
)

TOLERANCE = 300
"""How old a signed message may be, in seconds."""

TIMEOUT = urllib3.Timeout(connect=2, read=8)

REASONS = {
    "card_declined": "Your bank declined the card. Please try another card or ask your bank.",
    "declined": "Your bank declined the card. Please try another card or ask your bank.",
    "insufficient_funds": "There is not enough money on the card. Please try another one.",
    "expired_card": "The card has expired. Please try another one.",
    "incorrect_cvc": "The security code is not right. Please check it and try again.",
    "authentication_failed": "The payment was not confirmed with your bank. Please try again.",
    "challenge_failed": "The payment was not confirmed with your bank. Please try again.",
    "processing_error": "Something went wrong at the payment service. Nothing was charged. Please try again.",
}
"""Why a payment was refused, in plain words, by the gateway's code."""

OTHER_REASON = "The payment was not accepted. Nothing was charged. Please try again or use another card."

STATES = {"pending", "authorised", "captured", "failed", "cancelled"}


class DemoGateway:
    """An adapter to the demo gateway's HTTP API."""

    name = "demo"
    label = "Card (demo)"
    hint = ON_ITS_PAGE
    hold = SHORT_HOLD
    by_hand = False
    available = True

    def __init__(self, *, base_url: str, secret: str, webhook_url: str) -> None:
        self._base = f"{base_url}/gateway/api/payments"
        self._secret = secret
        self._webhook_url = webhook_url
        self._http = urllib3.PoolManager(timeout=TIMEOUT, retries=False, maxsize=4)

    def create(self, request: PaymentRequest) -> Created:
        """Open a payment, or find the one opened before with the same id."""
        body = self._call(
            "POST",
            "",
            {
                "idempotency_key": str(request.payment_id),
                "amount": request.amount,
                "currency": request.currency,
                "description": request.description,
                "email": request.email,
                "return_url": request.return_url,
                "cancel_url": request.cancel_url,
                "webhook_url": self._webhook_url,
            },
        )
        if body is None or "id" not in body:
            raise GatewayRefused
        return Created(reference=_text(body, "id"), redirect_url=_text(body, "url"))

    def look_up(self, *, payment_id: UUID, reference: str | None) -> Outcome:
        """Ask how a payment stands."""
        path = f"/{quote(reference, safe='')}" if reference else f"?idempotency_key={payment_id}"
        body = self._call("GET", path)
        return Outcome(state="missing") if body is None else _outcome(body)

    def capture(self, *, reference: str, amount: int, key: str) -> Outcome:
        """Take an authorised amount."""
        body = self._call("POST", f"/{quote(reference, safe='')}/capture", {"idempotency_key": key, "amount": amount})
        return Outcome(state="missing") if body is None else _outcome(body)

    def cancel(self, *, reference: str) -> Outcome:
        """Cancel a payment, or learn that it is too late for that."""
        body = self._call("POST", f"/{quote(reference, safe='')}/cancel", {})
        return Outcome(state="missing") if body is None else _outcome(body)

    def refund(self, *, reference: str, amount: int, key: str) -> RefundOutcome:
        """Give back captured money."""
        body = self._call("POST", f"/{quote(reference, safe='')}/refunds", {"idempotency_key": key, "amount": amount})
        if body is None:
            return RefundOutcome(state="failed", failure_message="The payment service does not know this payment.")
        if body.get("status") == "succeeded":
            return RefundOutcome(state="succeeded", reference=_text(body, "id"))
        return RefundOutcome(state="failed", failure_message=str(body.get("error") or "The refund was refused.")[:500])

    def parse_webhook(self, *, headers: Mapping[str, str], body: bytes) -> WebhookEvent:
        """Check the signature over time and body, and read the message."""
        parts = dict(part.split("=", 1) for part in headers.get("X-Demo-Signature", "").split(",") if "=" in part)
        stamp, signature = parts.get("t", ""), parts.get("v1", "")
        expected = hmac.new(self._secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        if not (stamp.isascii() and stamp.isdigit()) or not hmac.compare_digest(
            expected.encode(), signature.encode("utf-8", "replace")
        ):
            raise BadSignature
        if abs(time.time() - int(stamp)) > TOLERANCE:
            raise BadSignature
        try:
            message = json.loads(body)
            payment = message["payment"]
            return WebhookEvent(
                event_id=str(message["id"]),
                kind=str(message["type"]),
                payload=message,
                payment_id=UUID(payment["idempotency_key"]),
                reference=str(payment["id"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadSignature from error

    def _call(self, method: str, path: str, payload: dict[str, Any] | None = None) -> dict[str, Any] | None:
        """Ask the gateway; None where it does not know the payment."""
        headers = {"Authorization": f"Bearer {self._secret}", "Accept": "application/json"}
        try:
            if payload is None:
                response = self._http.request(method, self._base + path, headers=headers)
            else:
                response = self._http.request(method, self._base + path, headers=headers, json=payload)
        except (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError) as error:
            # No connection was made, so nothing was asked.
            raise GatewayUnavailable from error
        except urllib3.exceptions.HTTPError as error:
            # The question may have arrived: only looking it up can tell.
            raise GatewayTimeout from error
        if response.status == 404:
            return None
        if response.status in (401, 403, 429, 503):
            raise GatewayUnavailable
        if response.status >= 500:
            raise GatewayTimeout
        try:
            body = response.json()
        except ValueError as error:
            raise GatewayTimeout from error
        if not isinstance(body, dict):
            raise GatewayTimeout
        return body


def _outcome(body: dict[str, Any]) -> Outcome:
    state = body.get("status")
    if state not in STATES:
        return Outcome(state="unknown")
    failure = body.get("failure") or {}
    code = str(failure.get("code")) if failure else None
    return Outcome(
        state=state,
        captured=int(body.get("captured") or 0),
        refunded=int(body.get("refunded") or 0),
        reference=_text(body, "id"),
        failure_code=code,
        failure_message=REASONS.get(code, OTHER_REASON) if code else None,
    )


def _text(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    if not isinstance(value, str) or not value:
        raise GatewayTimeout
    return value
