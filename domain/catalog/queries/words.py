"""What the shop knows about the words of a query: whether they occur, what else they may mean, how they are stemmed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from domain.catalog.queries.search import Search, has_digit
from domain.catalog.queries.spelling import SHORTEST_CORRECTED, TWO_SLIPS_FROM, likely
from domain.shared.db import reading

SHORTEST_HALF = 3
"""Two words that were written in one have at least so many letters each."""
LONGEST_TERM = 4
"""Synonyms of up to so many words are looked for in a query."""
RARE = 25
"""A word that so many products have is not asked for its neighbours: it is surely meant."""
_MOST_NEIGHBOURS = 30


@dataclass(frozen=True, slots=True)
class Known:
    """What the shop knows of one word.

    `products` have it among their names; `beginning` is how many have the most frequent word that begins with it; in
    `prose` says that it occurs at least in a description. `stems` is empty for a word that says nothing, such as "the".
    `meant` are the words it may be a misspelling of, the likeliest first, with how many products have each.
    """

    products: int = 0
    beginning: int = 0
    prose: bool = False
    stems: tuple[str, ...] = ()
    meant: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the shop knows of a query's words and of every term that could stand for some of them."""

    words: Mapping[str, Known]
    synonyms: Mapping[str, tuple[tuple[tuple[str, ...], ...], ...]] = field(default_factory=dict)
    """For each run of words of the query, the terms that mean the same, each as the stems of its words."""

    def of(self, word: str) -> Known:
        """Return what is known of a word, which may be nothing."""
        return self.words.get(word) or Known(stems=(word,))


_STEMS = "coalesce(ts_lexize('english_stem', {word}), ARRAY[{word}])"
_KEY = "array_to_string(tsvector_to_array(to_tsvector('english', {term})), ' ')"
_LOOK_UP = reading(
    f"""
    WITH asked AS MATERIALIZED (
        SELECT a.*, w.products
        FROM unnest(CAST(:words AS text[]), CAST(:forms AS text[]), CAST(:before AS text[]), CAST(:after AS text[]))
            AS a(word, forms, before, after)
        LEFT JOIN catalog.words w USING (word)
    ), near AS MATERIALIZED (
        SELECT a.word, c.word AS other, c.products
        FROM asked a CROSS JOIN LATERAL (
            SELECT c.word, c.products FROM catalog.words c
            WHERE c.forms && string_to_array(a.forms, ' ') AND c.word <> a.word AND c.products > 0
            ORDER BY c.products DESC LIMIT {_MOST_NEIGHBOURS}
        ) c
        WHERE a.forms <> '' AND coalesce(a.products, 0) < {RARE}
        UNION ALL
        SELECT a.word, c.word, c.products
        FROM asked a CROSS JOIN LATERAL (
            SELECT c.word, c.products FROM catalog.words c
            WHERE c.word % a.word AND c.products > 0 AND c.word !~ '[[:digit:]]'
            ORDER BY similarity(c.word, a.word) DESC LIMIT {_MOST_NEIGHBOURS}
        ) c
        WHERE a.forms <> '' AND coalesce(a.products, 0) = 0 AND length(a.word) >= {TWO_SLIPS_FROM}
    ), terms AS MATERIALIZED (
        SELECT term, {_KEY.format(term="term")} AS key
        FROM (
            SELECT unnest(CAST(:terms AS text[])) AS term UNION SELECT other FROM near
            UNION SELECT concat_ws(' ', a.before, n.other) FROM near n JOIN asked a USING (word)
            UNION SELECT concat_ws(' ', n.other, a.after) FROM near n JOIN asked a USING (word)
        ) t
    )
    SELECT a.word, coalesce(a.products, 0) AS products,
        CASE WHEN a.forms <> '' AND a.after IS NULL THEN (
            SELECT max(b.products) FROM catalog.words b WHERE b.word LIKE a.word || '%' AND b.word <> a.word) END
            AS beginning,
        coalesce(a.products, 0) = 0 AND a.forms <> '' AND EXISTS (
            SELECT FROM catalog.listings l
            WHERE l.document @@ CAST(quote_literal(({_STEMS.format(word="a.word")})[1]) AS tsquery)) AS prose,
        to_jsonb({_STEMS.format(word="a.word")}) AS stems,
        (SELECT jsonb_agg(DISTINCT jsonb_build_array(n.other, n.products, {_STEMS.format(word="n.other")}))
         FROM near n WHERE n.word = a.word) AS meant
    FROM asked a
    UNION ALL
    SELECT t.term, -1, NULL, NULL, NULL, (
        SELECT jsonb_agg((
            SELECT jsonb_agg({_STEMS.format(word="part")} ORDER BY place)
            FROM regexp_split_to_table(lower(unaccent(s.terms[i])), '[^[:alnum:]]+')
                WITH ORDINALITY AS p(part, place)
            WHERE part <> ''))
        FROM generate_subscripts(s.terms, 1) AS i WHERE s.keys[i] <> t.key AND (NOT s.one_way OR i > 1))
    FROM terms t JOIN catalog.synonyms s ON s.keys @> ARRAY[t.key] AND (NOT s.one_way OR s.keys[1] = t.key)
    WHERE t.key <> ''
    """,  # noqa: S608
    "word products beginning prose stems meant",
)


