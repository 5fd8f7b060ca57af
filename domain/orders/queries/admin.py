"""Orders as staff see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, Uuid, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, joinedload

from domain.orders.errors import NoSuchOrder
from domain.orders.models import Order, OrderLine, TimelineEntry
from domain.orders.number import clean
from domain.orders.queries.filters import EVERYTHING, NEWEST, SORTINGS, OrderFilter, conditions
from domain.orders.queries.find import MOST_WORDS, own
from domain.orders.queries.parts import (
    STATE_LABELS,
    DiscountView,
    OrderLineView,
    ShipmentView,
    TaxView,
    TimelineView,
    discount_views,
    line_views,
    shipment_views,
    tax_views,
    timeline_view,
)
from domain.orders.states import CANCELLED, PACKED, PAID, PLACED, SHIPPED, TRANSITIONS
from domain.payments import queries as paid
from domain.payments.queries import PaymentRecord, RefundRecord
from domain.shared.lists import MOST_AT_ONCE, Place, page_of
from domain.shared.money import Money

FEW = 1000
"""As many finds of a search are sorted; where there are more, a page is full soon."""


@dataclass(frozen=True, kw_only=True)
class OrderRow:
    """One line of a list of orders."""

    id: UUID
    number: str
    state: str
    state_label: str
    placed_at: datetime
    email: str
    name: str
    country: str
    units: int
    total: Money
    paid: bool
    tags: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OrderList:
    """Some orders; `after` asks for the next ones, None if there are none."""

    rows: tuple[OrderRow, ...]
    after: UUID | None


@dataclass(frozen=True, kw_only=True)
class AdminOrder:
    """An order with all that staff may see, and what can be done with it now."""

    id: UUID
    number: str
    access_key: str
    state: str
    state_label: str
    placed_at: datetime
    paid_at: datetime | None
    expires_at: datetime | None
    email: str
    phone: str | None
    shopper_id: UUID | None
    shipping_address: dict[str, str]
    billing_address: dict[str, str]
    delivery_name: str
    delivery_from: datetime
    delivery_to: datetime
    gateway: str
    lines: tuple[OrderLineView, ...]
    subtotal: Money
    discount: Money
    discounts: tuple[DiscountView, ...]
    delivery: Money
    tax: Money
    taxes: tuple[TaxView, ...]
    tax_included: bool
    total: Money
    shipments: tuple[ShipmentView, ...]
    timeline: tuple[TimelineView, ...]
    payments: tuple[PaymentRecord, ...]
    refunds: tuple[RefundRecord, ...]
    tags: tuple[str, ...]

    @property
    def can_pack(self) -> bool:
        """Whether it can be marked as packed."""
        return self.state == PAID

    @property
    def can_ship(self) -> bool:
        """Whether a parcel can be sent."""
        return self.state in (PAID, PACKED) and any(line.left for line in self.lines)

    @property
    def can_deliver(self) -> bool:
        """Whether it can be marked as delivered."""
        return self.state == SHIPPED

    @property
    def can_cancel(self) -> bool:
        """Whether it can be cancelled as a whole."""
        return CANCELLED in TRANSITIONS[self.state] and not any(line.shipped for line in self.lines)

    @property
    def refundable(self) -> Money:
        """What is left of the payment that has the most left."""
        left = [payment.captured - payment.refunded for payment in self.payments if payment.state == "captured"]
        return Money(max(left, default=0), self.total.currency)


def order_list(
    session: Session,
    wanted: OrderFilter = EVERYTHING,
    *,
    timezone: str = "UTC",
    after: UUID | Place | None = None,
    limit: int = 50,
) -> OrderList:
    """The orders that a filter means, by index at any size; one statement, and one more to look words up.

    Few finds are sorted. Where words mean many orders, the list is walked in its order until the page is full. Left to
    itself PostgreSQL takes one way for the other, as it cannot know how many names begin so.
    """
    meant = conditions(wanted, timezone)
    if wanted.q:
        few = session.scalars(select(Order.id).where(*meant).limit(FEW + 1)).all()
        if len(few) <= FEW:
            meant = [Order.id == any_(bindparam("few", few, ARRAY(Uuid)))]
    return _list(session, _rows().where(*meant), after=after, limit=limit, sort=wanted.sort)


def orders_by_number(session: Session, numbers: Sequence[str]) -> tuple[OrderRow, ...]:
    """The orders of some numbers, newest first; numbers that nobody has are left out."""
    return _list(
        session, _rows().where(Order.number.in_({clean(number) for number in numbers})), limit=MOST_AT_ONCE
    ).rows


def order_numbers(session: Session, order_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the numbers of some orders by their ids; no statement for none."""
    if not order_ids:
        return {}
    found = session.execute(select(Order.id, Order.number).where(Order.id.in_(order_ids)))
    return {row.id: row.number for row in found}


