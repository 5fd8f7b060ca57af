"""The one statement that finds, ranks and counts what answers a search."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import String, TextualSelect, bindparam

from domain.catalog.queries.card import CARD_COLUMNS, CARD_NAMES
from domain.catalog.queries.categories import PLACE, TOP
from domain.catalog.queries.facets import counts_sql, values_of
from domain.shared.db import reading

MOST_ANSWERS = 2_000
"""How many answers are ranked, counted and paged through where there are more; the page says so."""
MOST_WANTED = 1_000
"""Of the products that are wanted most, so many are looked through, so that none is missed among too many answers."""
BEST_SELLERS = 4
"""How many products are shown where there is no answer at all."""

WANTED = "l.in_stock DESC, l.featured DESC, l.popularity DESC, l.product_id DESC"
"""The order in which products stand where nothing else tells them apart."""

SORTED_BY = ("featured", "popularity", "published_at", "price_min", "rating", "title")
"""What the orders of a list compare, the id aside."""

BRAND_COUNTS, REST_COUNTS, PROSE_COUNTS = 0.4, 0.1, 0.15
"""What each field counts beside the title's 1: brand, type and part number; category, options and attributes; prose."""

RANK = """(
    (
        ts_rank('{{0, 0, 0, 1}}', b.words, {query}) + {brand} * ts_rank('{{0, 0, 1, 0}}', b.words, {query})
        + {rest} * ts_rank('{{0, 1, 0, 0}}', b.words, {query}) + {prose} * ts_rank('{{1, 0, 0, 0}}', b.words, {query})
    ) / sqrt(1 + ln(1 + length(b.title) / float8 '6'))
    * CASE WHEN b.in_stock THEN float8 '1' ELSE float8 '0.6' END * (1 + ln(1 + greatest(b.popularity, 0)) / 20)
    + CASE WHEN CAST(:sku AS text) <> '' AND b.words @@ CAST(CAST(:sku AS text) AS tsquery) THEN 10 ELSE 0 END
)"""
"""How well a product answers: title over brand over the rest, a short title over a long one, what can be bought and
what others buy over what not; an exact SKU comes first. Fields are added up: what several of them say is surer.

All numbers are of the processor's own kind: a logarithm of `numeric` takes longer than all the fields together."""

_COUNTED = "facets products beside"
_NAMES = f"{CARD_NAMES} place {_COUNTED} chosen"
_COVER = """CASE WHEN (SELECT chosen FROM asked) = :relaxed THEN (
    SELECT coalesce(sum(weight), 0)
    FROM unnest(CAST(:parts AS tsquery[]), CAST(:weights AS double precision[])) AS p(part, weight)
    WHERE l.document @@ part
) ELSE 0 END"""
"""In a reading that gives up some of the words: how many of them, and which, a product has."""


@lru_cache(maxsize=512)
def first_answers(
    conditions: tuple[str, ...], facets: tuple[str, ...], sort: str | None, category: bool
) -> TextualSelect:
    """Build the statement for the likeliest reading of a query.

    The query is written into it: so its plan knows whether many products answer, in which case it walks the order's
    index and stops, or few. The rows are the tiles with their `place`, then the counts without one, of which
    `chosen` is missing where nothing answers.
    """
    sql = _statement("CAST(:query AS tsquery)", conditions, facets, sort, category)
    return reading(sql, _NAMES, bindparam("query", type_=String, literal_execute=True))


@lru_cache(maxsize=256)
def exact_answers(
    conditions: tuple[str, ...], facets: tuple[str, ...], sort: str | None, category: bool
) -> TextualSelect:
    """Build the statement for a query with quotes or excluded words; where nothing answers it has best sellers."""
    query = "websearch_to_tsquery('english', :exact)"
    return reading(_statement(query, conditions, facets, sort, category, lonely=True), _NAMES)


@lru_cache(maxsize=256)
def other_answers(
    conditions: tuple[str, ...], facets: tuple[str, ...], sort: str | None, category: bool
) -> TextualSelect:
    """Build the statement for all further readings: it takes the first of them that has an answer.

    `chosen` says which, from 0 on, in the rows of the counts. Where none has, the tiles are best sellers, in place -1.
    """
    where = " AND ".join(("l.document @@ probe", *conditions))
    asked = f"""asked AS MATERIALIZED (
        SELECT query, place - 1 AS chosen
        FROM unnest(CAST(:queries AS tsquery[]), CAST(:probes AS tsquery[])) WITH ORDINALITY AS q(query, probe, place)
        WHERE EXISTS (SELECT FROM catalog.listings l WHERE {where}) ORDER BY place LIMIT 1
    ), """  # noqa: S608
    sql = _statement("(SELECT query FROM asked)", conditions, facets, sort, category, asked, lonely=True)
    return reading(sql, _NAMES)