def look_up(session: Session, search: Search) -> Vocabulary:
    """Return what the shop knows of the words of a query and of those next to them. One statement."""
    words: dict[str, tuple[str, str | None, str | None]] = dict.fromkeys(_spans(search), ("", None, None))
    for before, word, after in zip((None, *search.words), search.words, (*search.words[1:], None), strict=False):
        words[word] = (" ".join(sorted(forms(word))) if _correctable(word) else "", before, after)
    rows = session.execute(
        _LOOK_UP,
        {
            "words": list(words),
            "forms": [about[0] for about in words.values()],
            "before": [about[1] for about in words.values()],
            "after": [about[2] for about in words.values()],
            "terms": list(dict.fromkeys(_terms(search))),
        },
    ).all()
    known: dict[str, Known] = {}
    others: dict[str, Known] = {}
    synonyms: dict[str, tuple[tuple[tuple[str, ...], ...], ...]] = {}
    for word, products, beginning, prose, stems, meant in rows:
        if products < 0:
            synonyms[word] = synonyms.get(word, ()) + tuple(_term(term) for term in meant or ())
            continue
        others |= {other: Known(products=count, stems=tuple(of)) for other, count, of in meant or ()}
        near = likely(word, [(other, count) for other, count, _ in meant or ()])
        known[word] = Known(products, beginning or 0, bool(prose), tuple(stems), tuple(near))
    return Vocabulary(others | known, synonyms)


def forms(word: str) -> set[str]:
    """Return a word and what is left of it without any one letter: see Word."""
    return {form for form in (word, *(word[:i] + word[i + 1 :] for i in range(len(word)))) if form}


def halves(word: str) -> list[tuple[str, str]]:
    """Return the ways to take a word for two that were written in one."""
    if has_digit(word):
        return []
    return [(word[:i], word[i:]) for i in range(SHORTEST_HALF, len(word) - SHORTEST_HALF + 1)][:20]


def _correctable(word: str) -> bool:
    return SHORTEST_CORRECTED <= len(word) <= 24 and not has_digit(word)


def _spans(search: Search) -> Iterable[str]:
    """Return what is looked up beside the words: pairs of them in one, and both halves of each."""
    for first, end in search.joined:
        yield "".join(search.words[first:end])
    for i in range(len(search.words) - 1):
        yield search.words[i] + search.words[i + 1]
    for word in search.words:
        for pair in halves(word):
            yield from pair


def _terms(search: Search) -> Iterable[str]:
    for first in range(len(search.words)):
        for end in range(first + 1, min(len(search.words), first + LONGEST_TERM) + 1):
            yield " ".join(search.words[first:end])


def _term(parts: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(stems) for stems in parts or ())
