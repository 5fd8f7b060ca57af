"""How far what was typed is from a word that exists, and how likely that word was meant."""

import math
from collections.abc import Sequence

SHORTEST_CORRECTED = 3
"""Shorter words have too many others near them."""
TWO_SLIPS_FROM = 7
"""From this length on a word may have two slips in it."""

_SWAPPED, _DOUBLED, _MISSING, _WRONG, _FIRST = 0.0, 0.0, 0.4, 1.0, 1.2
"""What each kind of slip costs beside what frequency tells: fingers swap letters more often than they hit wrong ones,
and hardly ever miss the first one."""


def slip(typed: str, meant: str) -> float | None:
    """Return what it costs to take one word for another that is one slip away; None if it is more than one."""
    if typed == meant or abs(len(typed) - len(meant)) > 1:
        return None
    at = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), min(len(typed), len(meant)))
    first = _FIRST if at == 0 else 0.0
    if len(typed) > len(meant):
        if typed[at + 1 :] != meant[at:]:
            return None
        return _DOUBLED if at and typed[at] == typed[at - 1] else _WRONG + first
    if len(typed) < len(meant):
        return _MISSING + first if typed[at:] == meant[at + 1 :] else None
    if typed[at + 1 :] == meant[at + 1 :]:
        return _WRONG + first
    swapped = typed[at + 1 : at + 2] + typed[at : at + 1]
    return _SWAPPED + first / 2 if swapped == meant[at : at + 2] and typed[at + 2 :] == meant[at + 2 :] else None


def distance(typed: str, meant: str) -> int:
    """Return how many letters are wrong, missing or too many, two swapped neighbours counting as one."""
    rows: list[list[int]] = [list(range(len(meant) + 1))]
    for i, a in enumerate(typed, start=1):
        row = [i]
        for j, b in enumerate(meant, start=1):
            best = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == meant[j - 2] and typed[i - 2] == b:
                best = min(best, rows[i - 2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def likely(typed: str, known: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Order the words that `typed` may stand for, with how many products have each: the likeliest first."""
    found = []
    for word, products in known:
        cost = slip(typed, word)
        if cost is None and len(typed) >= TWO_SLIPS_FROM and distance(typed, word) == 2:
            cost = 4.0 + (_FIRST if typed[0] != word[0] else 0.0)
        if cost is not None:
            found.append((math.log1p(products) - 2 * cost, word, products))
    return [(word, products) for _, word, products in sorted(found, reverse=True)]
