"""The tax of an invoice or a credit note, by rate: what an order's own rates say, and how a refund shares in them.

Amounts are in minor units. What is given back of the delivery, or as a plain amount, belongs to no single rate: it is
shared out over those that the delivery, or the order as a whole, bears, by largest remainder, so that no unit is lost.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from domain.orders.models import Order, OrderLine
from domain.shared.money import divide_half_up, share_out

NO_TAX = "No tax"


@dataclass(frozen=True, kw_only=True)
class Portion:
    """What an order has at one rate, goods and delivery together, and the delivery's part of it; tax is within."""

    label: str
    gross: int
    tax: int
    delivery: int
    delivery_tax: int


@dataclass
class Rates:
    """Net and tax by the name of the rate, in the order in which they were added."""

    found: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def add(self, label: str, *, gross: int, tax: int) -> None:
        """Add an amount and the tax that is in it."""
        self.found[label][0] += gross - tax
        self.found[label][1] += tax

    def add_delivery(self, portions: Sequence[Portion], *, gross: int, tax: int) -> None:
        """Add what concerns the delivery, over the rates that it bears."""
        shares = share_out(gross, [one.delivery for one in portions])
        taxes = share_out(tax, [one.delivery_tax for one in portions])
        for one, share, of_tax in zip(portions, shares, taxes, strict=True):
            if share:
                self.add(one.label, gross=share, tax=of_tax)

    def add_plain(self, portions: Sequence[Portion], *, gross: int) -> None:
        """Add an amount that concerns no line, over all that the order bears."""
        shares = share_out(gross, [one.gross for one in portions])
        for one, share in zip(portions, shares, strict=True):
            if share:
                self.add(one.label, gross=share, tax=divide_half_up(one.tax * share, one.gross))


def portions(order: Order) -> tuple[Portion, ...]:
    """Return what an order has at each of its rates, and last what bears no tax; the sum is the order's total."""
    found, gross, delivery = (
        [],
        order.total,
        order.delivery if order.tax_included else order.delivery + order.delivery_tax,
    )
    for rate in order.taxes:
        label = rate_label(rate["name"], Decimal(rate["basis_points"]))
        worth = rate["net"] + rate["amount"]
        goods = sum(line_gross(order, line) for line in order.lines if line_label(line) == label)
        found.append(Portion(
            label=label, gross=worth, tax=rate["amount"], delivery=worth - goods, delivery_tax=rate["delivery"]
        ))  # fmt: skip
        gross, delivery = gross - worth, delivery - (worth - goods)
    if gross:
        found.append(Portion(label=NO_TAX, gross=gross, tax=0, delivery=delivery, delivery_tax=0))
    return tuple(found)


def line_gross(order: Order, line: OrderLine) -> int:
    """Return what a line costs, tax within."""
    return line.total if order.tax_included else line.total + line.tax


def line_label(line: OrderLine) -> str:
    """Name the rate of a line."""
    return rate_label(line.tax_name, line.tax_basis_points)


def rate_label(name: str, basis_points: Decimal) -> str:
    """Name a rate as papers do: "VAT 13.5 %"; one without a name bears no tax."""
    if not name:
        return NO_TAX
    percent = format(basis_points / 100, "f")
    return f"{name} {percent.rstrip('0').rstrip('.') if '.' in percent else percent} %"
