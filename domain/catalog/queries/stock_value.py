"""What the stock is worth at cost."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class DepartmentValue:
    """The stock of one department; units of variants without a cost are counted apart and worth nothing here."""

    name: str
    units: int
    at_cost: Money
    units_without_cost: int


@dataclass(frozen=True, slots=True)
class StockValue:
    """The stock of the whole shop, and of each department."""

    units: int
    at_cost: Money
    units_without_cost: int
    departments: tuple[DepartmentValue, ...]


_VALUE = text(
    """
    -- Summed by category first: there are few of them, and many things in stock.
    SELECT top.name, sum(held.units) AS units, sum(held.at_cost) AS at_cost, sum(held.without) AS without
    FROM (
        SELECT p.category_id, sum(s.on_hand) AS units, coalesce(sum(s.on_hand * CAST(v.cost AS bigint)), 0) AS at_cost,
            coalesce(sum(s.on_hand) FILTER (WHERE v.cost IS NULL), 0) AS without
        FROM catalog.stock s
        JOIN catalog.variants v ON v.id = s.variant_id
        JOIN catalog.products p ON p.id = v.product_id
        WHERE s.on_hand > 0
        GROUP BY p.category_id
    ) held
    JOIN catalog.categories c ON c.id = held.category_id
    JOIN catalog.categories top ON top.path = split_part(c.path, '/', 1)
    GROUP BY top.id, top.name, top.position ORDER BY top.position, top.name
    """
)


def stock_value(session: Session, *, currency: str) -> StockValue:
    """Return what is on hand and what it costs the shop, by department. One statement."""
    departments = tuple(
        DepartmentValue(row.name, int(row.units), Money(int(row.at_cost), currency), int(row.without))
        for row in session.execute(_VALUE)
    )
    return StockValue(
        sum(one.units for one in departments),
        Money(sum(one.at_cost.amount for one in departments), currency),
        sum(one.units_without_cost for one in departments),
        departments,
    )
