"""Packing, shipping and delivering orders."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.catalog.commands import stock
from domain.orders.commands.load import lock_order, note
from domain.orders.errors import NothingToShip, WrongState
from domain.orders.events import OrderDelivered, OrderPacked, OrderShipped
from domain.orders.models import Order, Shipment, ShipmentLine
from domain.orders.states import DELIVERED, PACKED, PAID, SHIPPED
from domain.shared.db import utcnow
from domain.shared.outbox import record


def pack(session: Session, *, order_id: UUID, actor: str) -> None:
    """Note that a paid order is in its box; a second time changes nothing. Raises WrongState."""
    order = lock_order(session, order_id)
    if order.state == PACKED:
        return
    order.move_to(PACKED)
    note(session, order, "packed", actor=actor)
    record(session, OrderPacked(order_id=order.id))
    session.flush()


def ship(
    session: Session,
    *,
    order_id: UUID,
    actor: str,
    carrier: str,
    tracking_number: str,
    quantities: Mapping[UUID, int] | None = None,
    tracking_url: str | None = None,
) -> UUID:
    """Send a parcel with so many of each order line, or with all that is left, and return the shipment's id.

    The units leave the stock. With the last of them the order is shipped; until then it stays what it was. The same
    tracking number again is the same parcel and changes nothing. Raises WrongState or NothingToShip.
    """
    order = lock_order(session, order_id)
    carrier, tracking_number = " ".join(carrier.split())[:80], "".join(tracking_number.split())[:120]
    known = session.scalar(
        select(Shipment.id).where(Shipment.order_id == order_id, Shipment.tracking_number == tracking_number)
    )
    if known and tracking_number:
        return known
    if order.state not in (PAID, PACKED):
        raise WrongState(order.number, order.state, SHIPPED)
    left = {line.id: line.unsent for line in order.lines}
    if quantities is None:
        wanted = {line_id: quantity for line_id, quantity in left.items() if quantity}
    else:
        wanted = {line_id: quantity for line_id, quantity in quantities.items() if quantity}
    if not wanted or any(not 0 < quantity <= left.get(line_id, 0) for line_id, quantity in wanted.items()):
        raise NothingToShip

    shipment = Shipment(
        order_id=order.id, carrier=carrier, tracking_number=tracking_number, tracking_url=tracking_url,
        lines=[ShipmentLine(line_id=line_id, quantity=quantity) for line_id, quantity in wanted.items()],
    )  # fmt: skip
    session.add(shipment)
    for line in order.lines:
        line.shipped += wanted.get(line.id, 0)
    complete = not any(line.unsent for line in order.lines)
    if complete:
        order.move_to(SHIPPED)
    text = " ".join(part for part in (carrier, tracking_number) if part)
    note(session, order, "shipped" if complete else "partly_shipped", actor=actor, text=text)
    record(session, OrderShipped(order_id=order.id, shipment_id=shipment.id, complete=complete))
    session.flush()
    stock.sell(session, quantities=_by_variant(order, wanted), order_id=order.id, actor=actor)
    return shipment.id


def deliver(session: Session, *, order_id: UUID, actor: str) -> None:
    """Note that every parcel of a shipped order has arrived; a second time changes nothing. Raises WrongState."""
    order = lock_order(session, order_id)
    if order.state == DELIVERED:
        return
    order.move_to(DELIVERED)
    session.execute(
        update(Shipment).where(Shipment.order_id == order.id, Shipment.delivered_at.is_(None))
        .values(delivered_at=utcnow()).execution_options(synchronize_session=False)
    )  # fmt: skip
    note(session, order, "delivered", actor=actor)
    record(session, OrderDelivered(order_id=order.id))
    session.flush()


def _by_variant(order: Order, wanted: Mapping[UUID, int]) -> dict[UUID, int]:
    return {line.variant_id: wanted[line.id] for line in order.lines if line.id in wanted}
