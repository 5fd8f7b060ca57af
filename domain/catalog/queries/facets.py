"""Facets: what a list can be narrowed by, with how many products each value leaves."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

PRICE_EDGES = (
    0, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 5_000_000, 100_000_000,
)  # fmt: skip
"""Where one range of prices ends and the next begins, in minor units: the same for every list, so that it can be kept
counted."""
MOST_FACETS = 6
MOST_VALUES = 24
MOST_SELECTED = 20
"""How many facets, values of one facet and selected values of one facet a page deals with."""
MOST_COUNTED = 500
"""How many values of one facet are fetched, the most frequent ones."""
FEW_VALUES, LEAST_SHARED = 5, 1.4
"""A facet of more than a few values is shown only if each stands for so many products on average: what nearly every
product says in words of its own, as its dimensions, narrows nothing."""

CATEGORY, PRICE, RATING, BRAND = "category", "price", "rating", "brand"
ALWAYS = (CATEGORY, BRAND, PRICE, RATING)
"""The facets that every list has, in their order; all others are options and attributes."""
NOWHERE: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value; `count` is how many products of the present list have it among what can be bought.

    A price is a range in minor units, `1000-2000`, from the first to below the second, which may be missing; a rating
    is so many stars or more.
    """

    value: str
    label: str
    count: int
    selected: bool

    @property
    def range(self) -> tuple[int, int | None] | None:
        """Return the two ends of a price, in minor units; None if it is none."""
        found = re.fullmatch(r"([0-9]{1,9})-([0-9]{1,9})?", self.value)
        return (int(found[1]), int(found[2]) if found[2] else None) if found else None


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow a list; its values combine with OR, facets with AND."""

    name: str
    label: str
    values: tuple[FacetValue, ...]

    @property
    def selected(self) -> bool:
        """Whether the list is narrowed by it."""
        return any(value.selected for value in self.values)


def counts_sql(every: str, others: Sequence[str], beside: str = "") -> str:
    """Write what counts a list and every facet value in one pass over it.

    `every` names the rows of the list, with their `facets` and `in_stock`, as in `base l WHERE true`. `others` counts
    each chosen facet, whose name is the parameter `name<i>`, in what the list would be without it: so its other values
    show what they would add. The pair `""` is the total, `"="` what of it is in stock. `beside` is as for `by_facet`.
    """
    kept = "".join(f" OR bool_or(facet LIKE :name{i} || '=%')" for i in range(len(others)))
    names = " AND ".join(f"f NOT LIKE :name{i} || '=%'" for i in range(len(others)))
    parts = [
        "SELECT unnest(ARRAY['', '=']) AS facet, "  # noqa: S608
        f"unnest(ARRAY[count(*), count(*) FILTER (WHERE l.in_stock)]) AS products FROM {every}",
        _values_sql(every, names),
        *others,
    ]
    return by_facet(" UNION ALL ".join(parts), kept, beside)


def values_of(i: int, rows: str) -> str:
    """Write what counts the values of one chosen facet in some rows."""
    return _values_sql(rows, f"f LIKE :name{i} || '=%'")


def _values_sql(rows: str, named: str) -> str:
    # An unnest among the columns is a third quicker than one joined to each row.
    pairs = f"SELECT unnest(l.facets) AS f FROM {rows}"  # noqa: S608
    return f"SELECT f, count(*) FROM ({pairs}) pairs{f' WHERE {named}' if named else ''} GROUP BY f"  # noqa: S608


def by_facet(counted: str, kept: str = "", beside: str = "") -> str:
    """Write the statement that gathers counted pairs into a row for each facet, without the facets that narrow nothing.

    `kept` adds conditions for those that stay all the same. A row is much cheaper to fetch than its pairs one by one.
    `beside` is a value of jsonb that the page needs too: it comes as the third column of a row of its own, for a
    statement more costs as much as drawing three tiles.
    """
    order, most = "ORDER BY products DESC", f"[1:{MOST_COUNTED}]"
    always = ", ".join(f"'{name}'" for name in ("", *ALWAYS))
    return (
        f"SELECT (array_agg(facet {order})){most}, (array_agg(products {order})){most}, CAST(NULL AS jsonb) "  # noqa: S608
        f"FROM ({counted}) counted "
        f"GROUP BY split_part(facet, '=', 1) HAVING split_part(facet, '=', 1) IN ({always}) "
        f"OR count(*) > 1 AND (count(*) <= {FEW_VALUES} OR sum(products) >= {LEAST_SHARED} * count(*)){kept}"
        + (f" UNION ALL SELECT NULL, NULL, {beside}" if beside else "")
    )


def to_facets(
    counts: Mapping[str, int], selected: Mapping[str, Sequence[str]], places: Mapping[str, str] = NOWHERE
) -> tuple[Facet, ...]:
    """Order counted `name=value` pairs into facets, empty ones left out; `places` are the categories to choose from.

    What every list has comes first, then the facets that cover most products.
    """
    return _ordered(
        tuple(counts.items()),
        tuple((name, tuple(values)) for name, values in selected.items()),
        tuple(places.items()),
    )


# The same counts make the same facets, and those of a category rarely change.
@lru_cache(maxsize=512)
def _ordered(
    counts: tuple[tuple[str, int], ...],
    chosen: tuple[tuple[str, tuple[str, ...]], ...],
    near: tuple[tuple[str, str], ...],
) -> tuple[Facet, ...]:
    selected, places = dict(chosen), dict(near)
    found: dict[str, dict[str, int]] = {name: dict.fromkeys(values, 0) for name, values in selected.items()}
    for pair, count in counts:
        name, _, value = pair.partition("=")
        if name != CATEGORY or value in places or value in selected.get(CATEGORY, ()):
            found.setdefault(name, {})[value] = count
    facets = [
        Facet(name, name.replace("-", " ").capitalize(), _values(name, values, selected.get(name, ()), places))
        for name, values in found.items()
    ]
    facets.sort(key=lambda facet: (facet.name not in selected, -sum(value.count for value in facet.values), facet.name))
    fixed = [facet for name in ALWAYS for facet in facets if facet.name == name]
    others = [facet for facet in facets if facet.name not in ALWAYS]
    # What is selected stays on the page however many facets there are; the order does not jump when one is chosen.
    shown = others[: max(MOST_FACETS, len(selected))]
    return (*fixed, *sorted(shown, key=lambda facet: facet.label))


def _values(
    name: str, counts: Mapping[str, int], selected: Sequence[str], places: Mapping[str, str]
) -> tuple[FacetValue, ...]:
    values = [
        FacetValue(value, places.get(value, value) if name == CATEGORY else value, count, value in selected)
        for value, count in counts.items()
    ]
    values.sort(key=lambda value: (not value.selected, -value.count, value.label))
    shown = values[: max(MOST_VALUES, len(selected))]
    if name in (PRICE, RATING):
        return tuple(sorted(shown, key=lambda value: _first_number(value.value), reverse=name == RATING))
    return tuple(sorted(shown, key=lambda value: (-value.count, value.label)))


def _first_number(value: str) -> int:
    digits = value.partition("-")[0]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 12 else 0