def other_facets(facets: Sequence[str]) -> list[str]:
    """Write for each chosen facet what counts its values in the rows that all the others leave."""
    return [
        values_of(i, f"base l WHERE {' AND '.join((*facets[:i], *facets[i + 1 :])) or 'true'}")
        for i in range(len(facets))
    ]


def _some(where: str, facets: tuple[str, ...]) -> str:
    """Write which rows are ranked: all, or of too many those among the most wanted, and as many others.

    Places in the table are gathered, not rows: those are wide, and most are not shown. Where the first part has all
    that answers, the others are not run.
    """
    too_many = f"(SELECT count(*) FROM answering) > {MOST_ANSWERS}"  # noqa: S608
    parts = [
        "SELECT ctid FROM answering",
        f"SELECT l.ctid FROM (SELECT l.ctid, l.* FROM catalog.listings l ORDER BY {WANTED} LIMIT {MOST_WANTED}) l "  # noqa: S608
        f"WHERE {too_many} AND {where}",
    ]
    if facets:
        # What the chosen facets leave is all there, so that nothing is missed that was asked for.
        chosen = " AND ".join((too_many, where, *facets))
        parts.append(f"(SELECT l.ctid FROM catalog.listings l WHERE {chosen} LIMIT {MOST_ANSWERS} + 1)")  # noqa: S608
    return (
        f"WITH answering AS MATERIALIZED (SELECT l.ctid FROM catalog.listings l WHERE {where} LIMIT {MOST_ANSWERS} + 1)"  # noqa: S608
        f" {' UNION '.join(parts)}"
    )


def _nearest(where: str, facets: tuple[str, ...], cover: str) -> str:
    """Write which rows are ranked where some words were given up: those that have most of them."""
    chosen = f"({' AND '.join(facets)}) DESC, " if facets else ""
    return (
        f"SELECT l.ctid FROM catalog.listings l WHERE {where} "  # noqa: S608
        f"ORDER BY {chosen}{cover} DESC, {WANTED} LIMIT {MOST_ANSWERS} + 1"
    )


def _statement(
    query: str,
    conditions: tuple[str, ...],
    facets: tuple[str, ...],
    sort: str | None,
    category: bool,
    asked: str = "",
    *,
    lonely: bool = False,
) -> str:
    """Write a search in one statement: what answers is found, ranked and counted in one pass over it.

    First it says which products are shown, then what they look like: else the columns of every answer are worked out
    to be thrown away.
    """
    selected = " AND ".join(facets) or "true"
    if sort is None:
        rank = RANK.format(query=query, brand=BRAND_COUNTS, rest=REST_COUNTS, prose=PROSE_COUNTS)
        placed, order = f"b.cover, {rank} AS rank", "l.cover DESC, l.rank DESC, l.product_id DESC"
    else:
        placed, order = ", ".join(f"b.{name}" for name in SORTED_BY), sort
    where = " AND ".join((f"l.document @@ {query}", *conditions))
    cover = _COVER if asked else "0"
    which = _nearest(where, facets, cover) if asked else _some(where, facets)
    nobody = ", ".join(["NULL"] * len(CARD_NAMES.split()))
    chosen = "(SELECT chosen FROM asked)" if asked else "(SELECT 0 FROM base LIMIT 1)"
    instead = (
        f"""UNION ALL (
            SELECT {CARD_COLUMNS}, -1, NULL, NULL, NULL, NULL FROM catalog.listings l
            WHERE NOT EXISTS (SELECT FROM base) AND l.in_stock ORDER BY {WANTED} LIMIT {BEST_SELLERS})"""  # noqa: S608
        if lonely
        else ""
    )
    return f"""
        WITH {asked}base AS MATERIALIZED (
            SELECT b.product_id, b.facets, b.in_stock, {placed} FROM (
                -- Given no words to weigh anew, this unpacks a document: once, not each time that it is looked at.
                SELECT l.*, setweight(l.document, 'A', '{{}}') AS words, {cover} AS cover
                FROM catalog.listings l WHERE l.ctid = ANY(ARRAY({which})) OFFSET 0
            ) b
        ), best AS MATERIALIZED (
            SELECT l.product_id, row_number() OVER (ORDER BY {order}) AS place FROM (
                SELECT * FROM base l WHERE {selected} ORDER BY {order} LIMIT :limit
                OFFSET :limit * (SELECT least(:page, (count(*) - 1) / :limit) FROM base l WHERE {selected})
            ) l
        ), counts(facets, products, beside) AS (
            {counts_sql(f"base l WHERE {selected}", other_facets(facets), PLACE if category else TOP)}
        )
        SELECT {CARD_COLUMNS}, best.place, NULL AS facets, NULL AS products, NULL AS beside, NULL AS chosen
        FROM best JOIN catalog.listings l USING (product_id)
        UNION ALL
        SELECT {nobody}, NULL, facets, products, beside, {chosen} FROM counts
        {instead}
        ORDER BY place
        """  # noqa: S608
