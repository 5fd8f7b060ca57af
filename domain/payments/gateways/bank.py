"""Bank transfer: the shopper transfers the money, and staff say when it is there."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from domain.payments.gateways.port import (
    BadSignature,
    Created,
    GatewayUnavailable,
    Outcome,
    PaymentRequest,
    RefundOutcome,
    WebhookEvent,
)


class BankTransfer:
    """A way to be paid that no machine answers for: what staff confirm is what counts.

    The order's number is the reference on the transfer. Money goes back by hand as well, so a refund stays asked for
    until staff say that they have sent it.
    """

    name = "bank"
    label = "Bank transfer"
    hint = "You get our account and a reference. We send your order as soon as the money is there, usually in two days."
    by_hand = True
    available = True

    def __init__(self, *, days: int) -> None:
        self.hold = timedelta(days=days)

    def create(self, request: PaymentRequest) -> Created:
        """Name the transfer; there is no page to go to."""
        return Created(reference=request.order_number, redirect_url=None)

    def look_up(self, *, payment_id: UUID, reference: str | None) -> Outcome:
        """Say that nothing is known: only staff see the account."""
        return Outcome(state="pending", reference=reference)

    def capture(self, *, reference: str, amount: int, key: str) -> Outcome:
        """Say that nothing is known."""
        return Outcome(state="pending", reference=reference)

    def cancel(self, *, reference: str) -> Outcome:
        """Stop waiting; money that arrives all the same is confirmed by staff and dealt with as late money is."""
        return Outcome(state="cancelled", reference=reference)

    def refund(self, *, reference: str, amount: int, key: str) -> RefundOutcome:
        """Refuse: no machine can transfer money back here."""
        raise GatewayUnavailable

    def parse_webhook(self, *, headers: Mapping[str, str], body: bytes) -> WebhookEvent:
        """Refuse: no bank calls us."""
        raise BadSignature
