"""Money back by line, delivery or amount; goods that come back; and transfers that staff answer for."""

from typing import Annotated, Any, Literal
from uuid import UUID

from flask import abort, current_app
from pydantic import Field
from sqlalchemy.orm import Session

from admin.access import actor, needs
from admin.api.amounts import Price, minor_units
from admin.api.orders import Sent, carry_out, order_now, units_of
from admin.api.shapes import orders as shapes
from admin.api.table import api
from admin.forms.fields import format_amount
from admin.forms.returns import DecisionForm, RefundForm
from domain.orders import commands, queries
from domain.orders.queries import AdminOrder
from domain.payments.errors import NoSuchPayment
from web.api import Body, Query
from web.api.bodies import invalid
from web.api.cursors import Cursor, read_cursor, write_cursor
from web.api.deeds import deed
from web.api.forms import answers, refuse
from web.db import session
from web.settings import shop_settings

AREA = "Returns and refunds"


class NewRefund(Body):
    """What is given back: units of lines and a part of the delivery, or a plain `amount`."""

    reason: Annotated[str, Field(min_length=1, max_length=300, description="In words that the shopper may read.")]
    lines: Annotated[tuple[Sent, ...], Field(max_length=100, strict=False)] = ()
    delivery: Price | None = None
    amount: Price | None = None
    restock: Annotated[bool, Field(description="Whether units that were not sent go back on sale.")] = True


class ReturnQuery(Query):
    """Which of the open returns are listed."""

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Cursor | None = None


class Decision(Body):
    """Whether a return is agreed to, and a line to the shopper: where to send it, or why not."""

    decision: Literal["approve", "refuse"]
    answer: Annotated[str, Field(min_length=1, max_length=1000)]


class Received(Body):
    """How many of a line have come back, and whether they go on the shelf."""

    line_id: UUID
    received: Annotated[int, Field(ge=0, le=99_999)]
    restock: bool = True


class Receipt(Body):
    """What has come back; with `refund` the money for it goes back at once."""

    lines: Annotated[tuple[Received, ...], Field(min_length=1, max_length=100, strict=False)]
    refund: bool = True


class Arrived(Body):
    """How much money has arrived."""

    amount: Price


@api.post("/orders/<number>/refunds", area=AREA, body=NewRefund, answer=shapes.Order, once=True,
          example={"reason": "One came broken", "delivery": {"amount": 100, "currency": "EUR"},
                   "lines": [{"line_id": "0192f0c1-7d5b-7000-8000-000000000001", "quantity": 1}]})  # fmt: skip
@needs("orders:refund")
def refund_order(body: NewRefund, number: str) -> Any:
    """Give money back; the shopper gets a mail once it is sent.

    Never more than was paid, and no unit twice. It takes an Idempotency-Key, since two refunds of one amount can be
    meant.
    """
    currency = shop_settings().currency
    typed = {
        name: format_amount(minor_units(price, f"#/{name}"), currency) if price else None
        for name, price in (("delivery", body.delivery), ("amount", body.amount))
    }
    form = RefundForm(answers({"reason": body.reason, "restock": body.restock, **typed}))
    refuse(form, {name: f"#/{name}" for name in ("reason", "delivery", "amount")})
    with deed(needs_key=True) as act:
        order = queries.admin_order(act.tx, number)
        quantities = units_of(body.lines, order)
        if not form.says_one_thing(quantities):
            abort(invalid([{"pointer": "#", "detail": str(form.form_errors[0])}]))
        form.carry_out(act.tx, order_id=order.id, quantities=quantities, actor=actor())
        act.answers(order_now(act.tx, number))
    return act.answer


@api.post("/orders/<number>/payments/<uuid:payment_id>/confirmation", area=AREA, body=Arrived, answer=shapes.Order,
          status=200, example={"amount": {"amount": 1700, "currency": "EUR"}})  # fmt: skip
