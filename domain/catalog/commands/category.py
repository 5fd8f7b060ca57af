"""Making categories and brands. A category shows on every page, in the menu or on the way down to a product."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalog.commands.tree import is_brand_taken, is_taken, lock_tree
from domain.catalog.errors import NoSuchCategory, TakenSlug
from domain.catalog.events import PagesChanged
from domain.catalog.models import Brand, Category
from domain.shared.outbox import record
from domain.shared.pages import EVERY


def create_category(
    session: Session,
    *,
    slug: str,
    name: str,
    parent_id: UUID | None = None,
    description: str = "",
    position: int = 0,
    picture: dict[str, Any] | None = None,
) -> UUID:
    """Make a category below another or at the top; raises NoSuchCategory for the parent, and TakenSlug."""
    lock_tree(session)
    path = slug
    if parent_id is not None:
        parent = session.get(Category, parent_id, populate_existing=True)
        if parent is None:
            raise NoSuchCategory
        path = f"{parent.path}/{slug}"
    if is_taken(session, path):
        raise TakenSlug(path)
    category = Category(
        slug=slug,
        path=path,
        name=name,
        parent_id=parent_id,
        description=description,
        position=position,
        picture=picture,
    )
    session.add(category)
    session.flush()
    record(session, PagesChanged(addresses=(EVERY,)))
    return category.id


def set_category_picture(session: Session, *, category_id: UUID, picture: dict[str, Any] | None) -> None:
    """Show a picture with a category, or none; raises NoSuchCategory."""
    category = session.get(Category, category_id)
    if category is None:
        raise NoSuchCategory
    category.picture = picture
    record(session, PagesChanged(addresses=(EVERY,)))


def create_brand(session: Session, *, slug: str, name: str, description: str = "") -> UUID:
    """Make a brand; raises TakenSlug."""
    if is_brand_taken(session, slug):
        raise TakenSlug(slug)
    brand = Brand(slug=slug, name=name, description=description)
    session.add(brand)
    session.flush()
    return brand.id
