"""Orders: listing them, packing, sending and delivering them, and cancelling one."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from flask import abort
from pydantic import Field
from sqlalchemy.orm import Session

from admin.access import actor, needs
from admin.api.shapes import orders as shapes
from admin.api.table import api
from admin.forms.orders import CancelForm, ShipForm
from domain.orders import commands, queries
from domain.orders.queries import AdminOrder
from web.api import Body, Query
from web.api.bodies import invalid
from web.api.cursors import Cursor, read_cursor, write_cursor
from web.api.deeds import deed
from web.api.forms import answers, refuse
from web.db import session

AREA = "Orders"


class OrderQuery(Query):
    """Which orders are listed; `q` is a number, an address, a name, a SKU or a tracking number."""

    state: Literal["placed", "paid", "packed", "shipped", "delivered", "cancelled", "refunded"] | None = None
    q: Annotated[str, Field(max_length=200)] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Cursor | None = None


class Sent(Body):
    """How many of a line are meant."""

    line_id: UUID
    quantity: Annotated[int, Field(ge=1, le=99_999)]


class NewParcel(Body):
    """A parcel: who carries it, under which number, and what is in it."""

    carrier: Annotated[str, Field(min_length=1, max_length=80)]
    tracking_number: Annotated[str, Field(min_length=1, max_length=120)]
    lines: Annotated[tuple[Sent, ...], Field(min_length=1, max_length=100, strict=False)]


class Cancellation(Body):
    """Why an order is cancelled, and whether its units go back on the shelf."""

    reason: Annotated[str, Field(min_length=1, max_length=300)]
    restock: bool = True


@api.get("/orders", area=AREA, query=OrderQuery, answer=shapes.OrderList)
@needs("orders:read")
def list_orders(query: OrderQuery) -> shapes.OrderList:
    """List orders, the newest first."""
    place = read_cursor(query.cursor, UUID)
    wanted = queries.OrderFilter(state=query.state or "", q=(query.q or "").strip())
    found = queries.order_list(session(), wanted, after=place[0] if place else None, limit=query.limit)
    return {
        "items": [shapes.order_card(row) for row in found.rows],
        "next": write_cursor([found.after]) if found.after else None,
    }


@api.get("/orders/<number>", area=AREA, answer=shapes.Order)
@needs("orders:read")
def show_order(number: str) -> shapes.Order:
    """Show all there is to know of an order."""
    return order_now(session(), number)


@api.post("/orders/<number>/packing", area=AREA, answer=shapes.Order, status=200)
@needs("orders:ship")
def pack_order(number: str) -> Any:
    """Note that an order is in its box."""
    return carry_out(number, lambda tx, order: commands.pack(tx, order_id=order.id, actor=actor()))


@api.post("/orders/<number>/shipments", area=AREA, body=NewParcel, answer=shapes.Order,
          example={"carrier": "An Post", "tracking_number": "CE123456789IE",
                   "lines": [{"line_id": "0192f0c1-7d5b-7000-8000-000000000001", "quantity": 1}]})  # fmt: skip
@needs("orders:ship")
def ship_order(body: NewParcel, number: str) -> Any:
    """Send a parcel with some or all of what is left; the shopper gets a mail."""
    named = {"carrier": body.carrier, "tracking_number": body.tracking_number}
    form = ShipForm(answers(named))
    refuse(form, {"carrier": "#/carrier", "tracking_number": "#/tracking_number"})

    def send(tx: Session, order: AdminOrder) -> None:
        typed = answers({f"quantity-{line}": units for line, units in units_of(body.lines, order).items()})
        quantities = form.read_quantities(typed, order) if order.can_ship else {}
        if form.form_errors:
            abort(invalid([{"pointer": "#/lines", "detail": str(words)} for words in form.form_errors]))
        commands.ship(
            tx,
            order_id=order.id,
            actor=actor(),
            carrier=form.carrier.data,
            tracking_number=form.tracking_number.data,
            quantities=quantities,
        )

    return carry_out(number, send, status=201)


@api.post("/orders/<number>/delivery", area=AREA, answer=shapes.Order, status=200)
@needs("orders:ship")
def deliver_order(number: str) -> Any:
    """Note that all of an order has arrived."""
    return carry_out(number, lambda tx, order: commands.deliver(tx, order_id=order.id, actor=actor()))


@api.post("/orders/<number>/cancellation", area=AREA, body=Cancellation, answer=shapes.Order, status=200,
          example={"reason": "The shopper asked for it"})  # fmt: skip
@needs("orders:cancel")
def cancel_order(body: Cancellation, number: str) -> Any:
    """Cancel an order as a whole; what was paid goes back."""
    form = CancelForm(answers({"reason": body.reason, "restock": body.restock}))
    refuse(form, {"reason": "#/reason"})
    return carry_out(
        number,
        lambda tx, order: commands.cancel(
            tx, order_id=order.id, actor=actor(), reason=form.reason.data, restock=body.restock
        ),
    )


def order_now(reader: Session, number: str) -> shapes.Order:
    """Write an order as it is now."""
    found = queries.admin_order(reader, number)
    return shapes.order(found, queries.refundable_units(reader, found.id))


def units_of(lines: Sequence[Sent], order: AdminOrder) -> dict[UUID, int]:
    """Return how many of each line are meant; answers 422 for a line that comes twice or is of another order."""
    known, units = {line.id for line in order.lines}, {line.line_id: line.quantity for line in lines}
    for index, line in enumerate(lines):
        if line.line_id not in known:
            abort(invalid([{"pointer": f"#/lines/{index}/line_id", "detail": "This order has no such line."}]))
    if len(units) < len(lines):
        abort(invalid([{"pointer": "#/lines", "detail": "Name each line once."}]))
    return units


def carry_out(number: str, action: Callable[[Session, AdminOrder], Any], *, status: int = 200) -> Any:
    """Do it in one transaction, and answer with the order as it then is."""
    with deed() as act:
        action(act.tx, queries.admin_order(act.tx, number))
        act.tx.flush()
        act.tx.expire_all()
        act.answers(order_now(act.tx, number), status=status)
    return act.answer
