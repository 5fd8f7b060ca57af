"""Categories and brands by the names that files give them, made where they are missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog.commands.category import create_brand, create_category
from domain.catalog.commands.slug import slug_of
from domain.catalog.queries.categories import category_ids

NOWHERE = ("Everything else",)
"""Where products stand of which the file does not say where they belong."""
DEEPEST, LONGEST_NAME = 8, 120


@dataclass
class Places:
    """What there is: categories by path, kinds of product by name, brands by slug and by their name's own.

    What has moved is also found by the addresses that it once had; `paths` says where each category is now.
    """

    categories: dict[str, UUID]
    paths: dict[UUID, str]
    brands: dict[str, UUID]
    types: dict[str, UUID]

    def now_at(self, path: str) -> str:
        """Return where the category is now that is or once was at a path; one that is nowhere will be there."""
        found = self.categories.get(path)
        return self.paths[found] if found else path

    def brand(self, name: str) -> UUID | None:
        """Return the brand of this name, if there is one."""
        return self.brands.get(slug_for(name)) if name else None


def read_places(session: Session) -> Places:
    """Return the categories, brands and kinds of product there are. Five statements."""
    types = {row.name: row.id for row in session.execute(text("SELECT name, id FROM catalog.product_types"))}
    rows = session.execute(text("SELECT slug, name, id FROM catalog.brands ORDER BY slug")).all()
    # A brand whose address was chosen by hand is found by its name all the same.
    brands = {slug_for(row.name): row.id for row in rows} | {row.slug: row.id for row in rows}
    present = category_ids(session)
    moved = _pairs(session, "SELECT path, category_id FROM catalog.old_paths")
    renamed = _pairs(session, "SELECT slug, brand_id FROM catalog.old_brand_slugs")
    return Places(moved | present, {id_: path for path, id_ in present.items()}, renamed | brands, types)


def _pairs(session: Session, sql: str) -> dict[str, UUID]:
    return {row[0]: row[1] for row in session.execute(text(sql))}


def slug_for(name: str) -> str:
    """Write a name as an address, also one that has no Latin letter in it."""
    return slug_of(name)[:80].rstrip("-") or f"x-{blake2b(name.encode(), digest_size=5).hexdigest()}"


def path_for(names: Sequence[str]) -> str:
    """Return the path of a category by the names on the way down to it."""
    return "/".join(slug_for(name) for name in names[:DEEPEST])


def category_for(session: Session, places: Places, names: Sequence[str], path: str = "") -> UUID:
    """Return the category that these names lead to, made with all above it where it is missing."""
    steps = path.split("/") if path and len(path.split("/")) == len(names) else [slug_for(name) for name in names]
    parent: UUID | None = None
    for depth in range(1, min(len(steps), DEEPEST) + 1):
        slug, said = steps[depth - 1], "/".join(steps[:depth])
        here = f"{places.paths[parent]}/{slug}" if parent else slug
        found = places.categories.get(here) or places.categories.get(said)
        if found is None:
            found = create_category(session, slug=slug, name=names[depth - 1][:LONGEST_NAME], parent_id=parent)
            places.categories[here], places.paths[found] = found, here
        parent = found
    assert parent is not None
    return parent


def brand_for(session: Session, places: Places, name: str) -> UUID:
    """Return the brand of this name, made if it is missing."""
    slug = slug_for(name)
    if slug not in places.brands:
        places.brands[slug] = create_brand(session, slug=slug, name=name[:LONGEST_NAME])
    return places.brands[slug]
