"""Where products stand: the tree of categories, with the addresses it once had, and the brands."""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from domain.catalog.errors import WrongTree
from domain.shared.db import Base, Entity

LONGEST_PATH, LONGEST_SLUG = 500, 80


class Category(Entity, kw_only=True):
    """A place in the category tree; `path` is the slugs from the root, as in `kitchen/mugs`."""

    __tablename__ = "categories"
    __table_args__ = (
        Index("ix_categories_path_prefix", "path", postgresql_ops={"path": "text_pattern_ops"}),
        {"schema": "catalog"},
    )

    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("catalog.categories.id"), index=True, default=None)
    slug: Mapped[str] = mapped_column(String(LONGEST_SLUG))
    path: Mapped[str] = mapped_column(String(LONGEST_PATH), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    picture: Mapped[dict[str, Any] | None] = mapped_column(default=None)
    seo_title: Mapped[str] = mapped_column(String(255), default="", server_default="")
    seo_description: Mapped[str] = mapped_column(String(500), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own declaration

    def check_place(self, parent: "Category | None", slug: str) -> None:
        """Refuse a place inside itself, and one too deep in the tree; raises WrongTree."""
        if parent is not None and (parent.path == self.path or parent.path.startswith(f"{self.path}/")):
            raise WrongTree(f"“{self.name}” cannot stand inside itself. Choose a category that is not below it.")
        if len(slug) > LONGEST_SLUG:
            raise WrongTree("Choose a shorter address.")


class OldPath(Base, kw_only=True):
    """An address a category once had; it redirects for ever."""

    __tablename__ = "old_paths"
    __table_args__ = ({"schema": "catalog"},)

    path: Mapped[str] = mapped_column(String(LONGEST_PATH), primary_key=True)
    category_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.categories.id", ondelete="CASCADE"), index=True)


class OldBrandSlug(Base, kw_only=True):
    """An address a brand once had; it redirects for ever."""

    __tablename__ = "old_brand_slugs"
    __table_args__ = ({"schema": "catalog"},)

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    brand_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.brands.id", ondelete="CASCADE"), index=True)


class Brand(Entity, kw_only=True):
    """Who made it."""

    __tablename__ = "brands"
    __table_args__ = ({"schema": "catalog"},)

    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    seo_title: Mapped[str] = mapped_column(String(255), default="", server_default="")
    seo_description: Mapped[str] = mapped_column(String(500), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own declaration
