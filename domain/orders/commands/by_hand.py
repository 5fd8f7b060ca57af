"""Money that staff move by hand: a transfer that has arrived, and one that was sent back."""

from uuid import UUID

from sqlalchemy.orm import Session

from domain.orders.commands.refund import settle_refund
from domain.orders.commands.settle import settle_payment
from domain.payments import queries as paid
from domain.payments.errors import NoSuchPayment
from domain.payments.gateways.port import Outcome, RefundOutcome
from domain.shared.errors import Conflict, RuleBroken


class NotByHand(RuleBroken):
    """A gateway answers for this money, so nobody may say it in its place."""

    def __init__(self) -> None:
        super().__init__("The payment service reports this payment itself; it cannot be confirmed by hand.")


class ConfirmedAlready(Conflict):
    """Somebody else has confirmed it in the meantime."""

    def __init__(self) -> None:
        super().__init__("This has been confirmed already.")


def confirm_transfer(session: Session, *, payment_id: UUID, amount: int, gateways: frozenset[str], actor: str) -> None:
    """Note that a transfer of `amount` minor units has arrived; `gateways` names those that staff answer for.

    Another amount than the order's, and money for an order that is given up and sold out, is asked back by itself, as
    with every gateway. Raises NoSuchPayment, NotByHand and ConfirmedAlready.
    """
    payment = paid.payment(session, payment_id)
    if payment is None:
        raise NoSuchPayment
    if payment.gateway not in gateways:
        raise NotByHand
    if amount < 1:
        raise RuleBroken("Enter the amount that has arrived.")
    outcome = Outcome(state="captured", captured=amount, reference=payment.reference)
    if not settle_payment(session, payment_id=payment_id, outcome=outcome, actor=actor):
        raise ConfirmedAlready


def confirm_refund(session: Session, *, refund_id: UUID, gateways: frozenset[str], actor: str) -> None:
    """Note that money was transferred back. Raises NoSuchPayment, NotByHand and ConfirmedAlready."""
    refund = paid.refund(session, refund_id)
    if refund is None:
        raise NoSuchPayment
    if refund.gateway not in gateways:
        raise NotByHand
    if refund.state != "requested":
        raise ConfirmedAlready
    settle_refund(session, refund_id=refund_id, outcome=RefundOutcome(state="succeeded"), actor=actor)
