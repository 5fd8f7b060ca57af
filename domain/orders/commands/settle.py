"""What a gateway's news does to an order: the one place where an order becomes paid."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from domain.cart.commands import close, hold
from domain.catalog.commands import stock
from domain.catalog.errors import StockShort
from domain.orders.commands.load import GATEWAY, SYSTEM, lock_order, note
from domain.orders.commands.refund import ask_back
from domain.orders.errors import NoSuchOrder
from domain.orders.events import OrderPaid, PaymentAuthorised, PaymentFailed, PaymentReturned
from domain.orders.models import Order, TimelineEntry
from domain.orders.states import CANCELLED, PAID, PLACED
from domain.payments import commands as payments
from domain.payments import queries as paid
from domain.payments.errors import NoSuchPayment
from domain.payments.gateways.port import Outcome
from domain.payments.queries import PaymentRecord
from domain.promotions.commands import take_again
from domain.promotions.errors import PromotionGone
from domain.shared.db import utcnow
from domain.shared.outbox import record
from domain.shared.quick import Prepared, one

# What never changes of an order: its cart and how many of what were bought. It is read before anything is locked.
_FIXED = Prepared(
    """
    SELECT o.cart_id, (SELECT jsonb_object_agg(l.variant_id, l.quantity) FROM orders.lines l WHERE l.order_id = o.id)
    FROM orders.orders o WHERE o.id = :order_id
    """,
    "cart_id quantities",
)


def settle_payment(session: Session, *, payment_id: UUID, outcome: Outcome, actor: str = GATEWAY) -> bool:
    """Carry out what a gateway says of a payment; True if it was news.

    The webhook, the shopper's return and the reconciler all end here, under the locks of cart, order and payment in
    that order, so that of any number of messengers one changes something and the others find it done.

    - captured: the order is paid, once, and the cart is emptied of it. For an order that expired the stock is taken
      again; where that is short, where somebody cancelled the order, where another has replaced it, where it is paid
      already, or where the amount is not the order's, all of the money is asked back by itself, and the timeline
      says so.
    - failed or cancelled: the order stays placed and can be paid by another attempt.
    - authorised: a handler captures it after the commit, if the order still stands.
    """
    payment = paid.payment(session, payment_id)
    if payment is None:
        raise NoSuchPayment
    return settle_read(session, payment, outcome, actor=actor)


def settle_read(session: Session, payment: PaymentRecord, outcome: Outcome, *, actor: str) -> bool:
    """Do the same for a payment that the caller has just read; only the guarded update decides what is news."""
    payment_id = payment.id
    if not payment.changes_to(outcome.state):
        return False
    fixed = one(session, _FIXED, {"order_id": payment.order_id})
    if fixed is None:
        raise NoSuchOrder
    cart_id, quantities = fixed
    hold(session, cart_id)
    order = lock_order(session, payment.order_id, lines=False)
    changed = payments.apply_outcome(session, payment_id=payment_id, outcome=outcome)
    if changed is None:
        if outcome.state == "authorised":
            # It was given up here before the money was set aside: the handler gives that up at the gateway too.
            record(session, PaymentAuthorised(order_id=order.id, payment_id=payment_id))
        return False
    if changed.state == "captured":
        bought = {UUID(variant_id): quantity for variant_id, quantity in (quantities or {}).items()}
        _captured(session, order, changed, bought, actor=actor)
    elif changed.state == "authorised":
        record(session, PaymentAuthorised(order_id=order.id, payment_id=payment_id))
        note(session, order, "payment_authorised", actor=actor, public=False)
    elif changed.state in ("failed", "cancelled") and order.state == PLACED:
        note(session, order, f"payment_{changed.state}", actor=actor, text=changed.failure_message or "")
        if changed.state == "failed":
            record(session, PaymentFailed(order_id=order.id, payment_id=payment_id))
    else:
        order.updated_at = utcnow()
    session.flush()
    return True


def _captured(
    session: Session, order: Order, payment: PaymentRecord, bought: Mapping[UUID, int], *, actor: str
) -> None:
    if (payment.captured, payment.amount.amount, payment.amount.currency) != (order.total, order.total, order.currency):
        _give_back(session, order, payment, actor=actor, reason="The amount that arrived is not the order's total.")
    elif order.state == PLACED:
        _pay(session, order, payment, bought, actor=actor)
    elif order.state != CANCELLED:
        _give_back(session, order, payment, actor=actor, reason="The order was paid already.")
    elif _is_replaced(session, order):
        _give_back(session, order, payment, actor=actor, reason="Another order has replaced this one.")
    elif not _has_expired(session, order):
        _give_back(session, order, payment, actor=actor, reason="The order was cancelled before the payment arrived.")
    else:
        try:
            with session.begin_nested():
                take_again(session, order.id)
                stock.reserve(session, quantities=bought, order_id=order.id, actor=actor)
        except StockShort:
            reason = "The payment arrived after the order had expired, and the items are sold out by now."
            _give_back(session, order, payment, actor=actor, reason=reason)
        except PromotionGone as gone:
            reason = f"The payment arrived after the order had expired, and “{gone.name}” is used up by now."
            _give_back(session, order, payment, actor=actor, reason=reason)
        else:
            late = "The payment arrived after the order had expired; the items were still there."
            _pay(session, order, payment, bought, actor=actor, text=late)


def _pay(
    session: Session, order: Order, payment: PaymentRecord, bought: Mapping[UUID, int], *, actor: str, text: str = ""
) -> None:
    order.move_to(PAID)
    order.paid_at = utcnow()
    order.expires_at = order.cancelled_at = None
    note(session, order, "paid", actor=actor, text=text)
    record(session, OrderPaid(order_id=order.id, payment_id=payment.id))
    close(session, cart_id=order.cart_id, bought=bought)


def _give_back(session: Session, order: Order, payment: PaymentRecord, *, actor: str, reason: str) -> None:
    """Return money that the shop cannot keep; the order stays what it was."""
    note(session, order, "payment_returned", actor=actor, text=reason)
    if payment.captured > 0:
        refund_id = ask_back(session, order, payment.id, amount=payment.captured, reason=reason, actor=actor)
        record(session, PaymentReturned(order_id=order.id, payment_id=payment.id, refund_id=refund_id))


def _has_expired(session: Session, order: Order) -> bool:
    """Whether the clock or a newer order ended it, unpaid; what a person cancelled stays cancelled."""
    cancelled_by = (
        select(TimelineEntry.actor)
        .where(TimelineEntry.order_id == order.id, TimelineEntry.kind == "cancelled")
        .order_by(TimelineEntry.id.desc())
        .limit(1)
    )
    return order.paid_at is None and session.scalar(cancelled_by) in (None, SYSTEM)


def _is_replaced(session: Session, order: Order) -> bool:
    """Whether another order for the same things stands; the cart's lock keeps the answer true.

    That is a later one of the cart, or an earlier one that was paid only after this one was placed.
    """
    other = select(Order.id).where(
        Order.cart_id == order.cart_id,
        Order.id != order.id,
        Order.state != CANCELLED,
        or_(Order.created_at > order.created_at, Order.paid_at > order.created_at),
    )
    return session.scalar(other.limit(1)) is not None
