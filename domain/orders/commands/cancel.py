"""Cancelling orders."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.orm import Session, selectinload

from domain.cart.commands import renew_token
from domain.catalog.commands import stock
from domain.orders.commands.load import SHOPPER, lock_order, note
from domain.orders.commands.refund import ask_back_all
from domain.orders.errors import PartlyShipped, TooLateToCancel, WrongState
from domain.orders.events import OrderCancelled
from domain.orders.models import Order
from domain.orders.states import CANCELLED, PAID, PLACED, TRANSITIONS
from domain.promotions.commands import give_back
from domain.shared.db import lock, utcnow
from domain.shared.outbox import record


def cancel(session: Session, *, order_id: UUID, actor: str, reason: str, restock: bool = True) -> None:
    """Cancel an order of which nothing has been shipped: free its stock, and give back what was paid.

    With `restock` False the units of a paid order are written off instead. A second time changes nothing. Raises
    PartlyShipped or WrongState. An open payment is cancelled at the gateway after the commit.
    """
    order = lock_order(session, order_id)
    if order.state == CANCELLED:
        return
    if CANCELLED not in TRANSITIONS[order.state]:
        raise WrongState(order.number, order.state, CANCELLED)
    if any(line.shipped for line in order.lines):
        raise PartlyShipped
    if order.state == PLACED:
        cancel_unpaid(session, order, actor=actor, reason=reason)
        return
    _give_up(session, order, actor=actor, reason=reason, restock=restock)
    ask_back_all(session, order, reason=reason, actor=actor)


def cancel_own(session: Session, *, order_id: UUID) -> None:
    """Cancel an order as its buyer may: until it is packed. Raises TooLateToCancel; a second time changes nothing."""
    order = lock_order(session, order_id)
    if order.state not in (PLACED, PAID, CANCELLED) or any(line.shipped for line in order.lines):
        raise TooLateToCancel
    cancel(session, order_id=order_id, actor=SHOPPER, reason="You cancelled the order.")


def cancel_unpaid(session: Session, order: Order, *, actor: str, reason: str) -> None:
    """Cancel a locked order that nobody has paid, give back the promotions it has used and free its stock."""
    give_back(session, [order.id])
    _give_up(session, order, actor=actor, reason=reason, restock=True)


def lock_unpaid(session: Session, order_ids: Sequence[UUID]) -> list[Order]:
    """Lock those of a cart's orders that are still unpaid, with their lines; the caller holds the cart."""
    if not order_ids:
        return []
    return [order for order in lock(session, Order, order_ids, selectinload(Order.lines)) if order.state == PLACED]


def replace_unpaid(session: Session, older: Sequence[Order], *, replaced_by: UUID, reserving: Iterable[UUID]) -> None:
    """Cancel the older unpaid orders of a cart, which are locked, in favour of a new one.

    The stock that is freed and the stock about to be reserved are locked together, in one order. The promotions that
    the older orders had used have passed on to the new one before.
    """
    if not older:
        return
    stock.hold(session, {*reserving, *(line.variant_id for order in older for line in order.lines)})
    for order in older:
        reason = "You placed a changed order instead."
        _give_up(session, order, actor=SHOPPER, reason=reason, restock=True, replaced_by=replaced_by)


def _give_up(
    session: Session, order: Order, *, actor: str, reason: str, restock: bool, replaced_by: UUID | None = None
) -> None:
    order.move_to(CANCELLED)
    order.cancelled_at = utcnow()
    order.expires_at = None
    quantities = {line.variant_id: line.unsent for line in order.lines if line.unsent}
    note(session, order, "replaced" if replaced_by else "cancelled", actor=actor, text=reason)
    record(session, OrderCancelled(order_id=order.id, reason=reason, replaced_by=replaced_by))
    session.flush()
    if restock:
        stock.release(session, quantities=quantities, order_id=order.id, actor=actor, reason=reason[:300])
    else:
        stock.write_off(session, quantities=quantities, order_id=order.id, actor=actor, reason=reason[:300])
    renew_token(session, cart_id=order.cart_id, old=order.checkout_token)
