"""Rules, goods and a quote to try promotions on, without a database."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from domain.orders.delivery import Method
from domain.orders.quote import Item, Quote, quote
from domain.orders.tax.rates import Rate
from domain.promotions.choice import Choice, choose
from domain.promotions.kinds import PERCENT
from domain.promotions.rules import Goods, Rule

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
VAT = Rate(name="VAT", basis_points=Decimal(2300))
POST = Method(code="post", name="Post", price=490, free_above=6000)


def goods(*lines: tuple[int, int], category: str = "kitchen/mugs") -> list[Goods]:
    return [
        Goods(variant_id=UUID(int=i), product_id=UUID(int=100 + i), category_path=category, unit_price=p, quantity=n)
        for i, (p, n) in enumerate(lines)
    ]


def rule(number: int = 1, **values) -> Rule:
    given = {"kind": PERCENT, "name": f"Rule {number}", **values}
    if given["kind"] == PERCENT:
        given.setdefault("basis_points", 1000)
    return Rule(id=UUID(int=number), **given)


def priced(lines: list[Goods], discounts, *, methods=(POST,), currency="EUR", included=True) -> Quote:
    items = [Item(variant_id=one.variant_id, unit_price=one.unit_price, quantity=one.quantity) for one in lines]
    return quote(
        items, methods=methods, method="post", rates={"standard": VAT}, tax_included=included,
        currency=currency, now=NOW, discounts=discounts,
    )  # fmt: skip


def choice(rules, lines, *, code=None, has_ordered=False, now=NOW, **values) -> Choice:
    def cost(discounts):
        return priced(lines, discounts, **values).total.amount

    return choose(rules, lines, code=code, has_ordered=has_ordered, now=now, cost=cost)
