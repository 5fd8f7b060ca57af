"""The words that the search knows: those of the listing, and the ones that staff say mean the same."""

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db import Base, Entity


class Word(Base, kw_only=True):
    """A word of the listing's names, with how many listed products have it.

    `forms` holds the word and what is left of it without any one of its letters: two words that are one wrong, missing,
    doubled or swapped letter apart have a form in common. Kept by the refresh of the listing in its own statement.
    """

    __tablename__ = "words"
    __table_args__ = (
        Index("ix_words_forms", "forms", postgresql_using="gin"),
        Index("ix_words_beginning", "word", postgresql_ops={"word": "text_pattern_ops"}),
        Index("ix_words_alike", "word", postgresql_using="gin", postgresql_ops={"word": "gin_trgm_ops"}),
        {"schema": "catalog"},
    )

    word: Mapped[str] = mapped_column(Text, primary_key=True)
    products: Mapped[int]
    forms: Mapped[list[str]] = mapped_column(ARRAY(Text))


class Synonym(Entity, kw_only=True):
    """Terms that find the same products; with `one_way` the first one finds what the others do, not the reverse.

    `keys` holds the stems of each term in the order of the alphabet, by which a query finds the row.
    """

    __tablename__ = "synonyms"
    __table_args__ = (
        CheckConstraint("cardinality(terms) BETWEEN 2 AND 20", name="terms"),
        CheckConstraint("cardinality(keys) = cardinality(terms)", name="keys"),
        Index("ix_synonyms_keys", "keys", postgresql_using="gin"),
        {"schema": "catalog"},
    )

    terms: Mapped[list[str]] = mapped_column(ARRAY(Text))
    keys: Mapped[list[str]] = mapped_column(ARRAY(Text))
    one_way: Mapped[bool] = mapped_column(default=False)


class ListingBuild(Base, kw_only=True):
    """Which form the listing's rows have; a release that changes the form has them all worked out anew."""

    __tablename__ = "listing_builds"
    __table_args__ = ({"schema": "catalog"},)

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