@needs("payments:confirm")
def confirm_payment(body: Arrived, number: str, payment_id: UUID) -> Any:
    """Note that a transfer has arrived; another amount than the order's goes back by itself."""
    amount = minor_units(body.amount, "#/amount")

    def confirm(tx: Session, order: AdminOrder) -> None:
        if payment_id not in {payment.id for payment in order.payments}:
            raise NoSuchPayment
        commands.confirm_transfer(tx, payment_id=payment_id, amount=amount, gateways=_by_hand(), actor=actor())

    return carry_out(number, confirm)


@api.post("/orders/<number>/refunds/<uuid:refund_id>/confirmation", area=AREA, answer=shapes.Order, status=200)
@needs("payments:confirm")
def confirm_refund(number: str, refund_id: UUID) -> Any:
    """Note that money was transferred back."""

    def confirm(tx: Session, order: AdminOrder) -> None:
        if refund_id not in {refund.id for refund in order.refunds}:
            raise NoSuchPayment
        commands.confirm_refund(tx, refund_id=refund_id, gateways=_by_hand(), actor=actor())

    return carry_out(number, confirm)


@api.get("/returns", area=AREA, query=ReturnQuery, answer=shapes.ReturnList)
@needs("orders:read")
def list_returns(query: ReturnQuery) -> shapes.ReturnList:
    """List the returns that wait for an answer or a parcel, the oldest first."""
    place = read_cursor(query.cursor, UUID)
    found = queries.return_list(session(), after=place[0] if place else None, limit=query.limit)
    return {
        "items": [shapes.returned(one) for one in found.rows],
        "next": write_cursor([found.after]) if found.after else None,
    }


@api.get("/returns/<uuid:return_id>", area=AREA, answer=shapes.ReturnShape)
@needs("orders:read")
def show_return(return_id: UUID) -> shapes.ReturnShape:
    """Show a return."""
    return shapes.returned(queries.one_return(session(), return_id))


@api.post("/returns/<uuid:return_id>/decision", area=AREA, body=Decision, answer=shapes.ReturnShape, status=200,
          example={"decision": "approve", "answer": "Send it to 1 Harbour Row."})  # fmt: skip
@needs("orders:refund")
def decide_return(body: Decision, return_id: UUID) -> Any:
    """Agree to a return or refuse it; the shopper gets the answer by mail."""
    form = DecisionForm(answers(body.model_dump()))
    refuse(form, {"decision": "#/decision", "answer": "#/answer"})
    with deed() as act:
        commands.decide_return(
            act.tx, return_id=return_id, approve=form.approve, answer=form.answer.data or "", actor=actor()
        )
        act.answers(shapes.returned(queries.one_return(act.tx, return_id)), status=200)
    return act.answer


@api.post("/returns/<uuid:return_id>/receipt", area=AREA, body=Receipt, answer=shapes.ReturnShape, status=200,
          example={"lines": [{"line_id": "0192f0c1-7d5b-7000-8000-000000000001", "received": 1,
                              "restock": True}]})  # fmt: skip
@needs("orders:refund")
def receive_return(body: Receipt, return_id: UUID) -> Any:
    """Note what has come back, put it on the shelf, and give the money back; a second time changes nothing."""
    received = {line.line_id: line.received for line in body.lines}
    if len(received) < len(body.lines):
        abort(invalid([{"pointer": "#/lines", "detail": "Name each line once."}]))
    with deed() as act:
        commands.receive_return(
            act.tx,
            return_id=return_id,
            received=received,
            restock={line.line_id for line in body.lines if line.restock},
            refund=body.refund,
            actor=actor(),
        )
        act.answers(shapes.returned(queries.one_return(act.tx, return_id)), status=200)
    return act.answer


def _by_hand() -> frozenset[str]:
    return frozenset(name for name, gateway in current_app.extensions["gateways"].items() if gateway.by_hand)
