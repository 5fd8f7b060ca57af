"""Goods that come back: asked for by the shopper, answered by staff, received, and the money given back."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from domain.catalog.commands import stock
from domain.orders.commands.load import lock_order, note
from domain.orders.commands.refund_lines import refund_lines, refunded_units
from domain.orders.errors import CannotReturn, NoSuchReturn, ReturnDecided
from domain.orders.events import ReturnApproved, ReturnReceived, ReturnRefused, ReturnRequested
from domain.orders.models import Order, Return, ReturnLine
from domain.orders.models.returns import APPROVED, RECEIVED, REFUSED, REQUESTED
from domain.orders.queries.returns import returnable
from domain.shared.db import utcnow
from domain.shared.outbox import record


def ask_return(
    session: Session,
    *,
    order_id: UUID,
    quantities: Mapping[UUID, int],
    reason: str,
    actor: str,
    now: datetime,
    days: int,
) -> UUID:
    """Ask to send back so many units of each line and return the return's id; raises CannotReturn.

    Only what was sent can come back, each unit once, within `days` of its arrival (or of its sending, while nobody
    has noted that it arrived).
    """
    order = lock_order(session, order_id)
    possible = returnable(session, order, now=now, days=days)
    wanted = {line_id: quantity for line_id, quantity in quantities.items() if quantity}
    if not possible:
        raise CannotReturn("Nothing of this order can be returned any more.")
    if not wanted:
        raise CannotReturn("Choose how many of at least one item you want to return.")
    if any(not 0 < quantity <= possible.get(line_id, 0) for line_id, quantity in wanted.items()):
        raise CannotReturn("You can return no more than you received and have not returned yet.")
    asked = Return(
        order_id=order.id,
        reason=reason[:500],
        lines=[ReturnLine(line_id=line_id, quantity=quantity) for line_id, quantity in wanted.items()],
    )
    session.add(asked)
    note(session, order, "return_requested", actor=actor, text=reason)
    record(session, ReturnRequested(order_id=order.id, return_id=asked.id))
    session.flush()
    return asked.id


def decide_return(session: Session, *, return_id: UUID, approve: bool, answer: str, actor: str) -> None:
    """Agree to a return or refuse it, with a word to the shopper; raises NoSuchReturn and ReturnDecided."""
    order, asked = _lock(session, return_id)
    wanted = APPROVED if approve else REFUSED
    if asked.state == wanted:
        return
    if asked.state != REQUESTED:
        raise ReturnDecided(asked.state)
    asked.state, asked.answer, asked.decided_at = wanted, answer[:1000], utcnow()
    note(session, order, f"return_{wanted}", actor=actor, text=answer)
    event = ReturnApproved if approve else ReturnRefused
    record(session, event(order_id=order.id, return_id=asked.id))
    session.flush()


def receive_return(
    session: Session,
    *,
    return_id: UUID,
    received: Mapping[UUID, int],
    restock: Collection[UUID],
    refund: bool,
    delivery: int = 0,
    actor: str,
) -> UUID | None:
    """Note what has come back, put the lines of `restock` on the shelf, and return the refund's id if one is wanted.

    A second time changes nothing. Raises NoSuchReturn, ReturnDecided, CannotReturn and what refund_lines raises.
    """
    order, asked = _lock(session, return_id)
    if asked.state == RECEIVED:
        return asked.refund_id
    if asked.state != APPROVED:
        raise ReturnDecided(asked.state)
    expected = {line.line_id: line for line in asked.lines}
    if any(not 0 <= received.get(line_id, 0) <= line.quantity for line_id, line in expected.items()):
        raise CannotReturn("Enter no more of an item than was to come back.")
    if received.keys() - expected.keys() or not any(received.values()):
        raise CannotReturn("Enter how many of at least one item have come back.")
    shelf: dict[UUID, int] = {}
    for line in order.lines:
        units = received.get(line.id, 0)
        if units:
            line.returned += units
            expected[line.id].received = units
            if line.id in restock:
                expected[line.id].restocked = units
                shelf[line.variant_id] = shelf.get(line.variant_id, 0) + units
    asked.state, asked.received_at = RECEIVED, utcnow()
    note(session, order, "return_received", actor=actor)
    record(session, ReturnReceived(order_id=order.id, return_id=asked.id))
    session.flush()
    if shelf:
        stock.restock(session, quantities=shelf, order_id=order.id, actor=actor, reason="Returned by the shopper.")
    if refund:
        done = refunded_units(session, order.id)
        owed = {line.id: min(received.get(line.id, 0), line.quantity - done.get(line.id, 0)) for line in order.lines}
        if any(owed.values()) or delivery:
            asked.refund_id = refund_lines(
                session, order_id=order.id, quantities=owed, delivery=delivery, reason="Returned goods", actor=actor
            )
            session.flush()
    return asked.refund_id


def _lock(session: Session, return_id: UUID) -> tuple[Order, Return]:
    """Lock the order of a return, and read the return as it then is."""
    order_id = session.scalar(select(Return.order_id).where(Return.id == return_id))
    if order_id is None:
        raise NoSuchReturn
    order = lock_order(session, order_id)
    asked = session.scalars(
        select(Return).options(selectinload(Return.lines)).where(Return.id == return_id)
        .execution_options(populate_existing=True)
    ).one()  # fmt: skip
    return order, asked
