"""Products on their way in: the import, its file, its rows, what is to be said of them, and pictures to be fetched."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, LargeBinary, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from domain.shared.db import Base, Entity, utcnow

COMING, READING, LOOKING, LOOKED, WRITING, DONE, FAILED, STOPPED = (
    "coming", "reading", "looking", "looked", "writing", "done", "failed", "stopped"
)  # fmt: skip
STATES = (COMING, READING, LOOKING, LOOKED, WRITING, DONE, FAILED, STOPPED)
"""An import's file comes and is read into rows; it is looked through as a preview; then it is written, or stopped."""
UNDER_WAY = frozenset({READING, LOOKING, WRITING})

WANTED, FETCHED, MISSING = "wanted", "fetched", "missing"


class ProductImport(Entity, kw_only=True):
    """One file taken in. `place` is the last product of it that was dealt with, of `products`: there it goes on."""

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(state) for state in STATES)})", name="state"),
        {"schema": "catalog"},
    )

    file_name: Mapped[str] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20), default=COMING)
    format: Mapped[str] = mapped_column(String(40), default="")
    encoding: Mapped[str] = mapped_column(String(20), default="")
    unread: Mapped[list[str]] = mapped_column(ARRAY(Text), default_factory=list)
    options: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    problem: Mapped[str] = mapped_column(String(500), default="")
    rows: Mapped[int] = mapped_column(default=0)
    products: Mapped[int] = mapped_column(default=0)
    place: Mapped[int] = mapped_column(default=0)
    made: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    rows_refused: Mapped[int] = mapped_column(default=0)
    stock_left: Mapped[int] = mapped_column(default=0)
    pictures: Mapped[int] = mapped_column(default=0)
    moved_at: Mapped[datetime] = mapped_column(default_factory=utcnow)

    @property
    def outcome(self) -> str:
        """The file's name, and in numbers what came of its products so far; short enough for the log of deeds."""
        return (
            f"{self.file_name[-80:]}: {self.made:,} made, {self.changed:,} changed, {self.same:,} as they were,"
            f" {self.refused:,} refused"
        )

    def begin(self, state: str) -> None:
        """Go on to the next step, from its first product."""
        self.state, self.place, self.moved_at = state, 0, utcnow()
        self.made = self.changed = self.same = self.refused = self.rows_refused = self.stock_left = self.pictures = 0

    def fail(self, problem: str) -> None:
        """Give it up, and say why."""
        self.state, self.problem, self.moved_at = FAILED, problem[:500], utcnow()


class ImportPiece(Base, kw_only=True):
    """A piece of the file, until it was read; here because workers elsewhere read it."""

    __tablename__ = "import_pieces"
    __table_args__ = ({"schema": "catalog"},)

    import_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.imports.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class ImportRow(Base, kw_only=True):
    """A row of the file; rows of one `key` are one product, the `place`-th of the import."""

    __tablename__ = "import_rows"
    __table_args__ = (
        Index("ix_import_rows_place", "import_id", "place", "line"),
        Index("ix_import_rows_sku", "import_id", "sku"),
        {"schema": "catalog"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True, init=False)
    import_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.imports.id", ondelete="CASCADE"))
    line: Mapped[int]
    key: Mapped[str] = mapped_column(Text)
    sku: Mapped[str] = mapped_column(Text)
    names: Mapped[list[str]] = mapped_column(ARRAY(Text))
    parent: Mapped[str] = mapped_column(Text)
    place: Mapped[int | None]
    cells: Mapped[dict[str, Any]]


class ImportNote(Base, kw_only=True):
    """A remark on a row: what is wrong with it and what to do, or what is worth knowing."""

    __tablename__ = "import_notes"
    __table_args__ = (Index("ix_import_notes_import_id", "import_id", "id"), {"schema": "catalog"})

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True, init=False)
    import_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.imports.id", ondelete="CASCADE"))
    step: Mapped[str] = mapped_column(String(20))
    line: Mapped[int]
    level: Mapped[str] = mapped_column(String(20))
    column: Mapped[str] = mapped_column(Text)
    sku: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    advice: Mapped[str] = mapped_column(Text)


class WantedPicture(Entity, kw_only=True):
    """A picture of a product that is to be fetched from an address, once."""

    __tablename__ = "wanted_pictures"
    __table_args__ = (
        CheckConstraint("state IN ('wanted', 'fetched', 'missing')", name="state"),
        Index("uq_wanted_pictures_product_url", "product_id", text("md5(url)"), unique=True),
        Index("ix_wanted_pictures_due", "next_try_at", postgresql_where=text("state = 'wanted'")),
        {"schema": "catalog"},
    )

    product_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.products.id", ondelete="CASCADE"))
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("catalog.imports.id", ondelete="SET NULL"), index=True)
    url: Mapped[str] = mapped_column(Text)
    alt: Mapped[str] = mapped_column(String(300))
    skus: Mapped[list[str]] = mapped_column(ARRAY(Text))
    state: Mapped[str] = mapped_column(String(20), default=WANTED)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(default_factory=utcnow)
    problem: Mapped[str] = mapped_column(String(300), default="")
