"""What may be meant while a query is still being typed: spellings, categories, brands and products."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import String, TextualSelect, bindparam
from sqlalchemy.orm import Session

from domain.catalog.queries.answers import MOST_WANTED, WANTED
from domain.catalog.queries.categories import CategoryLink
from domain.catalog.queries.search import SHORTEST_NUMBER, SKU_MARK, Search, has_digit, parse
from domain.catalog.queries.words import look_up
from domain.shared.db import reading
from domain.shared.money import Money

SHORTEST = 2
"""Fewer characters could become anything."""
MOST_WORDS, MOST_PLACES, MOST_PRODUCTS = 4, 3, 5
MOST_OTHERS = 50
"""How many products are looked at if those that are wanted most do not begin like that: they are few, then."""
_TRIED = 12
"""How many words are looked at for those that occur together with the words before them."""


@dataclass(frozen=True, slots=True)
class SuggestedProduct:
    """A product as a suggestion names it."""

    slug: str
    title: str
    brand_name: str
    price: Money
    in_stock: bool


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What to offer; `corrected` says that the words typed so far begin nothing and were taken for others."""

    queries: tuple[str, ...] = ()
    categories: tuple[CategoryLink, ...] = ()
    brands: tuple[str, ...] = ()
    products: tuple[SuggestedProduct, ...] = ()
    corrected: bool = False

    @property
    def count(self) -> int:
        """How many there are in all."""
        return len(self.queries) + len(self.categories) + len(self.brands) + len(self.products)


def suggest(session: Session, q: str, currency: str) -> Suggestions:
    """Return what a query may become; one statement, and two more if it is misspelt."""
    search = parse(q)
    if search is None or search.exact or len(search.text) < SHORTEST:
        return Suggestions()
    found = _suggest(session, search.words, currency)
    if found.count or len(search.text) < SHORTEST_NUMBER:
        return found
    words = _corrected(session, search)
    return _suggest(session, words, currency, corrected=True) if words != search.words else found


def _corrected(session: Session, search: Search) -> tuple[str, ...]:
    known = look_up(session, search)
    spelt = []
    for word in search.words:
        of = known.of(word)
        spelt.append(of.meant[0][0] if of.meant and not of.products else word)
    return tuple(spelt)


def _suggest(session: Session, words: tuple[str, ...], currency: str, *, corrected: bool = False) -> Suggestions:
    *before, last = words
    head = " & ".join(f"'{word}':AB" for word in before)
    begun = f"'{last}':*AB"
    number = "".join(words)
    sku = f" | '{SKU_MARK}{number}':*" if has_digit(number) and len(number) >= SHORTEST_NUMBER else ""
    parameters: dict[str, Any] = {
        "head": head,
        "before": " ".join([*before, ""]),
        "last": last.replace("%", "") + "%",
        "text": " ".join(words) + "%",
        "query": (f"{head} & {begun}" if head else begun) + sku,
    }
    rows = session.execute(_statement(bool(head)), parameters).all()
    of = {kind: [row for row in rows if row.kind == kind] for kind in ("word", "category", "brand", "product")}
    return Suggestions(
        queries=tuple(row.name for row in of["word"]),
        categories=tuple(CategoryLink(row.path, row.name) for row in of["category"]),
        brands=tuple(row.name for row in of["brand"]),
        products=tuple(
            SuggestedProduct(row.path, row.name, row.beside, Money(row.price, currency), row.in_stock)
            for row in of["product"]
        ),
        corrected=corrected,
    )


@lru_cache(maxsize=2)
def _statement(head: bool) -> TextualSelect:
    """Build the statement; as for a search, the query is written into it, so that its plan knows how many answer.

    Products that are wanted most are looked through in their order; others only if too few of those begin like that.
    """
    together = (
        "WHERE EXISTS (SELECT FROM catalog.listings l WHERE l.document @@ CAST(:head || ' & ' || quote_literal(w.word)"
        " AS tsquery))"
        if head
        else "WHERE true"
    )
    return reading(
        f"""
        WITH wanted AS MATERIALIZED (
            SELECT l.* FROM (SELECT * FROM catalog.listings l ORDER BY {WANTED} LIMIT {MOST_WANTED}) l
            WHERE l.document @@ CAST(:query AS tsquery) LIMIT {MOST_PRODUCTS}
        ), others AS MATERIALIZED (
            SELECT l.* FROM catalog.listings l
            WHERE l.document @@ CAST(:query AS tsquery) AND (SELECT count(*) FROM wanted) < {MOST_PRODUCTS}
                AND NOT EXISTS (SELECT FROM wanted w WHERE w.product_id = l.product_id)
            LIMIT {MOST_OTHERS}
        )
        (SELECT 'word' AS kind, :before || w.word AS name, '' AS path, '' AS beside, 0 AS price, true AS in_stock
         FROM (SELECT word, products FROM catalog.words WHERE word LIKE :last AND products > 0
               ORDER BY products DESC, word LIMIT {_TRIED}) w
         {together} ORDER BY w.products DESC, w.word LIMIT {MOST_WORDS})
        UNION ALL
        (SELECT 'category', c.name, c.path, '', 0, true FROM catalog.categories c
         WHERE lower(c.name) LIKE :text OR lower(c.name) LIKE '% ' || :text
         ORDER BY length(c.path), c.path LIMIT {MOST_PLACES})
        UNION ALL
        (SELECT 'brand', b.name, b.slug, '', 0, true FROM catalog.brands b
         WHERE lower(b.name) LIKE :text OR lower(b.name) LIKE '% ' || :text ORDER BY b.name LIMIT {MOST_PLACES})
        UNION ALL
        (SELECT 'product', l.title, l.slug, l.brand_name, l.price_min, l.in_stock
         FROM (SELECT * FROM wanted UNION ALL SELECT * FROM others) l ORDER BY {WANTED} LIMIT {MOST_PRODUCTS})
        """,  # noqa: S608
        "kind name path beside price in_stock",
        bindparam("query", type_=String, literal_execute=True),
    )
