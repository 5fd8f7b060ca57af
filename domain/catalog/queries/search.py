"""From what a shopper typed to what the database looks for; any text at all is accepted."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches

LONGEST = 200
"""How many characters of a query are looked at."""

SKU_MARK = "#"
"""What a whole SKU begins with in the document, so that no word of a text is taken for one."""

# Letters that do not fall apart into a base and an accent; the database folds its side with `unaccent`.
_FOLDED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Search:
    """A query in its parts: `words` as typed but folded, `last` the word that may still be unfinished.

    An `exact` query quotes or excludes words: nothing else is looked for in its place.
    """

    words: str
    head: str
    last: str
    sku: str
    exact: bool

    @property
    def parameters(self) -> dict[str, str]:
        """Return the values for ASKED."""
        return {
            "head": self.head,
            "last": self.last,
            "prefix": f"'{self.last}':*" if self.last else "",
            "sku": f"'{SKU_MARK}{self.sku}'" if self.sku else "",
            "sku_prefix": f"'{SKU_MARK}{self.sku}':*" if len(self.sku) >= 3 else "",
        }


QUERY = """(
    (websearch_to_tsquery('english', :head) && (plainto_tsquery('english', :last) || CAST(:prefix AS tsquery)))
    || CAST(:sku_prefix AS tsquery)
)"""
"""The text search: every word must occur, the last one at least by its beginning; or a SKU begins like the whole."""

ASKED = f"WITH asked AS MATERIALIZED (SELECT {QUERY} AS query, CAST(:sku AS tsquery) AS sku)"
"""What MATCH and RANK compare with, worked out once; written in their place it would be once for every product."""

MATCH = "l.document @@ (SELECT query FROM asked)"

RANK = """(
    ts_rank('{0.05, 0.2, 0.5, 1.0}', l.document, (SELECT query FROM asked), 1)
    * CASE WHEN l.in_stock THEN 1.0 ELSE 0.6 END * (1 + ln(1 + greatest(l.popularity, 0)) / 20)
    + CASE WHEN l.document @@ (SELECT sku FROM asked) THEN 10 ELSE 0 END
)"""
"""How well a product answers: title over brand over category over description; an exact SKU comes first."""


def clean(value: str, longest: int = LONGEST) -> str:
    """Drop what no database text can hold, squeeze white space, and cut to a length."""
    kept = "".join(" " if unicodedata.category(char) in {"Cc", "Cs", "Cn"} else char for char in value[: 4 * longest])
    return " ".join(kept.split())[:longest].strip()


def fold(value: str) -> str:
    """Write letters small and without accents."""
    apart = unicodedata.normalize("NFKD", value.lower())
    return "".join(char for char in apart if not unicodedata.combining(char)).translate(_FOLDED)


def parse(query: str) -> Search | None:
    """Read a query; None if nothing in it can be searched for."""
    words = clean(fold(clean(query)))
    if not re.search(r"\w", words):
        return None
    # An excluded or quoted last word is finished; so is one that ends in a sign.
    unfinished = re.search(r"(?:^|[^\w\"-]|(?<=\w)-)([^\W_]+)$", words)
    last = unfinished[1] if unfinished and words.count('"') % 2 == 0 else ""
    head = words[: len(words) - len(last)] if last else words
    exact = '"' in words or words.startswith("-") or " -" in words
    sku = "" if exact else re.sub(r"[^a-z0-9]", "", words)[:64]
    return Search(words=words, head=head, last=last, sku=sku, exact=exact)


def correct(search: Search, titles: list[str]) -> str | None:
    """Put the nearest words of the titles found in place of misspelt ones; None if that changes nothing."""
    known = {word for title in titles for word in re.findall(r"\w+", fold(title))}
    typed = re.findall(r"\w+", search.words)
    nearest = [word if word in known else (get_close_matches(word, known, 1, 0.6) or [word])[0] for word in typed]
    return " ".join(nearest) if nearest != typed else None
