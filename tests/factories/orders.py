"""Orders for tests, and a gateway in memory: the one part that is outside this machine."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from domain.orders.commands import Placed, open_payment, place_order, settle_payment
from domain.orders.queries import checkout_summary
from domain.payments.gateways.port import (
    ON_ITS_PAGE,
    SHORT_HOLD,
    BadSignature,
    Created,
    GatewayTimeout,
    GatewayUnavailable,
    Outcome,
    PaymentRequest,
    RefundOutcome,
    WebhookEvent,
)
from domain.shared.db import utcnow
from tests.factories.cart import make_checkout

RETURN_URL = "http://shop.test/orders/return"


@dataclass(frozen=True)
class Agreed:
    """What a shopper has before them on the page that places the order."""

    cart_id: UUID
    token: UUID
    total: int


def agree(session: Session, cart_id: UUID, *, now: datetime | None = None) -> Agreed:
    """Read the page that places the order."""
    summary = checkout_summary(session, cart_id, currency="EUR", country="IE", now=now or utcnow())
    assert summary.checkout.token is not None
    return Agreed(cart_id, summary.checkout.token, summary.quote.total.amount)


def place(session: Session, agreed: Agreed, **values: Any) -> Placed:
    """Place the order as agreed."""
    given = {"gateway": "memory", "currency": "EUR", "country": "IE", **values}
    return place_order(session, cart_id=agreed.cart_id, token=agreed.token, agreed_total=agreed.total, **given)


def make_order(
    session: Session,
    *,
    sku: str | None = None,
    quantity: int = 1,
    paid: bool = False,
    email: str = "aoife@example.com",
    **values: Any,
) -> Placed:
    """Make an order that is placed, or placed and paid."""
    placed = place(session, agree(session, make_checkout(session, sku=sku, quantity=quantity, email=email)), **values)
    if paid:
        pay(session, placed.order_id)
    return placed


def pay(session: Session, order_id: UUID) -> UUID:
    """Pay an order in full and return the payment's id."""
    payment = open_payment(session, order_id=order_id).payment
    assert payment is not None
    captured = Outcome(state="captured", captured=payment.amount.amount, reference=f"mem_{payment.id}")
    settle_payment(session, payment_id=payment.id, outcome=captured)
    return payment.id


class MemoryGateway:
    """A gateway that keeps its payments in memory, as a real one behaves at the port.

    `fail_with` is raised by the next calls; `after_create` raises once the payment is made, as a lost answer does.
    """

    name = "memory"
    label = "Memory"
    hint = ON_ITS_PAGE
    hold = SHORT_HOLD
    by_hand = False
    available = True

    def __init__(self) -> None:
        self.payments: dict[str, Outcome] = {}
        self.amounts: dict[str, int] = {}
        self.refunds: dict[str, int] = {}
        self.created: list[PaymentRequest] = []
        self.fail_with: GatewayUnavailable | GatewayTimeout | None = None
        self.after_create: GatewayTimeout | None = None
        self._lock = threading.Lock()

    def create(self, request: PaymentRequest) -> Created:
        self._fail()
        reference = f"mem_{request.payment_id}"
        with self._lock:
            self.created.append(request)
            self.payments.setdefault(reference, Outcome(state="pending", reference=reference))
            self.amounts[reference] = request.amount
        if self.after_create:
            raise self.after_create
        return Created(reference=reference, redirect_url=f"http://gateway.test/pay/{reference}")

    def shopper(self, payment_id: UUID, state: str, *, captured: int | None = None, **values: Any) -> None:
        """Do what a shopper does on the gateway's page."""
        reference = f"mem_{payment_id}"
        amount = (self.amounts[reference] if captured is None else captured) if state == "captured" else 0
        self.payments[reference] = replace(self.payments[reference], state=state, captured=amount, **values)

    def look_up(self, *, payment_id: UUID, reference: str | None) -> Outcome:
        self._fail()
        return self.payments.get(reference or f"mem_{payment_id}", Outcome(state="missing"))

    def capture(self, *, reference: str, amount: int, key: str) -> Outcome:
        self._fail()
        with self._lock:
            if self.payments[reference].state == "authorised":
                self.payments[reference] = replace(self.payments[reference], state="captured", captured=amount)
        return self.payments[reference]

    def cancel(self, *, reference: str) -> Outcome:
        self._fail()
        with self._lock:
            if self.payments[reference].state in ("pending", "authorised"):
                self.payments[reference] = replace(self.payments[reference], state="cancelled")
        return self.payments[reference]

    def refund(self, *, reference: str, amount: int, key: str) -> RefundOutcome:
        self._fail()
        with self._lock:
            if key not in self.refunds and sum(self.refunds.values()) + amount > self.payments[reference].captured:
                return RefundOutcome(state="failed", failure_message="More than was captured.")
            self.refunds[key] = amount
        return RefundOutcome(state="succeeded", reference=f"ref_{key}")

    def parse_webhook(self, *, headers: Mapping[str, str], body: bytes) -> WebhookEvent:
        if headers.get("Signature") != "right":
            raise BadSignature
        event_id, payment_id = body.decode().split()
        return WebhookEvent(
            event_id=event_id, kind="payment.changed", payload={"id": event_id}, payment_id=UUID(payment_id)
        )

    def _fail(self) -> None:
        if self.fail_with:
            raise self.fail_with


def message(payment_id: UUID, *, event_id: str | None = None) -> dict[str, Any]:
    """A signed message of the gateway in memory, as keyword arguments of `receive_webhook`."""
    body = f"{event_id or uuid4()} {payment_id}".encode()
    return {"gateway": "memory", "headers": {"Signature": "right"}, "body": body, "now": utcnow()}
