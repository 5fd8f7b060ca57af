"""Saying which words of shoppers mean the same; the next search knows it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog.errors import NoSuchSynonym, WrongSynonym
from domain.catalog.events import PagesChanged
from domain.catalog.models import Synonym
from domain.catalog.queries.search import clean, fold
from domain.shared.db import lock_one
from domain.shared.outbox import record
from domain.shared.pages import EVERY
from domain.shared.stamp import check_seen

MOST_TERMS, LONGEST_TERM = 20, 80
_KEYS = text(
    r"""
    SELECT array_to_string(tsvector_to_array(to_tsvector('english',
        regexp_replace(lower(unaccent(term)), '[^[:alnum:]]+', ' ', 'g'))), ' ')
    FROM unnest(CAST(:terms AS text[])) WITH ORDINALITY AS t(term, place) ORDER BY place
    """
)


def save_synonym(
    session: Session,
    *,
    synonym_id: UUID | None = None,
    terms: Sequence[str],
    one_way: bool,
    seen: str | None = None,
) -> UUID:
    """Make a group of terms that mean the same, or change one; raises NoSuchSynonym and WrongSynonym.

    With `one_way` whoever looks for the first term finds the others too, but not the reverse. With `seen`, the version
    that was shown, raises ChangedMeanwhile if the group is no longer that one.
    """
    kept = list({fold(term): term for term in (clean(raw, LONGEST_TERM).lower() for raw in terms) if term}.values())
    keys = list(session.scalars(_KEYS, {"terms": kept})) if kept else []
    if len(set(keys)) < 2:
        raise WrongSynonym("Enter at least two terms that are not forms of one word, with commas between them.")
    if len(kept) > MOST_TERMS:
        raise WrongSynonym(f"Enter at most {MOST_TERMS} terms.")
    silent = next((term for term, key in zip(kept, keys, strict=True) if not key), None)
    if silent:
        raise WrongSynonym(f"Nobody can look for “{silent}”: it says nothing by itself.")
    if synonym_id is None:
        synonym = Synonym(terms=kept, keys=keys, one_way=one_way)
        session.add(synonym)
    else:
        found = lock_one(session, Synonym, synonym_id)
        if found is None:
            raise NoSuchSynonym
        synonym = found
        check_seen(seen, tuple(synonym.terms), synonym.one_way, what="row")
        synonym.terms, synonym.keys, synonym.one_way = kept, keys, one_way
    session.flush()
    # Searches that are kept as pages are worked out anew.
    record(session, PagesChanged(addresses=(EVERY,)))
    return synonym.id


def remove_synonym(session: Session, *, synonym_id: UUID, seen: str | None = None) -> None:
    """Forget that terms mean the same; raises NoSuchSynonym.

    With `seen`, the version that was shown, raises ChangedMeanwhile if the group is no longer that one.
    """
    synonym = lock_one(session, Synonym, synonym_id)
    if synonym is None:
        raise NoSuchSynonym
    check_seen(seen, tuple(synonym.terms), synonym.one_way, what="row")
    session.delete(synonym)
    record(session, PagesChanged(addresses=(EVERY,)))
