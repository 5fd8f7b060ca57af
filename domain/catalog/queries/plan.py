"""From the words of a query to what PostgreSQL's text search is asked, in the order in which it is tried."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product

from domain.catalog.queries.search import SHORTEST_NUMBER, SKU_MARK, Search, has_digit
from domain.catalog.queries.words import Known, Vocabulary, halves

MOST_VARIANTS = 6
"""How many spellings of a query are tried before some of its words are given up."""
FAR_MORE = 20
"""A neighbour that so many times more products have may be what was meant by a word that exists too."""
TOO_MANY = 5_000
"""A word that more products have is given up first: it says little."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a query. `words` is how it is spelt then, `query` what is asked.

    The reading counts only if `probe` has an answer. `parts` holds a query for each word and what it weighs, for
    readings that give up some of the words.
    """

    words: str
    query: str
    probe: str = ""
    corrected: bool = False
    parts: tuple[tuple[str, float], ...] = ()


def readings(search: Search, known: Vocabulary) -> list[Reading]:
    """Return the ways to read a query, the likeliest first; the last ones give up some of its words."""
    spelt = _spellings(search, known)
    found = []
    for words in spelt:
        query = _all_of(search, known, words)
        found.append(Reading(" ".join(words), query, query, corrected=words != search.words))
    best = next((words for words in spelt if all(_exists(known.of(word)) for word in words)), spelt[0])
    relaxed = _some_of(search, known, best)
    # Of several ways to spell two words, the one that stands somewhere as it is says more than how frequent each is.
    together = [
        replace(way, probe=_phrase(known, words)) for way, words in zip(found, spelt, strict=True) if way.corrected
    ]
    doubtful = len(search.words) > 1 and found[0].corrected
    return [*(together if doubtful else ()), *found, *([] if doubtful else together), *([relaxed] if relaxed else [])]


def suggestion(search: Search, known: Vocabulary) -> str | None:
    """Return how the query would be spelt with far more frequent words in place of rare ones; None if that is it."""
    words = []
    for word in search.words:
        of = known.of(word)
        better = next((other for other, products in of.meant if products >= FAR_MORE * max(of.products, 1)), None)
        words.append(better or word)
    return None if tuple(words) == search.words else " ".join(words)


def _spellings(search: Search, known: Vocabulary) -> list[tuple[str, ...]]:
    """Return the spellings to try: words that exist as typed, others as what they may be a misspelling of."""
    last = len(search.words) - 1
    options: list[list[tuple[str, float]]] = []
    for i, word in enumerate(search.words):
        of = known.of(word)
        meant = [(other, 1.0 + place) for place, (other, _) in enumerate(of.meant[:3])]
        begun = of.beginning if i == last and search.unfinished else 0
        nearest = of.meant[0][1] if of.meant else 0
        if of.products or has_digit(word) or not meant or begun * 3 >= nearest or _compound(known, search, i):
            options.append([(word, 0.0), *meant])
        else:
            # It is nowhere, or only somewhere in a description: then the others are tried first or next.
            options.append(sorted([(word, 0.5 if of.prose else 9.0), *meant], key=lambda option: option[1]))
    ranked = sorted(product(*(choices[:4] for choices in options[:MOST_VARIANTS])), key=lambda c: sum(o[1] for o in c))
    tail = tuple(choices[0][0] for choices in options[MOST_VARIANTS:])
    return [tuple(word for word, _ in choice) + tail for choice in ranked[:MOST_VARIANTS]]


def _compound(known: Vocabulary, search: Search, i: int) -> bool:
    """Say whether a word exists as part of one that was written in two, or as two that were written in one."""
    around = [search.words[i] + search.words[i + 1]] if i + 1 < len(search.words) else []
    around += [search.words[i - 1] + search.words[i]] if i else []
    return any(known.of(word).products for word in around) or bool(_two_in_one(known, search.words[i]))


def _two_in_one(known: Vocabulary, word: str) -> list[tuple[str, str]]:
    if known.of(word).products:
        return []
    return [pair for pair in halves(word) if all(known.of(half).products for half in pair)]


def _exists(of: Known) -> bool:
    return bool(of.products or of.prose or of.beginning)


def _all_of(search: Search, known: Vocabulary, words: Sequence[str]) -> str:
    """Ask for every word, or what stands for some of them; or for the whole as the beginning of a part number."""
    groups = _groups(search, known, words)
    spans = _spans(search, known, words)
    asked, i = [], 0
    while i < len(words):
        end = max((end for first, end in spans if first == i), default=i + 1)
        inner = _and(groups[i:end])
        asked.append(_or([inner, *spans.get((i, end), ())]) if inner else _or(spans.get((i, end), ())))
        i = end
    whole = [f"'{SKU_MARK}{search.number}':*"] if search.number else []
    return _or([_and(part for part in asked if part), *whole])


def _some_of(search: Search, known: Vocabulary, words: Sequence[str]) -> Reading | None:
    """Ask for all but one of the words, or for any of them that not nearly everything has."""
    groups = {
        word: (group, known.of(word))
        for word, group in zip(words, _groups(search, known, words), strict=True)
        if group and (_exists(known.of(word)) or has_digit(word))
    }
    if not groups or len(words) < 2:
        return None
    frequent = {word: of.products for word, (_, of) in groups.items()}
    telling = [word for word, products in frequent.items() if products <= TOO_MANY]
    kept = telling or [min(frequent, key=lambda word: frequent[word])]
    # The rarer a word, the more it says: as much as halving the number of products that have it adds.
    parts = tuple((groups[word][0], 1 + 1 / (1 + frequent[word]) ** 0.25) for word in groups)
    query = _or(groups[word][0] for word in kept)
    return Reading(" ".join(words), query, query, tuple(words) != search.words, parts)


def _phrase(known: Vocabulary, words: Sequence[str]) -> str:
    """Ask for words that stand one after the other."""
    return " <-> ".join(f"'{known.of(word).stems[0]}'" for word in words if known.of(word).stems) or "''"


def _groups(search: Search, known: Vocabulary, words: Sequence[str]) -> list[str]:
    """Return for each word what finds it in any of its forms; nothing for words that say nothing."""
    last = len(words) - 1
    groups = []
    for i, word in enumerate(words):
        of = known.of(word)
        if not of.stems:
            groups.append("")
            continue
        forms = [*dict.fromkeys((*of.stems, word))]
        found = [f"'{form}'" for form in forms]
        if i == last and search.unfinished and word == search.words[i] and not of.products and len(word) > 1:
            found.append(f"'{word}':*")
        if has_digit(word) and len(word) >= SHORTEST_NUMBER:
            found.append(f"'{SKU_MARK}{word}':*")
        found += [f"('{one}' <-> '{other}')" for one, other in _two_in_one(known, word)]
        groups.append(_or(found))
    if not any(groups):
        return [f"'{word}'" for word in words]
    return groups


def _spans(search: Search, known: Vocabulary, words: Sequence[str]) -> dict[tuple[int, int], list[str]]:
    """Return what stands for several words at once, or means the same as one."""
    found: dict[tuple[int, int], list[str]] = {}
    pairs = [(i, i + 2) for i in range(len(words) - 1)]
    for first, end in dict.fromkeys((*search.joined, *pairs)):
        one = "".join(words[first:end])
        if known.of(one).products:
            found.setdefault((first, end), []).extend(
                f"'{form}'" for form in dict.fromkeys((*known.of(one).stems, one))
            )
        elif has_digit(one) and len(one) >= SHORTEST_NUMBER:
            found.setdefault((first, end), []).append(f"'{SKU_MARK}{one}':*")
    for first in range(len(words)):
        for end in range(first + 1, len(words) + 1):
            for term in known.synonyms.get(" ".join(words[first:end]), ()):
                asked = _and(_or(f"'{stem}'" for stem in stems) for stems in term if stems)
                if asked:
                    found.setdefault((first, end), []).append(asked)
    return found


def _and(parts: Iterable[str]) -> str:
    kept = [part for part in parts if part]
    return kept[0] if len(kept) == 1 else f"({' & '.join(kept)})" if kept else ""


def _or(parts: Iterable[str]) -> str:
    kept = [*dict.fromkeys(part for part in parts if part)]
    return kept[0] if len(kept) == 1 else f"({' | '.join(kept)})" if kept else ""
