"""The category tree as pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog.errors import NoSuchCategory
from domain.catalog.queries.picture import PictureView
from domain.catalog.queries.search import clean
from domain.shared.db import reading


@dataclass(frozen=True, slots=True)
class CategoryLink:
    """A link to a category, with the links below it where a menu shows them."""

    path: str
    name: str
    children: tuple["CategoryLink", ...] = ()


@dataclass(frozen=True, slots=True)
class CategoryTile:
    """A category as the home page shows it."""

    path: str
    name: str
    description: str
    picture: PictureView | None


@dataclass(frozen=True, slots=True)
class CategoryView:
    """The category that a list is of."""

    path: str
    name: str
    description: str
    picture: PictureView | None


@dataclass(frozen=True, slots=True)
class Place:
    """A category with the way down to it (itself last) and what lies directly below."""

    category: CategoryView
    breadcrumbs: tuple[CategoryLink, ...] = ()
    children: tuple[CategoryLink, ...] = field(default=())


def ancestors(path: str) -> list[str]:
    """Return the paths from the root down to this one: `a/b` gives `a` and `a/b`."""
    parts = path.split("/")
    return ["/".join(parts[: depth + 1]) for depth in range(len(parts))]


PLACE = """
    (SELECT jsonb_agg(jsonb_build_array(path, name, description, picture)) FROM (
        SELECT path, name, description, picture FROM catalog.categories WHERE path = ANY(CAST(:up AS text[]))
        UNION ALL
        (SELECT path, name, '', NULL FROM catalog.categories
         WHERE parent_id = (SELECT id FROM catalog.categories WHERE path = :path) ORDER BY position, name)
    ) near)
"""
"""What `to_place` reads: the category `path`, all that lie above it (`up`), and what lies directly below."""
TOP = """
    (SELECT jsonb_agg(jsonb_build_array(c.path, c.name, '', NULL) ORDER BY c.position, c.name) FROM catalog.categories c
     LEFT JOIN catalog.categories above ON above.id = c.parent_id
     WHERE c.parent_id IS NULL OR c.path = ANY(CAST(:within AS text[])) OR above.path = ANY(CAST(:within AS text[])))
"""
"""The same where no category is shown: the top of the tree, the categories `within` and what lies directly below."""
_PLACE = text(f"SELECT {PLACE}")
_OLD_PATH = text(
    "SELECT c.path FROM catalog.old_paths o JOIN catalog.categories c ON c.id = o.category_id WHERE o.path = :path"
)
_NAVIGATION = reading(
    """
    SELECT path, name FROM catalog.categories WHERE path NOT LIKE '%/%/%' ORDER BY position, name
    """,
    "path name",
)
_TILES = reading(
    """
    SELECT path, name, description, picture FROM catalog.categories WHERE parent_id IS NULL ORDER BY position, name
    """,
    "path name description picture",
)


def place(session: Session, path: str) -> Place:
    """Find a category with its breadcrumbs and children; raises NoSuchCategory. One statement."""
    return to_place(path, session.scalar(_PLACE, place_parameters(path)))


def place_parameters(path: str) -> dict[str, Any]:
    """Return the values for PLACE; raises NoSuchCategory for what can be no path."""
    if clean(path, 500) != path:
        raise NoSuchCategory
    return {"path": path, "up": ancestors(path)}


def to_place(path: str, rows: Sequence[Sequence[Any]] | None) -> Place:
    """Make a place of what PLACE gave; raises NoSuchCategory."""
    up = ancestors(path)
    found = {row[0]: row for row in rows or ()}
    if path not in found:
        raise NoSuchCategory
    _, name, description, picture = found[path]
    return Place(
        category=CategoryView(path, name, description, PictureView.from_json(picture)),
        breadcrumbs=tuple(CategoryLink(step, found[step][1]) for step in up if step in found),
        children=tuple(CategoryLink(other, row[1]) for other, row in found.items() if other not in up),
    )


def navigation(session: Session) -> tuple[CategoryLink, ...]:
    """Return the top of the tree with one level below it, for the menu. One statement."""
    rows = session.execute(_NAVIGATION).all()
    below: dict[str, list[CategoryLink]] = {}
    for row in rows:
        if "/" in row.path:
            below.setdefault(row.path.partition("/")[0], []).append(CategoryLink(row.path, row.name))
    return tuple(
        CategoryLink(row.path, row.name, tuple(below.get(row.path, ()))) for row in rows if "/" not in row.path
    )


def tiles(session: Session) -> tuple[CategoryTile, ...]:
    """Return the top-level categories with their pictures. One statement."""
    return tuple(
        CategoryTile(row.path, row.name, row.description, PictureView.from_json(row.picture))
        for row in session.execute(_TILES)
    )


def old_path(session: Session, path: str) -> str | None:
    """Return the present path of the category that once had this one, or None. One statement."""
    found: str | None = session.scalar(_OLD_PATH, {"path": clean(path, 500)})
    return found


def category_ids(session: Session) -> dict[str, UUID]:
    """Return the id of every category by its path, in the order of the paths. One statement."""
    rows = session.execute(text("SELECT path, id FROM catalog.categories ORDER BY path"))
    return {row.path: row.id for row in rows}


def brand_ids(session: Session) -> dict[str, UUID]:
    """Return the id of every brand by its slug, in the order of the slugs. One statement."""
    rows = session.execute(text("SELECT slug, id FROM catalog.brands ORDER BY slug"))
    return {row.slug: row.id for row in rows}
