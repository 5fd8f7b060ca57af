"""Stock: how many there are, what came in, and what was counted."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from admin.access import actor, needs
from admin.api.shapes import products as shapes
from admin.api.table import api
from admin.forms.fields import HIGHEST_COUNT
from admin.forms.inventory import CountForm, ReceiptForm
from domain.catalog import commands, queries
from domain.catalog.commands import stock
from web.api import Body, Query
from web.api.cursors import Cursor, read_cursor, write_cursor
from web.api.deeds import deed
from web.api.forms import answers, refuse
from web.api.matching import match
from web.db import session, transaction

AREA = "Inventory"
Count = Annotated[int, Field(ge=0, le=HIGHEST_COUNT)]


class LevelQuery(Query):
    """Which levels are listed; `q` is part of a SKU or a title."""

    q: Annotated[str, Field(max_length=200)] = ""
    low: Annotated[bool, Field(description="Only those at the mark at which staff are warned, or below.")] = False
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Cursor | None = None


class LedgerQuery(Query):
    """Which lines of a ledger are listed."""

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Cursor | None = None


class Receipt(Body):
    """New units came in."""

    quantity: Annotated[int, Field(ge=1, le=HIGHEST_COUNT)]
    reason: Annotated[str, Field(max_length=300)] = ""


class Counted(Body):
    """Somebody counted the shelf; `seen` is what the books said when they began."""

    seen: Annotated[int, Field(ge=-HIGHEST_COUNT, le=HIGHEST_COUNT)]
    on_hand: Count
    reason: Annotated[str, Field(min_length=1, max_length=300)]


class Selling(Body):
    """Whether it is sold when it is out, and at how many left staff are warned."""

    sell_when_out: bool
    low_at: Count


@api.get("/inventory", area=AREA, query=LevelQuery, answer=shapes.LevelList)
@needs("inventory:read")
def list_levels(query: LevelQuery) -> shapes.LevelList:
    """List stock levels in the order of the SKUs."""
    place = read_cursor(query.cursor, str)
    found = queries.stock_levels(
        session(), q=query.q or None, low_only=query.low, after=place[0] if place else None, limit=query.limit
    )
    return {
        "items": [shapes.level(row) for row in found.rows],
        "next": write_cursor([found.after]) if found.after else None,
    }


@api.get("/inventory/<uuid:variant_id>", area=AREA, answer=shapes.Level)
@needs("inventory:read")
def show_level(variant_id: UUID) -> shapes.Level:
    """Show how many of a variant there are."""
    return shapes.level(queries.stock_level(session(), variant_id))


@api.get("/inventory/<uuid:variant_id>/movements", area=AREA, query=LedgerQuery, answer=shapes.MovementList)
@needs("inventory:read")
def list_movements(query: LedgerQuery, variant_id: UUID) -> shapes.MovementList:
    """Show why the number is what it is: every change to it, the newest first."""
    place = read_cursor(query.cursor, int)
    queries.stock_level(session(), variant_id)
    ledger = queries.movements(session(), variant_id, after=place[0] if place else None, limit=query.limit)
    return {
        "items": [shapes.movement(row) for row in ledger.rows],
        "next": None if ledger.after is None else write_cursor([ledger.after]),
    }


@api.post("/inventory/<uuid:variant_id>/receipts", area=AREA, body=Receipt, answer=shapes.Level,
          example={"quantity": 24, "reason": "Delivery 4711"})  # fmt: skip
@needs("inventory:write")
def receive_units(body: Receipt, variant_id: UUID) -> Any:
    """Put new units on the shelf."""
    form = ReceiptForm(answers({"quantity": body.quantity, "reason": body.reason}))
    refuse(form, {"quantity": "#/quantity", "reason": "#/reason"})
    with deed() as act:
        commands.receive(act.tx, quantities={variant_id: body.quantity}, actor=actor(), reason=form.reason.data or "")
        act.tx.flush()
        act.answers(shapes.level(queries.stock_level(act.tx, variant_id)))
    return act.answer


@api.post("/inventory/<uuid:variant_id>/counts", area=AREA, body=Counted, answer=shapes.Level,
          example={"seen": 10, "on_hand": 9, "reason": "One broke in store"})  # fmt: skip
@needs("inventory:write")
def count_units(body: Counted, variant_id: UUID) -> Any:
    """Set what was counted, unless the number has moved since."""
    form = CountForm(answers(body.model_dump()))
    refuse(form, {"on_hand": "#/on_hand", "seen": "#/seen", "reason": "#/reason"})
    with deed() as act:
        commands.recount(
            act.tx,
            variant_id=variant_id,
            seen=body.seen,
            on_hand=body.on_hand,
            reason=form.reason.data,
            actor=actor(),
        )
        act.tx.flush()
        act.answers(shapes.level(queries.stock_level(act.tx, variant_id)))
    return act.answer


@api.put("/inventory/<uuid:variant_id>/selling", area=AREA, body=Selling, answer=shapes.Level,
         example={"sell_when_out": False, "low_at": 3})  # fmt: skip
@needs("inventory:write")
def set_selling(body: Selling, variant_id: UUID) -> shapes.Level:
    """Say whether the variant is sold when it is out, and at how many left staff are warned."""
    with transaction() as tx:
        stock.hold(tx, [variant_id])
        match(shapes.level(queries.stock_level(tx, variant_id)))
        commands.set_selling(tx, variant_id=variant_id, sell_when_out=body.sell_when_out, low_at=body.low_at)
        tx.flush()
        return shapes.level(queries.stock_level(tx, variant_id))
