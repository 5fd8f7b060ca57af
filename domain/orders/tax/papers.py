"""The tax on invoices and credit notes: every amount stands at the rates that it bears."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from domain.shared.money import divide_half_up, share_out

Taxed = tuple[int, int]
"""An amount in minor units with the tax in it, and the part of it that is tax."""

Rows = dict[str, Taxed]
"""Amounts by the rate that they bear, in words."""

NO_TAX = "No tax"


def label_of(name: str, basis_points: Decimal) -> str:
    """A rate in words: "VAT 23 %"; where the shop knew of none, "No tax"."""
    if not name and not basis_points:
        return NO_TAX
    percent = format(basis_points / 100, "f")
    percent = percent.rstrip("0").rstrip(".") if "." in percent else percent
    return f"{name} {percent} %".strip()


@dataclass(frozen=True)
class Part:
    """A part of a refund: of a line, if it names the `rate` of one, else of the delivery."""

    amount: int
    tax: int
    rate: str | None = None


@dataclass
class Left:
    """What of an order no credit note has taken back yet, by rate; and of that, what the delivery is.

    Credit notes are drawn from it in the order of their numbers: whatever the splits, an order that has gone back
    whole has gone back at the very rates of its invoice.
    """

    order: Rows
    delivery: Rows = field(default_factory=dict)

    def take(self, part: Part) -> Rows:
        """Take a part of a refund back and return it by rate."""
        if part.rate is not None:
            rows = {part.rate: (part.amount, part.tax)}
        else:
            rows = _split(part.amount, self.delivery, tax=part.tax)
            self.delivery = _less(self.delivery, rows)
        self.order = _less(self.order, rows)
        return rows

    def take_amount(self, amount: int) -> Rows:
        """Take an amount back that is for nothing in particular, at all rates by what is left of each."""
        rows = _split(amount, self.order)
        self.order = _less(self.order, rows)
        return rows


def left_of(taxes: Mapping[str, Taxed], lines: Iterable[tuple[str, int, int]], *, total: int, tax: int) -> Left:
    """Return an order of which nothing has gone back: its amounts by rate, its lines (rate, amount, tax), its total.

    What the lines leave of a rate is the delivery's.
    """
    order = dict(taxes)
    untaxed = total - sum(amount for amount, _ in order.values())
    if untaxed:
        order[NO_TAX] = (untaxed, tax - sum(part for _, part in order.values()))
    delivery = dict(order)
    for label, amount, part in lines:
        had = delivery.get(label, (0, 0))
        delivery[label] = (had[0] - amount, had[1] - part)
    return Left(order, {label: row for label, row in delivery.items() if row[0] > 0})


def sum_up(many: Iterable[Rows]) -> Rows:
    """Add rows of the same rate up."""
    found: Rows = {}
    for rows in many:
        for label, (amount, tax) in rows.items():
            had = found.get(label, (0, 0))
            found[label] = (had[0] + amount, had[1] + tax)
    return found


def _split(amount: int, left: Rows, *, tax: int | None = None) -> Rows:
    """Split an amount by what is left of each rate; its `tax`, if it is known already, by what is left of theirs."""
    if not left:
        return {NO_TAX: (amount, tax or 0)}
    amounts = share_out(amount, [worth for worth, _ in left.values()])
    if tax is None:
        taxes = [
            divide_half_up(borne * part, worth) if worth else 0
            for part, (worth, borne) in zip(amounts, left.values(), strict=True)
        ]
    else:
        taxes = share_out(tax, [borne for _, borne in left.values()])
    rows = zip(left, amounts, taxes, strict=True)
    return {label: (part, borne) for label, part, borne in rows if part or borne}


def _less(left: Rows, taken: Rows) -> Rows:
    """What remains of each rate; an amount for nothing in particular may have taken from a line's rate before."""
    return {
        label: (max(amount - taken.get(label, (0, 0))[0], 0), max(tax - taken.get(label, (0, 0))[1], 0))
        for label, (amount, tax) in left.items()
    }
