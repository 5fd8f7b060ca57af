"""From what a shopper typed to its words; any text at all is accepted."""

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 200
"""How many characters of a query are looked at."""
MOST_WORDS = 12
"""How many words of a query are looked at."""

SKU_MARK = "#"
"""What a part number begins with in the document, so that no word of a text is taken for one."""
SHORTEST_NUMBER = 3
"""Fewer characters are no part number, nor the beginning of one."""

# Letters that do not fall apart into a base and an accent; the database folds its side with `unaccent`.
_FOLDED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Search:
    """A query in its words, folded.

    `joined` holds spans of words, from the first to behind the last, that were written in one: `tn-2110` is two
    words and one span. `unfinished` says that the last word may still be typed. A query with quotes or with words that
    are excluded is `exact`, as PostgreSQL's own web search reads it: nothing else is looked for in its place.
    """

    words: tuple[str, ...]
    joined: tuple[tuple[int, int], ...]
    unfinished: bool
    exact: str

    @property
    def number(self) -> str:
        """All of it as a part number, without what stands between; empty if it can be none."""
        number = "".join(self.words)
        return number if len(number) >= SHORTEST_NUMBER and has_digit(number) and not self.exact else ""

    @property
    def text(self) -> str:
        """The words with blanks between them."""
        return " ".join(self.words)


def clean(value: str, longest: int = LONGEST) -> str:
    """Drop what no database text can hold, squeeze white space, and cut to a length."""
    kept = value[: 4 * longest]
    if not kept.isprintable():
        kept = "".join(" " if unicodedata.category(char) in {"Cc", "Cs", "Cn"} else char for char in kept)
    return " ".join(kept.split())[:longest].strip()


def fold(value: str) -> str:
    """Write letters small and without accents."""
    apart = unicodedata.normalize("NFKD", value.lower())
    return "".join(char for char in apart if not unicodedata.combining(char)).translate(_FOLDED)


def has_digit(word: str) -> bool:
    """Say whether a word is a number or part of one: such a word is never corrected."""
    return any(char.isdigit() for char in word)


def parse(query: str) -> Search | None:
    """Read a query; None if nothing in it can be searched for."""
    typed = clean(fold(clean(query)))
    words: list[str] = []
    joined: list[tuple[int, int]] = []
    for chunk in typed.split():
        parts = re.findall(r"[^\W_]+", chunk)[: MOST_WORDS - len(words)]
        if len(parts) > 1:
            joined.append((len(words), len(words) + len(parts)))
        words += parts
    if not words:
        return None
    exact = '"' in typed or typed.startswith("-") or " -" in typed
    return Search(
        words=tuple(words),
        joined=tuple(joined),
        unfinished=typed[-1].isalnum() and not exact,
        # Signs within a word separate words, as they do in the document.
        exact=re.sub(r"(?<=[^\W_])[^\w\s\"]+(?=[^\W_])", " ", typed) if exact else "",
    )
