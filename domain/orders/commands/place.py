"""Placing an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from domain.cart.commands import close, hold
from domain.catalog.commands import stock
from domain.catalog.errors import StockShort
from domain.orders.commands.cancel import lock_unpaid, replace_unpaid
from domain.orders.commands.load import SHOPPER, note
from domain.orders.errors import BuyerBlocked, EmptyCart, IncompleteCheckout, OutOfStock, QuoteChanged
from domain.orders.events import OrderPaid, OrderPlaced
from domain.orders.link import new_access_key
from domain.orders.models import Order, OrderLine
from domain.orders.number import new_number
from domain.orders.queries.summary import Summary, checkout_summary
from domain.orders.quote import Quote
from domain.orders.states import PAID, PLACED
from domain.payments.gateways.port import SHORT_HOLD
from domain.promotions.commands import Use, redeem
from domain.promotions.errors import PromotionGone
from domain.shared.db import Base, utcnow
from domain.shared.outbox import record
from domain.shared.quick import Prepared, one, rows
from domain.users.queries.customers import is_blocked

"""How long stock is kept for an order that is not paid, by card."""


@dataclass(frozen=True, kw_only=True)
class Owes:
    """What a new order's payment needs, so that nobody has to read the order again for it."""

    gateway: str
    amount: int
    currency: str
    email: str


@dataclass(frozen=True, kw_only=True)
class Placed:
    """An order; `created` is False where the same submit had placed it before.

    `owes` is what there is to pay for a new order, its amount in minor units.
    """

    order_id: UUID
    number: str
    access_key: str
    created: bool
    owes: Owes | None = None


_KNOWN = Prepared.of(
    select(Order.id, Order.number, Order.access_key, Order.checkout_token)
    .where(
        Order.cart_id == bindparam("cart_id"),
        (Order.checkout_token == bindparam("token")) | (Order.state == PLACED),
    )
    .order_by(Order.id)
)


def place_order(
    session: Session,
    *,
    cart_id: UUID,
    token: UUID,
    agreed_total: int,
    gateway: str,
    currency: str,
    country: str,
    now: datetime | None = None,
    shopper_id: UUID | None = None,
    tax_included: bool = True,
    patience: timedelta = SHORT_HOLD,
) -> Placed:
    """Turn a cart into an order: check what was agreed, freeze it, reserve the stock, tell the rest of the shop.

    The cart's lock comes first, so a double submit waits here and then finds the first one's order by its token; the
    token's unique index is the last word. The cart itself stays until the order is paid.

    An order that nobody has paid within `patience` is given up; each gateway names its own.

    Prices, stock and delivery are checked again at this moment: raises EmptyCart, IncompleteCheckout, BuyerBlocked,
    QuoteChanged or OutOfStock, and the caller's rollback leaves everything as it was.

    An older unpaid order of the same cart, made before the shopper changed something, is cancelled here and its stock
    freed, or the shopper would compete with themselves for the last unit. Its open payment, if any, is cancelled at
    the gateway after the commit, since no gateway is called while rows are locked. Should the shopper pay it in that
    moment all the same, `settle_payment` sees a cancelled order that another one has replaced and gives the money back
    by itself: never two charges kept for one cart.
    """
    now = now or utcnow()
    held = hold(session, cart_id)
    known = rows(session, _KNOWN, {"cart_id": cart_id, "token": token})
    for row in known:
        if row.checkout_token == token:
            return Placed(order_id=row.id, number=row.number, access_key=row.access_key, created=False)
    if not held:
        raise EmptyCart
    summary = checkout_summary(session, cart_id, currency=currency, country=country, now=now, tax_included=tax_included)
    _check(summary, token=token, agreed_total=agreed_total)
    if summary.checkout.email and is_blocked(session, summary.checkout.email):
        raise BuyerBlocked

    order = _snapshot(
        summary, cart_id=cart_id, token=token, gateway=gateway, now=now, patience=patience, shopper_id=shopper_id
    )
    placed = _insert(session, order)
    if not placed.created:
        return placed
    quantities = {line.variant_id: line.quantity for line in summary.cart.lines}
    older = lock_unpaid(session, [row.id for row in known])
    _redeem(session, order, summary.quote, instead_of=[one.id for one in older])
    replace_unpaid(session, older, replaced_by=order.id, reserving=quantities)
    session.execute(_INSERT_LINES, _lines(summary, order))
    note(session, order, "placed", actor=SHOPPER)
    units = sum(quantities.values())
    record(session, OrderPlaced(order_id=order.id, number=order.number, total=summary.quote.total, units=units))
    if order.total == 0:
        note(session, order, "paid", actor=SHOPPER, text="There was nothing to pay.")
        record(session, OrderPaid(order_id=order.id, payment_id=None))
        close(session, cart_id=cart_id, bought=quantities)
    # Last, so that a variant everybody wants is locked for as short as can be.
    try:
        stock.reserve(session, quantities=quantities, order_id=order.id, actor=SHOPPER)
    except StockShort as short:
        raise OutOfStock(
            {line.sku: short.left[line.variant_id] for line in summary.cart.lines if line.variant_id in short.left}
        ) from short
    return placed


