"""What invoices, credit notes and packing slips say, as plain values for whoever draws them."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from domain.orders.errors import NoSuchOrder, NoSuchPaper
from domain.orders.models import Order, OrderLine, Paper, RefundPart
from domain.orders.models.papers import CREDIT_NOTE, INVOICE
from domain.orders.tax.papers import Left, Part, Rows, label_of, left_of, sum_up
from domain.payments import queries as paid
from domain.shared.money import Money
from domain.shared.quick import Prepared, rows

PREFIXES = {"invoice": "INV", "credit_note": "CN"}


@dataclass(frozen=True, kw_only=True)
class PaperLink:
    """A paper of an order, by the code that its address and its heading show."""

    code: str
    kind: str
    issued_at: datetime


@dataclass(frozen=True, kw_only=True)
class PaperLine:
    """So many of one thing; `total` after its discount, tax in it or not as the paper says."""

    title: str
    sku: str
    quantity: int
    unit_price: Money | None
    total: Money


@dataclass(frozen=True, kw_only=True)
class TaxRow:
    """What was taxed at one rate: `net` plus `tax` is `gross`."""

    label: str
    net: Money
    tax: Money
    gross: Money


@dataclass(frozen=True, kw_only=True)
class PaperView:
    """An invoice or a credit note; `sums` are the rows between the lines and the total."""

    kind: str
    code: str
    issued_at: datetime
    order_number: str
    ordered_at: datetime
    billing_address: dict[str, Any]
    shipping_address: dict[str, Any]
    lines: tuple[PaperLine, ...]
    sums: tuple[tuple[str, Money], ...]
    taxes: tuple[TaxRow, ...]
    total: Money
    tax_included: bool
    note: str


@dataclass(frozen=True, kw_only=True)
class SlipView:
    """What goes into the box: the address, and how many of what are still to be sent."""

    order_number: str
    ordered_at: datetime
    shipping_address: dict[str, Any]
    delivery_name: str
    lines: tuple[PaperLine, ...]


def code_of(kind: str, number: int) -> str:
    """Return a paper's code: INV-000042."""
    return f"{PREFIXES[kind]}-{number:06}"


_LINKS = Prepared(
    "SELECT kind, number, created_at FROM orders.papers WHERE order_id = :order_id ORDER BY id",
    "kind number created_at",
)


def papers_of_order(session: Session, order_id: UUID) -> tuple[PaperLink, ...]:
    """The papers of an order, the oldest first."""
    return tuple(
        PaperLink(code=code_of(kind, number), kind=kind, issued_at=issued_at)
        for kind, number, issued_at in rows(session, _LINKS, {"order_id": order_id})
    )


def paper(session: Session, order_id: UUID, code: str) -> PaperView:
    """Return one paper of an order by its code; raises NoSuchPaper."""
    papers = session.scalars(select(Paper).where(Paper.order_id == order_id))
    found = next((one for one in papers if code_of(one.kind, one.number) == code.upper()), None)
    if found is None:
        raise NoSuchPaper
    order = _order(session, order_id)
    return _invoice(order, found) if found.kind == INVOICE else _credit_note(session, order, found)


def slip(session: Session, order_id: UUID) -> SlipView:
    """Return what a packing slip says; once all is sent, the whole order. Raises NoSuchOrder."""
    return _slip(_order(session, order_id))


def slips(session: Session, order_ids: Sequence[UUID]) -> tuple[SlipView, ...]:
    """Return the packing slips of many orders, in this order; two statements."""
    found = _orders(session, order_ids)
    return tuple(_slip(found[order_id]) for order_id in order_ids if order_id in found)


def invoices(session: Session, order_ids: Sequence[UUID]) -> tuple[PaperView, ...]:
    """Return the invoices of those orders that have one, in this order; three statements."""
    found = _orders(session, order_ids)
    rows = session.scalars(select(Paper).where(Paper.order_id.in_(order_ids), Paper.kind == INVOICE))
    issued = {row.order_id: row for row in rows}
    return tuple(_invoice(found[one], issued[one]) for one in order_ids if one in found and one in issued)


def _slip(order: Order) -> SlipView:
    all_sent = not any(line.unsent for line in order.lines)
    return SlipView(
        order_number=order.number,
        ordered_at=order.created_at,
        shipping_address=order.shipping_address,
        delivery_name=order.delivery_name,
        lines=tuple(
            PaperLine(
                title=_title(line.title, line.options),
                sku=line.sku,
                quantity=line.quantity if all_sent else line.unsent,
                unit_price=None,
                total=Money(line.total, order.currency),
            )
            for line in order.lines
            if all_sent or line.unsent
        ),
    )


