"""Changing the tree of categories, and brands: addresses that were once theirs lead to them for ever."""

from uuid import UUID

from sqlalchemy import delete, exists, select, text
from sqlalchemy.orm import Session

from domain.catalog.commands.seen import lock_seen
from domain.catalog.commands.slug import check_slug
from domain.catalog.errors import NoSuchCategory, TakenSlug, WrongTree
from domain.catalog.events import BrandChanged, CategoryChanged, PagesChanged, PlaceChanged
from domain.catalog.models import Brand, Category, OldBrandSlug, Product
from domain.catalog.models.collection import BRAND, CATEGORY
from domain.catalog.models.tree import LONGEST_PATH
from domain.shared.outbox import record

_AT_ONCE = 500

# Two moves at once could each be right and together make a circle; and a category must not be made below a path that
# is just being rewritten.
_LOCK_TREE = text("SELECT pg_advisory_xact_lock(1404108802)")
_TAKEN = text(
    """
    SELECT EXISTS (SELECT FROM catalog.categories WHERE path = :new AND id <> :id) OR EXISTS (
        SELECT FROM catalog.old_paths o
        JOIN catalog.categories c ON o.path = :new || substr(c.path, length(:old) + 1)
        WHERE (c.id = :id OR c.path LIKE :below) AND o.category_id <> c.id)
    """
)
_DEEPEST = text("SELECT coalesce(max(length(path)), 0) FROM catalog.categories WHERE path LIKE :below")
_REWRITE = text(
    """
    WITH moved AS (
        SELECT id, path AS old, :new || substr(path, length(:old) + 1) AS new
        FROM catalog.categories WHERE id = :id OR path LIKE :below
    ), back AS (
        DELETE FROM catalog.old_paths o USING moved m WHERE o.path = m.new AND o.category_id = m.id
    ), kept AS (
        INSERT INTO catalog.old_paths (path, category_id) SELECT old, id FROM moved
    )
    UPDATE catalog.categories c SET path = m.new, version = c.version + 1
    FROM moved m WHERE c.id = m.id AND c.id <> :id
    """
)


# What is named by a path is also all that stands below it; the address of a brand has nothing below.
_NAMED = "r ->> 'field' = :field AND (btrim(r ->> 'value') = :old OR starts_with(btrim(r ->> 'value'), :old || '/'))"
_FOLLOW = text(
    f"""
    UPDATE catalog.collections c SET version = version + 1, rules = (
        SELECT jsonb_agg(CASE WHEN {_NAMED} THEN jsonb_set(r, '{{value}}',
            to_jsonb(CAST(:new AS text) || substr(btrim(r ->> 'value'), length(:old) + 1))) ELSE r END ORDER BY place)
        FROM jsonb_array_elements(c.rules) WITH ORDINALITY AS each(r, place))
    WHERE EXISTS (SELECT FROM jsonb_array_elements(c.rules) AS each(r) WHERE {_NAMED})
    """  # noqa: S608
)


def lock_tree(session: Session) -> None:
    """Be the only one to change the tree until the transaction ends."""
    session.execute(_LOCK_TREE)


def is_taken(session: Session, path: str) -> bool:
    """Say whether a category stands at a path or once stood there."""
    taken: bool = session.scalar(
        text(
            "SELECT EXISTS (SELECT FROM catalog.categories WHERE path = :path)"
            " OR EXISTS (SELECT FROM catalog.old_paths WHERE path = :path)"
        ),
        {"path": path},
    )
    return taken


def update_category(
    session: Session,
    *,
    category_id: UUID,
    version: int,
    name: str,
    slug: str,
    parent_id: UUID | None,
    description: str = "",
    position: int = 0,
    seo_title: str = "",
    seo_description: str = "",
) -> None:
    """Change a category and move it with all below it; its old addresses lead to the new ones.

    Raises ChangedMeanwhile, NoSuchCategory for it or its parent, TakenSlug, and WrongTree for a place inside itself.
    """
    lock_tree(session)
    category = lock_seen(session, Category, category_id, version)
    if not name.strip():
        raise WrongTree("Enter a name.")
    if (slug, parent_id) != (category.slug, category.parent_id):
        move(session, category, parent_id, check_slug(slug))
    category.name, category.description, category.position = name.strip(), description, position
    category.seo_title, category.seo_description = seo_title, seo_description
    session.flush()
    record(session, CategoryChanged(category_id=category_id))


