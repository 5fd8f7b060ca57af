"""Returns as shoppers and staff see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, any_, func, select
from sqlalchemy.orm import Session, selectinload

from domain.orders.errors import NoSuchOrder, NoSuchReturn
from domain.orders.models import Order, OrderLine, RefundPart, Return, ReturnLine, Shipment, ShipmentLine
from domain.orders.models.returns import APPROVED, REQUESTED
from domain.orders.queries.find import matching
from domain.shared.lists import Filter, Sorting, known, page_of

RETURN_LABELS = {
    "requested": "Waiting for our answer",
    "approved": "Agreed; we wait for your parcel",
    "refused": "Not accepted",
    "received": "Received",
}

OPEN, CLOSED, ALL = "open", "closed", "all"
RETURNS_SHOWN = {OPEN: "Waiting", CLOSED: "Done", ALL: "All"}
RETURN_SORTINGS = {
    "newest": Sorting("Newest first", (Return.id,), falls=True),
    "oldest": Sorting("Oldest first", (Return.id,)),
}
"""By ids, which grow with time: a return that was dealt with meanwhile still has its place."""
RETURN_SORTS = {"": "As usual"} | {name: sorting.label for name, sorting in RETURN_SORTINGS.items()}


@dataclass(frozen=True, kw_only=True)
class ReturnLineView:
    """So many units of an order line that are to come back."""

    line_id: UUID
    sku: str
    title: str
    options_label: str
    quantity: int
    received: int
    restocked: int


@dataclass(frozen=True, kw_only=True)
class ReturnView:
    """A return with what was said about it."""

    id: UUID
    order_number: str
    email: str
    state: str
    label: str
    reason: str
    answer: str
    asked_at: datetime
    lines: tuple[ReturnLineView, ...]


@dataclass(frozen=True, kw_only=True)
class ReturnFilter(Filter):
    """Which returns are looked for: by the words that find their orders, and whether they still wait."""

    q: str = ""
    show: str = OPEN
    sort: str = ""

    @property
    def sorting(self) -> Sorting:
        """The order of the list; as long as nobody asks for one, those that have waited longest come first."""
        return RETURN_SORTINGS[self.sort or ("oldest" if self.show == OPEN else "newest")]


WAITING = ReturnFilter()


@dataclass(frozen=True)
class ReturnList:
    """Some returns; `after` asks for the next ones, None if there are none."""

    rows: tuple[ReturnView, ...]
    after: UUID | None


def returnable(session: Session, order: Order, *, now: datetime, days: int) -> dict[UUID, int]:
    """Return how many units of each line may still be sent back; an order's lines must be loaded.

    A unit's time runs from the arrival of its parcel, or from its sending while nobody has noted that it arrived.
    Two statements once something was sent, none before.
    """
    if not any(line.shipped > line.returned for line in order.lines):
        return {}
    arrived = func.coalesce(Shipment.delivered_at, Shipment.created_at)
    in_time = session.execute(
        select(ShipmentLine.line_id, func.sum(ShipmentLine.quantity).label("units"))
        .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
        .where(Shipment.order_id == order.id, arrived > now - timedelta(days=days))
        .group_by(ShipmentLine.line_id)
    )
    young = {row.line_id: int(row.units) for row in in_time}
    asked = session.execute(
        select(ReturnLine.line_id, func.sum(ReturnLine.quantity).label("units"))
        .join(Return, Return.id == ReturnLine.return_id)
        .where(Return.order_id == order.id, Return.state.in_((REQUESTED, APPROVED)))
        .group_by(ReturnLine.line_id)
    )
    waiting = {row.line_id: int(row.units) for row in asked}
    left = {
        line.id: min(young.get(line.id, 0), line.shipped - line.returned - waiting.get(line.id, 0))
        for line in order.lines
    }
    return {line_id: units for line_id, units in left.items() if units > 0}


@dataclass(frozen=True, kw_only=True)
class Aftercare:
    """What the buyer of an order that was sent can still do: `units` of each line can be sent back."""

    units: dict[UUID, int]
    returns: tuple[ReturnView, ...]


def aftercare(session: Session, order_id: UUID, *, now: datetime, days: int) -> Aftercare:
    """Return what can be sent back of an order, and what was asked so far; raises NoSuchOrder."""
    order = session.scalar(select(Order).options(selectinload(Order.lines)).where(Order.id == order_id))
    if order is None:
        raise NoSuchOrder
    return Aftercare(units=returnable(session, order, now=now, days=days), returns=returns_of_order(session, order_id))


def returns_of_order(session: Session, order_id: UUID) -> tuple[ReturnView, ...]:
    """The returns of an order, the oldest first."""
    return _views(session, select(Return).where(Return.order_id == order_id).order_by(Return.id))


def read_return_filter(words: Mapping[str, str]) -> ReturnFilter:
    """Read a filter out of an address; what makes no sense is left out."""
    return ReturnFilter(
        q=words.get("q", "").strip()[:200],
        show=known(words.get("show"), RETURNS_SHOWN, OPEN),
        sort=known(words.get("sort"), RETURN_SORTS),
    )


def return_list(
    session: Session, wanted: ReturnFilter = WAITING, *, after: UUID | None = None, limit: int = 100
) -> ReturnList:
    """Return what is asked for, from behind `after` on; usually what waits from the oldest, else from the newest."""
    found = select(Return)
    if wanted.show != ALL:
        open_ = Return.state.in_((REQUESTED, APPROVED))
        found = found.where(open_ if wanted.show == OPEN else ~open_)
    if wanted.q:
        orders = select(Order.id).where(matching(wanted.q))
        found = found.where(Return.order_id == any_(func.array(orders.scalar_subquery())))
    rows = _views(session, page_of(found, wanted.sorting, after=after, limit=limit))
    return ReturnList(rows[:limit], rows[limit - 1].id if len(rows) > limit else None)


def one_return(session: Session, return_id: UUID) -> ReturnView:
    """One return; raises NoSuchReturn."""
    found = _views(session, select(Return).where(Return.id == return_id))
    if not found:
        raise NoSuchReturn
    return found[0]


def refundable_units(session: Session, order_id: UUID) -> dict[UUID, int]:
    """Return how many units of each line have not been given back yet."""
    done = (
        select(RefundPart.line_id, func.sum(RefundPart.quantity).label("units"))
        .where(RefundPart.order_id == order_id)
        .group_by(RefundPart.line_id)
        .subquery()
    )
    rows = session.execute(
        select(OrderLine.id, (OrderLine.quantity - func.coalesce(done.c.units, 0)).label("left"))
        .outerjoin(done, done.c.line_id == OrderLine.id)
        .where(OrderLine.order_id == order_id)
    )
    return {row.id: int(row.left) for row in rows}


def _views(session: Session, statement: Select[Return]) -> tuple[ReturnView, ...]:
    found = session.scalars(
        statement.options(selectinload(Return.lines)).execution_options(populate_existing=True)
    ).all()
    if not found:
        return ()
    orders = {
        row.id: row
        for row in session.execute(
            select(Order.id, Order.number, Order.email).where(Order.id.in_({one.order_id for one in found}))
        )
    }
    ids = {line.line_id for one in found for line in one.lines}
    lines = {line.id: line for line in session.scalars(select(OrderLine).where(OrderLine.id.in_(ids)))}
    return tuple(
        ReturnView(
            id=one.id,
            order_number=orders[one.order_id].number,
            email=orders[one.order_id].email,
            state=one.state,
            label=RETURN_LABELS[one.state],
            reason=one.reason,
            answer=one.answer,
            asked_at=one.created_at,
            lines=tuple(
                ReturnLineView(
                    line_id=part.line_id,
                    sku=lines[part.line_id].sku,
                    title=lines[part.line_id].title,
                    options_label=lines[part.line_id].options,
                    quantity=part.quantity,
                    received=part.received,
                    restocked=part.restocked,
                )
                for part in sorted(one.lines, key=lambda part: lines[part.line_id].position)
            ),
        )
        for one in found
    )
