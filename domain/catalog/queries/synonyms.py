"""Which words mean the same, as staff see it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalog.errors import NoSuchSynonym
from domain.catalog.models import Synonym
from domain.shared.stamp import stamp


@dataclass(frozen=True, slots=True)
class SynonymRow:
    """A group of terms; with `one_way` the first finds the others, not the reverse."""

    id: UUID
    terms: tuple[str, ...]
    one_way: bool

    @property
    def version(self) -> str:
        """A stamp of the terms and their direction."""
        return stamp(self.terms, self.one_way)


def synonym_list(session: Session) -> tuple[SynonymRow, ...]:
    """Return every group, by its first term. One statement."""
    rows = session.execute(select(Synonym.id, Synonym.terms, Synonym.one_way))
    return tuple(sorted((SynonymRow(row.id, tuple(row.terms), row.one_way) for row in rows), key=lambda row: row.terms))


def one_synonym(session: Session, synonym_id: UUID) -> SynonymRow:
    """Return one group; raises NoSuchSynonym. One statement."""
    row = session.execute(
        select(Synonym.id, Synonym.terms, Synonym.one_way).where(Synonym.id == synonym_id)
    ).one_or_none()
    if row is None:
        raise NoSuchSynonym
    return SynonymRow(row.id, tuple(row.terms), row.one_way)
