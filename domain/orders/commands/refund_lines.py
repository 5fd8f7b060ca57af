"""Giving money back by line and delivery, so that any split of an order sums to exactly what was paid for it.

What `n` of a line's `q` units cost is `divide_half_up(paid * n, q)`; a refund gives the cost of all units refunded so
far less what was already given for them. The last refund of a line therefore takes the remainder, to the cent.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalog.commands import stock
from domain.orders.commands.load import lock_order, note
from domain.orders.commands.refund import ask_back
from domain.orders.errors import CannotRefund, NothingToRefund
from domain.orders.models import Order, OrderLine, RefundPart
from domain.orders.states import PACKED, PAID, SHIPPED
from domain.payments import queries as paid
from domain.payments.errors import RefundTooHigh
from domain.shared.money import divide_half_up


def refund_lines(
    session: Session,
    *,
    order_id: UUID,
    quantities: Mapping[UUID, int],
    delivery: int = 0,
    reason: str,
    actor: str,
    restock: bool = True,
) -> UUID:
    """Give back the price of so many units of each line, and an amount of the delivery, and return the refund's id.

    Amounts are minor units with their tax. Units that have not left the house are taken off the order first, and go
    back on sale unless `restock` is False. Raises CannotRefund, NothingToRefund and RefundTooHigh.
    """
    order = lock_order(session, order_id)
    payment = max(paid.captured_of_order(session, order_id), key=lambda one: one.captured - one.refunded, default=None)
    if payment is None or payment.captured == payment.refunded:
        raise NothingToRefund
    parts = list(_parts(session, order, {line: n for line, n in quantities.items() if n}, delivery))
    amount = sum(part["amount"] for part in parts)
    if amount < 1:
        raise CannotRefund("Choose at least one item, or an amount of the delivery, to give back.")
    if amount > payment.captured - payment.refunded:
        raise RefundTooHigh(payment.captured - payment.refunded)
    refund_id = ask_back(session, order, payment.id, amount=amount, reason=reason, actor=actor)
    session.add_all(RefundPart(order_id=order.id, refund_id=refund_id, **part) for part in parts)
    _withdraw(session, order, quantities, restock=restock, reason=reason, actor=actor)
    return refund_id


def refunded_units(session: Session, order_id: UUID) -> dict[UUID, int]:
    """Return how many units of each line were given back, or are being given back."""
    return {line_id: done.quantity for line_id, done in _done(session, order_id).items() if line_id}


def owed(price: int, quantity: int, units: int, given: int) -> int:
    """Return what is still to be given for the first `units` of `quantity` that cost `price`, `given` of it given."""
    return max(divide_half_up(price * units, quantity) - given, 0)


class _Done:
    """What was given back so far for a line, or for the delivery."""

    def __init__(self) -> None:
        self.quantity = self.amount = self.tax = 0


def _done(session: Session, order_id: UUID) -> dict[UUID | None, _Done]:
    done: dict[UUID | None, _Done] = defaultdict(_Done)
    for part in session.scalars(select(RefundPart).where(RefundPart.order_id == order_id)):
        done[part.line_id].quantity += part.quantity
        done[part.line_id].amount += part.amount
        done[part.line_id].tax += part.tax
    return done


def _parts(session: Session, order: Order, quantities: Mapping[UUID, int], delivery: int) -> Iterator[dict[str, Any]]:
    lines = {line.id: line for line in order.lines}
    if quantities.keys() - lines.keys():
        raise CannotRefund("Choose items of this order.")
    done = _done(session, order.id)
    for line_id, quantity in quantities.items():
        line, before = lines[line_id], done[line_id]
        if not 0 < quantity <= line.quantity - before.quantity:
            left = line.quantity - before.quantity
            raise CannotRefund(f"{line.title}: {left or 'none'} of {line.quantity} can still be refunded.")
        units = before.quantity + quantity
        yield {
            "line_id": line_id,
            "quantity": quantity,
            "amount": owed(_price(order, line), line.quantity, units, before.amount),
            "tax": owed(line.tax, line.quantity, units, before.tax),
        }
    if delivery:
        before, price = done[None], order.delivery + (0 if order.tax_included else order.delivery_tax)
        if not 0 < delivery <= price - before.amount:
            raise CannotRefund("The delivery cannot be refunded beyond what was paid for it.")
        tax = owed(order.delivery_tax, price, before.amount + delivery, before.tax)
        yield {"line_id": None, "quantity": 0, "amount": delivery, "tax": min(tax, delivery)}


def _price(order: Order, line: OrderLine) -> int:
    """What was paid for a line, tax in it."""
    return line.total + (0 if order.tax_included else line.tax)


def _withdraw(
    session: Session, order: Order, quantities: Mapping[UUID, int], *, restock: bool, reason: str, actor: str
) -> None:
    """Take refunded units that have not left the house off the order."""
    if order.state not in (PAID, PACKED):
        return
    freed: dict[UUID, int] = {}
    for line in order.lines:
        units = min(quantities.get(line.id, 0), line.unsent)
        if units:
            line.withdrawn += units
            freed[line.variant_id] = units
    if not freed:
        return
    if not any(line.unsent for line in order.lines) and any(line.shipped for line in order.lines):
        order.move_to(SHIPPED)
        note(session, order, "shipped", actor=actor, text="The rest of the order was refunded.")
    session.flush()
    move = stock.release if restock else stock.write_off
    move(session, quantities=freed, order_id=order.id, actor=actor, reason=reason[:300])
