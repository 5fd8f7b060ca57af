"""What shoppers looked for and did not find."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.analytics.periods import Period


@dataclass(frozen=True)
class EmptySearch:
    """Words that were searched for, how often, and how often nothing was found."""

    words: str
    searches: int
    empty: int


_EMPTY = text(
    """
    SELECT words, sum(searches) AS searches, sum(empty) AS empty FROM analytics.search_facts
    WHERE day BETWEEN :first AND :last GROUP BY words HAVING sum(empty) > 0 ORDER BY empty DESC, words LIMIT :most
    """
)


def empty_searches(session: Session, span: Period, *, most: int = 50) -> tuple[EmptySearch, ...]:
    """Return the searches of a span of days that found nothing, the most frequent first. One SELECT."""
    rows = session.execute(_EMPTY, {"first": span.first, "last": span.last, "most": most})
    return tuple(EmptySearch(row.words, int(row.searches), int(row.empty)) for row in rows)
