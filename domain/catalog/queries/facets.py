"""Facets: what a list can be narrowed by, with how many products each value leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

MOST_FACETS = 6
MOST_VALUES = 24
MOST_SELECTED = 20
"""How many facets, values of one facet and selected values of one facet a page deals with."""
MOST_COUNTED = 500
"""How many values of one facet are fetched, the most frequent ones."""
FEW_VALUES, LEAST_SHARED = 5, 1.4
"""A facet of more than a few values is shown only if each stands for so many products on average: what nearly every
product says in words of its own, as its dimensions, narrows nothing."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value; `count` is how many products of the present list have it among what can be bought."""

    value: str
    label: str
    count: int
    selected: bool


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


def counts_sql(base: str, selected: Sequence[str], beside: str = "") -> str:
    """Write what counts a list and every facet value in one pass over it.

    `base` names the rows with the column `facets` that are of the list without its selected facets; `selected` holds a
    condition for each selected facet, and the parameter `name<i>` its name. A selected facet is counted as if
    it were not, so that its other values show what they would add. The pair `""` is the total. `beside` is as for
    `by_facet`.
    """
    kept = "".join(f" OR bool_or(facet LIKE :name{i} || '=%')" for i in range(len(selected)))
    every = " AND ".join(selected) or "true"
    names = " AND ".join(f"f NOT LIKE :name{i} || '=%'" for i in range(len(selected)))
    parts = [f"SELECT '' AS facet, count(*) AS products FROM {base} l WHERE {every}", _values_sql(base, every, names)]  # noqa: S608
    for i in range(len(selected)):
        others = " AND ".join(condition for j, condition in enumerate(selected) if j != i) or "true"
        parts.append(_values_sql(base, others, f"f LIKE :name{i} || '=%'"))
    return by_facet(" UNION ALL ".join(parts), kept, beside)


def _values_sql(base: str, of: str, named: str) -> str:
    # An unnest among the columns is a third quicker than one joined to each row.
    pairs = f"SELECT unnest(l.facets) AS f FROM {base} l WHERE {of}"  # noqa: S608
    return f"SELECT f, count(*) FROM ({pairs}) pairs{f' WHERE {named}' if named else ''} GROUP BY f"  # noqa: S608


def by_facet(counted: str, kept: str = "", beside: str = "") -> str:
    """Write the statement that gathers counted pairs into a row for each facet, without the facets that narrow nothing.

    `kept` adds conditions for those that stay all the same. A row is much cheaper to fetch than its pairs one by one.
    `beside` is a value of jsonb that the page needs too: it comes as the third column of a row of its own, for a
    statement more costs as much as drawing three tiles.
    """
    order, most = "ORDER BY products DESC", f"[1:{MOST_COUNTED}]"
    return (
        f"SELECT (array_agg(facet {order})){most}, (array_agg(products {order})){most}, CAST(NULL AS jsonb) "  # noqa: S608
        f"FROM ({counted}) counted "
        f"GROUP BY split_part(facet, '=', 1) HAVING split_part(facet, '=', 1) = '' "
        f"OR count(*) > 1 AND (count(*) <= {FEW_VALUES} OR sum(products) >= {LEAST_SHARED} * count(*)){kept}"
        + (f" UNION ALL SELECT NULL, NULL, {beside}" if beside else "")
    )


def to_facets(counts: Mapping[str, int], selected: Mapping[str, Sequence[str]]) -> tuple[Facet, ...]:
    """Order counted `name=value` pairs into facets: the ones that cover most products first, empty ones left out."""
    return _ordered(tuple(counts.items()), tuple((name, tuple(values)) for name, values in selected.items()))


# The same counts make the same facets, and those of a category rarely change.
@lru_cache(maxsize=512)
def _ordered(counts: tuple[tuple[str, int], ...], chosen: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[Facet, ...]:
    selected = dict(chosen)
    found: dict[str, dict[str, int]] = {name: dict.fromkeys(values, 0) for name, values in selected.items()}
    for pair, count in counts:
        name, _, value = pair.partition("=")
        found.setdefault(name, {})[value] = count
    facets = [
        Facet(name, name.replace("-", " ").capitalize(), _values(values, selected.get(name, ())))
        for name, values in found.items()
    ]
    facets.sort(key=lambda facet: (facet.name not in selected, -sum(value.count for value in facet.values), facet.name))
    # What is selected stays on the page however many facets there are; the order does not jump when one is chosen.
    shown = facets[: max(MOST_FACETS, len(selected))]
    return tuple(sorted(shown, key=lambda facet: (facet.name == "brand", facet.label)))


def _values(counts: Mapping[str, int], selected: Sequence[str]) -> tuple[FacetValue, ...]:
    values = [FacetValue(value, value, count, value in selected) for value, count in counts.items()]
    values.sort(key=lambda value: (not value.selected, -value.count, value.label))
    return tuple(sorted(values[: max(MOST_VALUES, len(selected))], key=lambda value: (-value.count, value.label)))
