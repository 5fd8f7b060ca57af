"""A gateway with a circuit breaker around its calls: one that gives no answer is left alone for a while.

A refusal is an answer too. A call that the open circuit refuses counts as "not reached", which is the truth about a
call that was not made. The state is kept by each process for itself: it needs no Redis, and each learns within a few
calls.
"""

import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from domain.payments.gateways.port import (
    Created,
    Gateway,
    GatewayBusy,
    GatewayRefused,
    GatewayTimeout,
    GatewayUnavailable,
    Outcome,
    PaymentRequest,
    RefundOutcome,
    WebhookEvent,
)
from domain.shared import telemetry
from domain.shared.breaker import Circuit

Answer = TypeVar("Answer")


class Breaker:
    """Any gateway, with a circuit breaker around its calls."""

    def __init__(self, gateway: Gateway, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._gateway, self._clock = gateway, clock
        self._lock = threading.Lock()
        self._circuit = Circuit()

    @property
    def name(self) -> str:
        """The gateway's name."""
        return self._gateway.name

    @property
    def label(self) -> str:
        """The gateway's label."""
        return self._gateway.label

    @property
    def hint(self) -> str:
        """The gateway's hint."""
        return self._gateway.hint

    @property
    def hold(self) -> timedelta:
        """How long the gateway's orders wait."""
        return self._gateway.hold

    @property
    def by_hand(self) -> bool:
        """Whether staff move the money."""
        return self._gateway.by_hand

    @property
    def available(self) -> bool:
        """Whether the circuit is closed, or the pause is over and a call may try."""
        with self._lock:
            return not self._circuit.refuses(self._clock())

    def create(self, request: PaymentRequest) -> Created:
        """Open a payment, if the circuit is closed."""
        return self._call(lambda: self._gateway.create(request))

    def look_up(self, *, payment_id: UUID, reference: str | None) -> Outcome:
        """Ask how a payment stands, if the circuit is closed."""
        return self._call(lambda: self._gateway.look_up(payment_id=payment_id, reference=reference))

    def capture(self, *, reference: str, amount: int, key: str) -> Outcome:
        """Take an authorised amount, if the circuit is closed."""
        return self._call(lambda: self._gateway.capture(reference=reference, amount=amount, key=key))

    def cancel(self, *, reference: str) -> Outcome:
        """Cancel a payment, if the circuit is closed."""
        return self._call(lambda: self._gateway.cancel(reference=reference))

    def refund(self, *, reference: str, amount: int, key: str) -> RefundOutcome:
        """Give money back, if the circuit is closed."""
        return self._call(lambda: self._gateway.refund(reference=reference, amount=amount, key=key))

    def parse_webhook(self, *, headers: Mapping[str, str], body: bytes) -> WebhookEvent:
        """Read a message; that asks nobody."""
        return self._gateway.parse_webhook(headers=headers, body=body)

    def _call(self, call: Callable[[], Answer]) -> Answer:
        with self._lock:
            now = self._clock()
            if self._circuit.refuses(now):
                raise GatewayUnavailable
            self._circuit = self._circuit.tried(now)
        try:
            with telemetry.span(f"gateway {self.name}", outgoing=True):
                answer = call()
        except (GatewayRefused, GatewayBusy):
            self._answered()  # or one who types a wrong address three times would close the shop to everybody
            raise
        except (GatewayUnavailable, GatewayTimeout):
            with self._lock:
                self._circuit = self._circuit.failed(self._clock())
            raise
        self._answered()
        return answer

    def _answered(self) -> None:
        with self._lock:
            self._circuit = self._circuit.answered()
