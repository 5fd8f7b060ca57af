"""A gateway behind the real port whose answers a test decides; its webhooks are signed as the demo gateway's are."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from domain.payments.gateways.demo import DemoGateway
from domain.payments.gateways.port import (
    ON_ITS_PAGE,
    SHORT_HOLD,
    Created,
    GatewayUnavailable,
    Outcome,
    PaymentRequest,
    WebhookEvent,
)

SECRET = "a gateway secret for tests only"  # noqa: S105


class ScriptedGateway:
    """Remembers what was asked; `state` is what it says of every payment, `reachable` whether it answers at all."""

    name = "demo"
    label = "Card (demo)"
    hint = ON_ITS_PAGE
    hold = SHORT_HOLD
    by_hand = False
    available = True

    def __init__(self) -> None:
        self.requests: list[PaymentRequest] = []
        self.state: Any = "pending"
        self.failure: str | None = None
        self.reachable = True
        self._signed = DemoGateway(base_url="http://gateway.test", secret=SECRET, webhook_url="http://shop.test")

    def create(self, request: PaymentRequest) -> Created:
        """Open a payment at a page of its own."""
        if not self.reachable:
            raise GatewayUnavailable
        self.requests.append(request)
        return Created(reference=f"dp_{request.payment_id}", redirect_url=f"http://pay.test/{request.payment_id}")

    def look_up(self, *, payment_id: UUID, reference: str | None) -> Outcome:
        """Say of a payment what the test has decided."""
        if not self.reachable:
            raise GatewayUnavailable
        amount = next(request.amount for request in self.requests if request.payment_id == payment_id)
        return Outcome(
            state=self.state,
            captured=amount if self.state == "captured" else 0,
            reference=f"dp_{payment_id}",
            failure_code="declined" if self.failure else None,
            failure_message=self.failure,
        )

    def parse_webhook(self, *, headers: Mapping[str, str], body: bytes) -> WebhookEvent:
        """Read a message as the demo gateway's adapter does, signature and all."""
        return self._signed.parse_webhook(headers=headers, body=body)

    def message(self, *, event_id: str = "evt_1", secret: str = SECRET) -> tuple[bytes, dict[str, str]]:
        """Make a signed webhook about the last payment."""
        payment = self.requests[-1].payment_id
        body = json.dumps(
            {
                "id": event_id,
                "type": "payment.captured",
                "payment": {"id": f"dp_{payment}", "idempotency_key": str(payment)},
            }
        ).encode()
        stamp = str(int(time.time()))
        signature = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        return body, {"X-Demo-Signature": f"t={stamp},v1={signature}", "Content-Type": "application/json"}
