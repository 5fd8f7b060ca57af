"""A circuit breaker: a gateway that gives no answer is left alone for a while, so that nobody waits for it.

A refusal is an answer too. After `FAILURES` calls in a row without one the circuit is open: every call is refused at
once, as if the gateway were not reached, which is the truth about a call that was not made. When the pause is over one
call is let through; if it fails too, the pause doubles, up to `LONGEST`. The state is kept by each process for itself:
it needs no Redis, and each learns within a few calls.
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

FAILURES = 3
"""Calls in a row without an answer until the circuit opens."""
SHORTEST, LONGEST = 5.0, 300.0
"""Seconds that the circuit stays open: at first, and at the most."""

Answer = TypeVar("Answer")


class Breaker:
    """Any gateway, with a circuit breaker around its calls."""

    def __init__(self, gateway: Gateway, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._gateway, self._clock = gateway, clock
        self._lock = threading.Lock()
        self._failures, self._pause, self._open_until = 0, SHORTEST, 0.0

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
            return self._failures < FAILURES or self._clock() >= self._open_until

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
            if self._failures >= FAILURES:
                now = self._clock()
                if now < self._open_until:
                    raise GatewayUnavailable
                self._open_until = now + self._pause  # this call tries; the others go on waiting
        try:
            with telemetry.span(f"gateway {self.name}", outgoing=True):
                answer = call()
        except (GatewayRefused, GatewayBusy):
            self._answered()  # or one who types a wrong address three times would close the shop to everybody
            raise
        except (GatewayUnavailable, GatewayTimeout):
            with self._lock:
                self._failures += 1
                if self._failures > FAILURES:
                    self._pause = min(self._pause * 2, LONGEST)
                if self._failures >= FAILURES:
                    self._open_until = self._clock() + self._pause
            raise
        self._answered()
        return answer

    def _answered(self) -> None:
        with self._lock:
            self._failures, self._pause = 0, SHORTEST
