"""The port: all that the shop knows of a payment gateway."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, Protocol
from uuid import UUID

from domain.shared.errors import DomainError, RuleBroken

OutcomeState = Literal["pending", "authorised", "captured", "failed", "cancelled", "unknown", "missing"]
"""What a gateway may say of a payment. `unknown`: it gave no answer. `missing`: it has never heard of the payment."""


ON_ITS_PAGE = "You pay on the payment service's own page and come back here."

UNREACHED, NEVER_BEGUN = "unavailable", "missing"
"""Why a payment failed that no shopper and no bank refused: its gateway was not reached, or never began it."""

SHORT_HOLD = timedelta(minutes=30)
"""How long an order waits for a payment that is made at once."""


class GatewayUnavailable(DomainError):
    """The gateway was not reached or refused to serve: nothing happened there, and trying again is safe."""

    def __init__(
        self, words: str = "The payment service cannot be reached at the moment. Nothing was charged."
    ) -> None:
        super().__init__(words)


class GatewayRefused(GatewayUnavailable):
    """The gateway answered that it does not take what was asked: nothing happened there, and it serves all others."""

    def __init__(
        self, words: str = "The payment service does not take this payment. Nothing was charged. Please write to us."
    ) -> None:
        super().__init__(words)


class GatewayTimeout(DomainError):
    """The gateway was reached and gave no usable answer: what happened there is unknown and must be looked up."""

    def __init__(self) -> None:
        super().__init__("The payment service has not answered yet. We keep asking it; please do not pay twice.")


class GatewayBusy(GatewayTimeout):
    """The gateway answered that it has not finished: it is well, and is to be asked again later."""


class BadSignature(RuleBroken):
    """A message claims to come from the gateway and is not signed by it."""

    def __init__(self) -> None:
        super().__init__("The signature does not match.")


@dataclass(frozen=True, kw_only=True)
class PaymentRequest:
    """What a gateway needs to take a payment; `payment_id` is the idempotency key, `amount` is in minor units."""

    payment_id: UUID
    order_number: str
    amount: int
    currency: str
    description: str
    email: str
    return_url: str
    cancel_url: str


@dataclass(frozen=True, kw_only=True)
class Created:
    """The gateway's own name for the payment and where the shopper pays it."""

    reference: str
    redirect_url: str | None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The state of a payment as its gateway tells it; `failure_message` is in plain words for the shopper."""

    state: OutcomeState
    captured: int = 0
    refunded: int = 0
    reference: str | None = None
    failure_code: str | None = None
    failure_message: str | None = None


@dataclass(frozen=True, kw_only=True)
class RefundOutcome:
    """What became of a refund."""

    state: Literal["succeeded", "failed"]
    reference: str | None = None
    failure_message: str | None = None


@dataclass(frozen=True, kw_only=True)
class WebhookEvent:
    """News from a gateway, its signature checked; it names the payment by our id, by the gateway's, or both."""

    event_id: str
    kind: str
    payload: dict[str, Any]
    payment_id: UUID | None = None
    reference: str | None = None


class Gateway(Protocol):
    """A way to be paid. Every call has a time limit; GatewayUnavailable and GatewayTimeout tell how it failed.

    Their kinds GatewayRefused and GatewayBusy are answers about one payment, and say nothing against the gateway.
    """

    @property
    def name(self) -> str:
        """The short name that settings, orders and webhook addresses use."""
        ...

    @property
    def label(self) -> str:
        """What a shopper reads."""
        ...

    @property
    def hint(self) -> str:
        """What a shopper reads below it: what happens next."""
        ...

    @property
    def hold(self) -> timedelta:
        """How long an order waits for its money, and its goods with it."""
        ...

    @property
    def by_hand(self) -> bool:
        """Whether staff move the money and say so, because nothing can be asked by a machine."""
        ...

    @property
    def available(self) -> bool:
        """Whether it is worth offering now: it answered the last times it was asked."""
        ...

    def create(self, request: PaymentRequest) -> Created:
        """Open a payment, or find the one opened before with the same id."""
        ...

    def look_up(self, *, payment_id: UUID, reference: str | None) -> Outcome:
        """Ask how a payment stands, by the gateway's reference or else by our id."""
        ...

    def capture(self, *, reference: str, amount: int, key: str) -> Outcome:
        """Take an authorised amount; the same key takes it once."""
        ...

    def cancel(self, *, reference: str) -> Outcome:
        """Make sure that a payment not yet captured never will be; says how it stands then."""
        ...

    def refund(self, *, reference: str, amount: int, key: str) -> RefundOutcome:
        """Give back captured money; the same key gives it back once."""
        ...

    def parse_webhook(self, *, headers: Mapping[str, str], body: bytes) -> WebhookEvent:
        """Check a message's signature and read it; raises BadSignature."""
        ...


Gateways = Mapping[str, Gateway]