def _invoice(order: Order, found: Paper) -> PaperView:
    money = _money(order)
    lines = tuple(
        PaperLine(
            title=_title(line.title, line.options),
            sku=line.sku,
            quantity=line.quantity,
            unit_price=money(line.unit_price),
            total=money(line.unit_price * line.quantity),
        )
        for line in order.lines
    )
    sums = [("Items", money(order.subtotal))]
    if order.discount:
        sums.append(("Discount", money(-order.discount)))
    sums.append((f"Delivery, {order.delivery_name}", money(order.delivery)))
    if not order.tax_included:
        sums.append(("Tax", money(order.tax)))
    return _view(
        order, found, lines=lines, sums=sums, rates=_left(order).order, total=order.total, note="Paid with thanks."
    )


def _credit_note(session: Session, order: Order, found: Paper) -> PaperView:
    refunds = {refund.id: refund for refund in paid.refunds_of_order(session, order.id)}
    refund = refunds.get(found.refund_id) if found.refund_id else None
    if refund is None:
        raise NoSuchPaper
    money, lines = _money(order), {line.id: line for line in order.lines}
    parts: dict[UUID, list[RefundPart]] = defaultdict(list)
    for part in session.scalars(select(RefundPart).where(RefundPart.order_id == order.id).order_by(RefundPart.id)):
        parts[part.refund_id].append(part)
    left = _left(order)
    for refund_id in _credited(session, found):
        own, amount = parts[refund_id], refunds[refund_id].amount.amount
        taken = [left.take(_part(part, lines)) for part in own] if own else [left.take_amount(amount)]
    shown = [
        PaperLine(
            title=_title(line.title, line.options) if line else "Delivery",
            sku=line.sku if line else "",
            quantity=part.quantity or 1,
            unit_price=None,
            total=money(part.amount),
        )
        for part in parts[refund.id]
        for line in [lines[part.line_id] if part.line_id else None]
    ] or [PaperLine(title=refund.reason, sku="", quantity=1, unit_price=None, total=refund.amount)]
    return _view(
        order, found, lines=tuple(shown), sums=[], rates=sum_up(taken), total=refund.amount.amount, note=refund.reason
    )


def _credited(session: Session, found: Paper) -> Sequence[UUID]:
    """The refunds of a credit note and of those before it for the same order, in the order of their numbers."""
    return session.scalars(
        select(Paper.refund_id)
        .where(Paper.order_id == found.order_id, Paper.kind == CREDIT_NOTE, Paper.number <= found.number)
        .order_by(Paper.number)
    ).all()  # type: ignore[return-value]  # a credit note has a refund, by a constraint


def _left(order: Order) -> Left:
    """The whole order by rate, as it was invoiced."""
    taxes = sum_up(
        {label_of(one["name"], Decimal(one["basis_points"])): (one["net"] + one["amount"], one["amount"])}
        for one in order.taxes
    )
    lines = [(_rate(line), line.total + (0 if order.tax_included else line.tax), line.tax) for line in order.lines]
    return left_of(taxes, lines, total=order.total, tax=order.tax)


def _part(part: RefundPart, lines: Mapping[UUID, OrderLine]) -> Part:
    return Part(part.amount, part.tax, _rate(lines[part.line_id]) if part.line_id else None)


def _view(
    order: Order,
    found: Paper,
    *,
    lines: tuple[PaperLine, ...],
    sums: list[tuple[str, Money]],
    rates: Rows,
    total: int,
    note: str,
) -> PaperView:
    money = _money(order)
    return PaperView(
        kind=found.kind,
        code=code_of(found.kind, found.number),
        issued_at=found.created_at,
        order_number=order.number,
        ordered_at=order.created_at,
        billing_address=order.billing_address,
        shipping_address=order.shipping_address,
        lines=lines,
        sums=tuple(sums),
        taxes=tuple(
            TaxRow(label=label, net=money(amount - tax), tax=money(tax), gross=money(amount))
            for label, (amount, tax) in rates.items()
        ),
        total=money(total),
        tax_included=order.tax_included,
        note=note,
    )


def _rate(line: OrderLine) -> str:
    return label_of(line.tax_name, line.tax_basis_points)


def _title(title: str, options: str) -> str:
    return f"{title}, {options}" if options else title


def _money(order: Order) -> Callable[[int], Money]:
    return lambda amount: Money(amount, order.currency)


def _order(session: Session, order_id: UUID) -> Order:
    order = session.scalar(select(Order).options(selectinload(Order.lines)).where(Order.id == order_id))
    if order is None:
        raise NoSuchOrder
    return order


def _orders(session: Session, order_ids: Sequence[UUID]) -> dict[UUID, Order]:
    found = session.scalars(select(Order).options(selectinload(Order.lines)).where(Order.id.in_(order_ids)))
    return {order.id: order for order in found}
