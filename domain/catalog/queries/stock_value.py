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


WORTH_OF = """
    SELECT p.id AS product_id, p.category_id, sum(s.on_hand) AS units,
        coalesce(sum(s.on_hand * CAST(v.cost AS bigint)), 0) AS at_cost,
        coalesce(sum(s.on_hand) FILTER (WHERE v.cost IS NULL), 0) AS without_cost
    FROM catalog.products p
    JOIN catalog.variants v ON v.product_id = p.id
    JOIN catalog.stock s ON s.variant_id = v.id
    WHERE s.on_hand > 0 AND p.id IN ({which})
    GROUP BY p.id
"""
"""What the products of a subquery `which` are worth; one of which nothing is on hand is left out."""

# What is kept of products that did not change since, and the others as they are: right to the moment.
_VALUE = text(
    f"""
    WITH changed AS MATERIALIZED (SELECT DISTINCT product_id FROM catalog.worth_changes), held AS (
        SELECT category_id, sum(units) AS units, sum(at_cost) AS at_cost, sum(without_cost) AS without_cost
        FROM (
            SELECT product_id, category_id, units, at_cost, without_cost FROM catalog.product_worth
            WHERE product_id NOT IN (SELECT product_id FROM changed)
            UNION ALL {WORTH_OF.format(which="SELECT product_id FROM changed")}
        ) each GROUP BY category_id
    )
    SELECT top.name, sum(held.units) AS units, sum(held.at_cost) AS at_cost, sum(held.without_cost) AS without_cost
    FROM held
    JOIN catalog.categories c ON c.id = held.category_id
    JOIN catalog.categories top ON top.path = split_part(c.path, '/', 1)
    GROUP BY top.id, top.name, top.position ORDER BY top.position, top.name
    """  # noqa: S608 - the parts are constants
)


def stock_value(session: Session, *, currency: str) -> StockValue:
    """Return what is on hand and what it costs the shop, by department, at this moment. One statement."""
    departments = tuple(
        DepartmentValue(row.name, int(row.units), Money(int(row.at_cost), currency), int(row.without_cost))
        for row in session.execute(_VALUE)
    )
    return StockValue(
        sum(one.units for one in departments),
        Money(sum(one.at_cost.amount for one in departments), currency),
        sum(one.units_without_cost for one in departments),
        departments,
    )