def update_brand(
    session: Session,
    *,
    brand_id: UUID,
    version: int,
    name: str,
    slug: str,
    description: str = "",
    seo_title: str = "",
    seo_description: str = "",
) -> None:
    """Change a brand; raises ChangedMeanwhile, NoSuchBrand and TakenSlug."""
    brand = lock_seen(session, Brand, brand_id, version)
    if not name.strip():
        raise WrongTree("Enter a name.")
    shown = {brand.slug, slug}
    if slug != brand.slug:
        _give_address(session, brand, check_slug(slug))
    brand.name, brand.description = name.strip(), description
    brand.seo_title, brand.seo_description = seo_title, seo_description
    session.flush()
    record(session, BrandChanged(brand_id=brand_id))
    record(session, PagesChanged(addresses=tuple(f"/brands/{one}" for one in sorted(shown))))


def tell_of_products(session: Session, *, category_id: UUID | None = None, brand_id: UUID | None = None) -> None:
    """Record that all products of a category and below it, or of a brand, have a new place, some with each event."""
    found = select(Product.id).order_by(Product.id)
    if category_id is not None:
        path = session.scalar(select(Category.path).where(Category.id == category_id))
        below = Category.path.startswith(f"{path}/", autoescape=True)
        found = found.join(Category, Category.id == Product.category_id).where((Category.path == path) | below)
    if brand_id is not None:
        found = found.where(Product.brand_id == brand_id)
    ids = session.scalars(found).all()
    for start in range(0, len(ids), _AT_ONCE):
        record(session, PlaceChanged(product_ids=tuple(ids[start : start + _AT_ONCE])))


def move(session: Session, category: Category, parent_id: UUID | None, slug: str) -> None:
    """Put a category elsewhere with all below it, in a tree that is locked; raises TakenSlug and WrongTree."""
    parent = session.get(Category, parent_id, populate_existing=True) if parent_id else None
    if parent_id is not None and parent is None:
        raise NoSuchCategory
    old = category.path
    new = f"{parent.path}/{slug}" if parent else slug
    names = {"id": category.id, "old": old, "new": new, "below": old.replace("_", "\\_") + "/%"}
    category.check_place(parent, slug)
    if max(session.scalar(_DEEPEST, names) or 0, len(old)) - len(old) + len(new) > LONGEST_PATH:
        raise WrongTree("What stands below would be too deep there: choose another place.")
    if session.scalar(_TAKEN, names):
        raise TakenSlug(new)
    session.execute(_REWRITE, names)
    _follow(session, CATEGORY, old, new)
    category.parent_id, category.slug, category.path = parent_id, slug, new


def _give_address(session: Session, brand: Brand, slug: str) -> None:
    """Let a brand go by another address; the old one leads to it. Raises TakenSlug for one that is or was another's."""
    own = (OldBrandSlug.slug == slug, OldBrandSlug.brand_id == brand.id)
    session.execute(delete(OldBrandSlug).where(*own))
    if is_brand_taken(session, slug):
        raise TakenSlug(slug)
    session.add(OldBrandSlug(slug=brand.slug, brand_id=brand.id))
    _follow(session, BRAND, brand.slug, slug)
    brand.slug = slug


def is_brand_taken(session: Session, slug: str) -> bool:
    """Say whether a brand has an address or once had it."""
    taken = exists().where(Brand.slug == slug) | exists().where(OldBrandSlug.slug == slug)
    return bool(session.scalar(select(taken)))


def _follow(session: Session, field: str, old: str, new: str) -> None:
    """Have the rules of collections name by its new address what they named by its old one, not go empty."""
    session.execute(_FOLLOW, {"field": field, "old": old, "new": new})