def _check(summary: Summary, *, token: UUID, agreed_total: int) -> None:
    cart, checkout, quote = summary.cart, summary.checkout, summary.quote
    if not cart.lines:
        raise EmptyCart
    if checkout.step != "review":
        raise IncompleteCheckout(checkout.step)
    if quote.method is None:
        raise IncompleteCheckout("delivery")
    if cart.has_problem:
        raise OutOfStock({line.sku: line.available if line.on_sale else 0 for line in cart.lines if line.problem})
    if checkout.token != token or quote.total.amount != agreed_total:
        raise QuoteChanged(f"{summary.code_problem} Please check your order again." if summary.code_problem else None)


def _redeem(session: Session, order: Order, quote: Quote, *, instead_of: Sequence[UUID]) -> None:
    """Use up the promotions that the quote counts on; one that is gone this moment makes it another quote."""
    uses = [
        Use(promotion_id=one.promotion_id, name=one.label, code=one.code, amount=one.amount.amount)
        for one in quote.discounts
        if one.promotion_id is not None
    ]
    try:
        redeem(session, order_id=order.id, email=order.email, uses=uses, instead_of=instead_of)
    except PromotionGone as gone:
        raise QuoteChanged(str(gone)) from gone


def _snapshot(
    summary: Summary,
    *,
    cart_id: UUID,
    token: UUID,
    gateway: str,
    now: datetime,
    patience: timedelta,
    shopper_id: UUID | None,
) -> Order:
    checkout, quote = summary.checkout, summary.quote
    if quote.method is None or checkout.email is None or checkout.shipping_address is None:
        raise IncompleteCheckout(checkout.step)
    free = quote.total.amount == 0
    return Order(
        number=new_number(),
        state=PAID if free else PLACED,
        checkout_token=token,
        cart_id=cart_id,
        shopper_id=shopper_id,
        access_key=new_access_key(),
        email=checkout.email,
        phone=checkout.phone,
        shipping_address=checkout.shipping_address,
        billing_address=checkout.billing_address or checkout.shipping_address,
        delivery_method=quote.method.code,
        delivery_name=quote.method.name,
        delivery_from=_noon(quote.method.arrives_from),
        delivery_to=_noon(quote.method.arrives_to),
        gateway=gateway,
        currency=quote.total.currency,
        tax_included=quote.tax_included,
        subtotal=quote.subtotal.amount,
        discount=quote.discount.amount,
        delivery=quote.delivery.amount,
        delivery_tax=quote.delivery_tax.amount,
        tax=quote.tax.amount,
        taxes=[
            {
                "name": one.name,
                "basis_points": str(one.basis_points),
                "net": one.net.amount,
                "amount": one.amount.amount,
                "delivery": one.delivery.amount,
            }
            for one in quote.taxes
        ],
        total=quote.total.amount,
        discounts=[
            {
                "label": one.label,
                "code": one.code,
                "amount": one.amount.amount,
                "shares": list(one.shares),
                "free_delivery": one.free_delivery,
                "promotion_id": str(one.promotion_id) if one.promotion_id else None,
            }
            for one in quote.discounts
        ],
        expires_at=None if free else now + patience,
        paid_at=now if free else None,
        created_at=now,
        updated_at=now,
    )


def _lines(summary: Summary, order: Order) -> list[dict[str, Any]]:
    return [
        {
            "id": uuid7(),
            "created_at": order.created_at,
            "order_id": order.id,
            "position": position,
            "variant_id": line.variant_id,
            "product_slug": line.product_slug,
            "sku": line.sku,
            "title": line.title,
            "options": line.options_label,
            "picture": line.picture_json,
            "unit_price": quoted.unit_price.amount,
            "quantity": quoted.quantity,
            "discount": quoted.discount.amount,
            "total": quoted.total.amount,
            "tax": quoted.tax.amount,
            "tax_name": quoted.tax_name,
            "tax_basis_points": quoted.tax_basis_points,
            "shipped": 0,
            "withdrawn": 0,
            "returned": 0,
        }
        for position, (line, quoted) in enumerate(zip(summary.cart.lines, summary.quote.lines, strict=True))
    ]


_COLUMNS = [attribute.key for attribute in inspect(Order).column_attrs]
_INSERT = Prepared.of(
    insert(Base.metadata.tables["orders.orders"])
    .values({key: bindparam(key) for key in _COLUMNS})
    .on_conflict_do_nothing()
    .returning(inspect(Order).columns["id"])
)


_INSERT_LINES = insert(Base.metadata.tables["orders.lines"]).values(
    {attribute.key: bindparam(attribute.key) for attribute in inspect(OrderLine).column_attrs}
)


def _insert(session: Session, order: Order) -> Placed:
    """Insert the order's row; a token that is taken gives the order that took it, a number that is taken a new one."""
    for _ in range(5):
        values: dict[str, Any] = {key: getattr(order, key) for key in _COLUMNS}
        if one(session, _INSERT, values):
            owes = Owes(gateway=order.gateway, amount=order.total, currency=order.currency, email=order.email)
            return Placed(
                order_id=order.id,
                number=order.number,
                access_key=order.access_key,
                created=True,
                owes=owes if order.total else None,
            )
        first = session.execute(
            select(Order.id, Order.number, Order.access_key).where(
                Order.checkout_token == order.checkout_token, Order.cart_id == order.cart_id
            )
        ).one_or_none()
        if first:
            return Placed(order_id=first.id, number=first.number, access_key=first.access_key, created=False)
        order.number = new_number()
    raise QuoteChanged


def _noon(day: date) -> datetime:
    """A day as a moment that is the same day in nearly every time zone."""
    return datetime.combine(day, time(12), UTC)