def shopper_orders(
    session: Session, shopper_id: UUID, *, q: str = "", after: UUID | None = None, limit: int = 20
) -> tuple[OrderList, dict[UUID, str]]:
    """A shopper's own orders, newest first, and the access key of each for its link; two statements.

    With `q` only those whose number, goods or SKUs hold these words.
    """
    statement = _rows().where(Order.shopper_id == shopper_id)
    for word in q.split()[:MOST_WORDS]:
        statement = statement.where(own(word))
    found = _list(session, statement, after=after, limit=limit)
    ids = [row.id for row in found.rows]
    keys = session.execute(select(Order.id, Order.access_key).where(Order.id.in_(ids), Order.shopper_id == shopper_id))
    return found, {row.id: row.access_key for row in keys}


def order_counts(session: Session) -> dict[str, int]:
    """How many orders wait for somebody, by state; only the states that are few at any size."""
    waiting = (PLACED, PAID, PACKED)
    rows = session.execute(
        select(Order.state, func.count().label("number")).where(Order.state.in_(waiting)).group_by(Order.state)
    )
    found = {row.state: row.number for row in rows}
    return dict.fromkeys(waiting, 0) | found


def admin_order(session: Session, number: str) -> AdminOrder:
    """An order by its number, with its payments, refunds and whole timeline; raises NoSuchOrder."""
    statement = select(Order).options(joinedload(Order.lines)).where(Order.number == clean(number))
    order = session.scalars(statement.execution_options(populate_existing=True)).unique().one_or_none()
    if order is None:
        raise NoSuchOrder
    timeline = session.scalars(
        select(TimelineEntry).where(TimelineEntry.order_id == order.id).order_by(TimelineEntry.id.desc())
    )
    return AdminOrder(
        id=order.id,
        number=order.number,
        access_key=order.access_key,
        state=order.state,
        state_label=STATE_LABELS[order.state],
        placed_at=order.created_at,
        paid_at=order.paid_at,
        expires_at=order.expires_at,
        email=order.email,
        phone=order.phone,
        shopper_id=order.shopper_id,
        shipping_address=order.shipping_address,
        billing_address=order.billing_address,
        delivery_name=order.delivery_name,
        delivery_from=order.delivery_from,
        delivery_to=order.delivery_to,
        gateway=order.gateway,
        lines=line_views(order),
        subtotal=Money(order.subtotal, order.currency),
        discount=Money(order.discount, order.currency),
        discounts=discount_views(order),
        delivery=Money(order.delivery, order.currency),
        tax=Money(order.tax, order.currency),
        taxes=tax_views(order),
        tax_included=order.tax_included,
        total=Money(order.total, order.currency),
        shipments=shipment_views(session, order),
        timeline=tuple(timeline_view(entry) for entry in timeline),
        payments=paid.of_order(session, order.id),
        refunds=paid.refunds_of_order(session, order.id),
        tags=tuple(order.tags),
    )


def _rows() -> Select[Order, int]:
    units = (
        select(func.coalesce(func.sum(OrderLine.quantity), 0)).where(OrderLine.order_id == Order.id).scalar_subquery()
    )
    return select(Order, units).order_by(Order.created_at.desc(), Order.id.desc())


def _list(
    session: Session,
    statement: Select[Order, int],
    *,
    after: UUID | Place | None = None,
    limit: int,
    sort: str = NEWEST,
) -> OrderList:
    found = session.execute(page_of(statement, SORTINGS[sort], after=after, limit=limit)).all()
    rows = tuple(
        OrderRow(
            id=order.id,
            number=order.number,
            state=order.state,
            state_label=STATE_LABELS[order.state],
            placed_at=order.created_at,
            email=order.email,
            name=str(order.shipping_address.get("name", "")),
            country=str(order.shipping_address.get("country", "")),
            units=units,
            total=Money(order.total, order.currency),
            paid=order.paid_at is not None,
            tags=tuple(order.tags),
        )
        for order, units in found[:limit]
    )
    return OrderList(rows=rows, after=rows[-1].id if len(found) > limit else None)
