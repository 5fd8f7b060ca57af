"""Measuring answers against judgments: nDCG, and queries with one wrong letter in them."""

import math
import random
import string
from collections.abc import Mapping, Sequence

DEPTH = 10
"""How many answers of each query count."""


def ndcg(answers: Sequence[str], ratings: Mapping[str, int], *, judged_only: bool) -> float | None:
    """Return nDCG at ten: the sum of (2^rating - 1) / log2(place + 1), as a share of the best order's.

    An answer that nobody judged counts as rated 0, or is passed over with `judged_only`, as nobody knows how good it
    is. None if no product was judged to be of any use: no order is better than another.
    """
    best = sorted(ratings.values(), reverse=True)
    if not any(best):
        return None
    seen = [answer for answer in answers if answer in ratings] if judged_only else answers
    return _gain([ratings.get(answer, 0) for answer in seen]) / _gain(best)


def _gain(ratings: Sequence[int]) -> float:
    return sum((2**rating - 1) / math.log2(place + 2) for place, rating in enumerate(ratings[:DEPTH]))


def with_typo(query: str, chance: random.Random) -> str:
    """Return the query with one letter wrong, missing, doubled or swapped with the next, in one of its longer words."""
    words = query.split()
    long = [i for i, word in enumerate(words) if len(word) >= 4 and word.isalpha()] or [
        max(range(len(words)), key=lambda i: len(words[i]))
    ]
    i = chance.choice(long)
    words[i] = _misspelt(words[i], chance)
    return " ".join(words)


def _misspelt(word: str, chance: random.Random) -> str:
    kind = chance.choice(("wrong", "missing", "doubled", "swapped"))
    at = chance.randrange(len(word))
    if kind == "swapped":
        pairs = [i for i in range(len(word) - 1) if word[i] != word[i + 1]]
        if pairs:
            at = chance.choice(pairs)
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        kind = "wrong"
    if kind == "missing" and len(word) > 2:
        return word[:at] + word[at + 1 :]
    if kind == "wrong":
        return word[:at] + chance.choice([c for c in string.ascii_lowercase if c != word[at]]) + word[at + 1 :]
    return word[: at + 1] + word[at:]
