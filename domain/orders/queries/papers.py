"""What invoices, credit notes and packing slips say, as plain values for whoever draws them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from domain.orders.errors import NoSuchOrder, NoSuchPaper
from domain.orders.models import Order, Paper, RefundPart
from domain.orders.models.papers import INVOICE
from domain.orders.queries.paper_rates import Rates, line_label, portions
from domain.payments import queries as paid
from domain.shared.money import Money

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
    """What was taxed at one rate, or of the delivery: `net` plus `tax` is `gross`."""

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


def papers_of_order(session: Session, order_id: UUID) -> tuple[PaperLink, ...]:
    """The papers of an order, the oldest first."""
    found = session.scalars(select(Paper).where(Paper.order_id == order_id).order_by(Paper.id))
    return tuple(
        PaperLink(code=code_of(paper.kind, paper.number), kind=paper.kind, issued_at=paper.created_at)
        for paper in found
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
    order = _order(session, order_id)
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
    rates = Rates()
    for one in portions(order):
        rates.add(one.label, gross=one.gross, tax=one.tax)
    return _view(order, found, lines=lines, sums=sums, rates=rates, total=order.total, note="Paid with thanks.")


def _credit_note(session: Session, order: Order, found: Paper) -> PaperView:
    refund = paid.refund(session, found.refund_id) if found.refund_id else None
    if refund is None:
        raise NoSuchPaper
    money, lines = _money(order), {line.id: line for line in order.lines}
    parts = session.scalars(select(RefundPart).where(RefundPart.refund_id == refund.id).order_by(RefundPart.id)).all()
    shown, rates, borne = [], Rates(), portions(order)
    for part in parts:
        line = lines[part.line_id] if part.line_id else None
        shown.append(
            PaperLine(
                title=_title(line.title, line.options) if line else "Delivery",
                sku=line.sku if line else "",
                quantity=part.quantity or 1,
                unit_price=None,
                total=money(part.amount),
            )
        )
        if line:
            rates.add(line_label(line), gross=part.amount, tax=part.tax)
        else:
            rates.add_delivery(borne, gross=part.amount, tax=part.tax)
    if not parts:
        rates.add_plain(borne, gross=refund.amount.amount)
        shown.append(PaperLine(title=refund.reason, sku="", quantity=1, unit_price=None, total=refund.amount))
    return _view(order, found, lines=tuple(shown), sums=[], rates=rates, total=refund.amount.amount, note=refund.reason)


def _view(
    order: Order,
    found: Paper,
    *,
    lines: tuple[PaperLine, ...],
    sums: list[tuple[str, Money]],
    rates: Rates,
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
            TaxRow(label=label, net=money(net), tax=money(tax), gross=money(net + tax))
            for label, (net, tax) in rates.found.items()
        ),
        total=money(total),
        tax_included=order.tax_included,
        note=note,
    )


def _title(title: str, options: str) -> str:
    return f"{title}, {options}" if options else title


def _money(order: Order) -> Callable[[int], Money]:
    return lambda amount: Money(amount, order.currency)


def _order(session: Session, order_id: UUID) -> Order:
    order = session.scalar(select(Order).options(selectinload(Order.lines)).where(Order.id == order_id))
    if order is None:
        raise NoSuchOrder
    return order
