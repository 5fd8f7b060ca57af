"""Taking categories, brands, collections and product types away: what stood in them goes on, elsewhere or without."""

import json
from uuid import UUID

from sqlalchemy import exists, select, text, update
from sqlalchemy.orm import Session

from domain.catalog.commands.seen import lock_seen
from domain.catalog.commands.tree import lock_tree, move, tell_of_products
from domain.catalog.errors import (
    NoSuchBrand,
    NoSuchCategory,
    NoSuchCollection,
    WrongCollection,
    WrongTree,
)
from domain.catalog.events import CategoryChanged, CollectionChanged, PagesChanged
from domain.catalog.models import (
    Brand,
    Category,
    Collection,
    OldBrandSlug,
    OldCollectionSlug,
    OldPath,
    Product,
    ProductType,
)
from domain.catalog.models.collection import BRAND, CATEGORY
from domain.shared.db import lock_one
from domain.shared.errors import ChangedMeanwhile
from domain.shared.outbox import record
from domain.shared.pages import EVERY

_CHOOSES = text("SELECT title FROM catalog.collections WHERE rules @> CAST(:rule AS jsonb) ORDER BY title LIMIT 3")


def remove_category(session: Session, *, category_id: UUID, version: int, into: UUID | None) -> None:
    """Take a category away; its products, what stands below it and its addresses go to another, or to the one above.

    One at the top has none above, so there another must be named unless nothing is in it. Raises ChangedMeanwhile,
    NoSuchCategory for either, TakenSlug for a category below whose address is taken there, and WrongTree.
    """
    lock_tree(session)
    category = lock_seen(session, Category, category_id, version)
    _refuse_chosen(session, CATEGORY, category.path, "category")
    target = _target(session, category, into or category.parent_id)
    children = select(Category).where(Category.parent_id == category_id).order_by(Category.id)
    below = session.scalars(children.execution_options(populate_existing=True)).all()
    if target is None:
        if below or session.scalar(select(exists().where(Product.category_id == category_id))):
            raise WrongTree("Choose where its products and the categories below it are to go.")
        session.delete(category)
        session.flush()
        record(session, PagesChanged(addresses=(EVERY,)))
        return
    for one in below:
        move(session, one, target.id, one.slug)
        session.flush()
    session.execute(
        update(Product)
        .where(Product.category_id == category_id)
        .values(category_id=target.id, version=Product.version + 1)
    )
    session.execute(update(OldPath).where(OldPath.category_id == category_id).values(category_id=target.id))
    session.add(OldPath(path=category.path, category_id=target.id))
    session.delete(category)
    session.flush()
    record(session, CategoryChanged(category_id=target.id))


def remove_brand(session: Session, *, brand_id: UUID, version: int, into: UUID | None) -> None:
    """Take a brand away; its products and its addresses get another one, or none.

    Raises ChangedMeanwhile, NoSuchBrand and WrongTree.
    """
    brand = lock_one(session, Brand, brand_id)
    if brand is None or (into is not None and (into == brand_id or session.get(Brand, into) is None)):
        raise NoSuchBrand
    if brand.version != version:
        raise ChangedMeanwhile("brand")
    _refuse_chosen(session, BRAND, brand.slug, "brand")
    # While the products are still told of by this brand.
    tell_of_products(session, brand_id=brand_id)
    session.execute(
        update(Product).where(Product.brand_id == brand_id).values(brand_id=into, version=Product.version + 1)
    )
    if into is not None:
        session.execute(update(OldBrandSlug).where(OldBrandSlug.brand_id == brand_id).values(brand_id=into))
        session.add(OldBrandSlug(slug=brand.slug, brand_id=into))
    session.delete(brand)
    session.flush()
    record(session, PagesChanged(addresses=(f"/brands/{brand.slug}",)))


def remove_collection(session: Session, *, collection_id: UUID, version: int, into: UUID | None) -> None:
    """Take a collection away; its products stay, and its addresses lead to another one, or nowhere.

    Raises ChangedMeanwhile and NoSuchCollection.
    """
    collection = lock_one(session, Collection, collection_id)
    if collection is None or (into is not None and (into == collection_id or session.get(Collection, into) is None)):
        raise NoSuchCollection
    if collection.version != version:
        raise ChangedMeanwhile("collection")
    if into is not None:
        session.execute(
            update(OldCollectionSlug).where(OldCollectionSlug.collection_id == collection_id).values(collection_id=into)
        )
        session.add(OldCollectionSlug(slug=collection.slug, collection_id=into))
    session.delete(collection)
    session.flush()
    record(session, CollectionChanged(collection_id=collection_id))


def remove_type(session: Session, *, type_id: UUID, version: int) -> None:
    """Take a product type away; its products keep what they say. Raises ChangedMeanwhile and NoSuchType."""
    kind = lock_seen(session, ProductType, type_id, version)
    session.execute(update(Product).where(Product.type_id == type_id).values(type_id=None, version=Product.version + 1))
    session.delete(kind)
    session.flush()


def _target(session: Session, category: Category, target_id: UUID | None) -> Category | None:
    if target_id is None:
        return None
    target = session.get(Category, target_id, populate_existing=True)
    if target is None:
        raise NoSuchCategory
    if target.path == category.path or target.path.startswith(f"{category.path}/"):
        raise WrongTree(f"“{target.name}” goes with “{category.name}” or stands below it. Choose another category.")
    return target


def _refuse_chosen(session: Session, field: str, value: str, what: str) -> None:
    """Refuse while collections choose by it: they would go empty without a word."""
    titles = session.scalars(_CHOOSES, {"rule": json.dumps([{"field": field, "value": value}])}).all()
    if titles:
        named = ", ".join(f"“{title}”" for title in titles)
        raise WrongCollection(f"These collections choose by this {what}: {named}. Change their rules first.")
