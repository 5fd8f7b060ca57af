"""Making and changing collections, and choosing what is shown beside a product."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from domain.catalog.commands.slug import check_slug, slug_of
from domain.catalog.errors import (
    NoSuchCollection,
    NoSuchProduct,
    TakenSlug,
    WrongCollection,
    WrongProduct,
)
from domain.catalog.events import CollectionChanged, ProductChanged
from domain.catalog.models import (
    Brand,
    Category,
    Collection,
    CollectionProduct,
    OldCollectionSlug,
    Product,
    RelatedProduct,
)
from domain.catalog.models.collection import BRAND, CATEGORY, CHOSEN, FEATURED, SORTS, Rule
from domain.catalog.models.product import DRAFT, PUBLISHED
from domain.shared.db import lock_one
from domain.shared.errors import ChangedMeanwhile
from domain.shared.outbox import record

MOST_BY_HAND = 1_000
MOST_RELATED = 24


def create_collection(
    session: Session,
    *,
    title: str,
    slug: str | None = None,
    description: str = "",
    rules: Sequence[Rule] = (),
    sort: str | None = None,
    published: bool = False,
    seo_title: str = "",
    seo_description: str = "",
) -> UUID:
    """Make a collection, with rules or to be filled by hand; raises TakenSlug and WrongCollection."""
    collection = Collection(title=_title(title), slug=_free_slug(session, slug or slug_of(title)))
    _describe(session, collection, rules, sort or (FEATURED if rules else CHOSEN), description, published)
    collection.seo_title, collection.seo_description = seo_title, seo_description
    session.add(collection)
    session.flush()
    record(session, CollectionChanged(collection_id=collection.id))
    return collection.id


def update_collection(
    session: Session,
    *,
    collection_id: UUID,
    version: int,
    title: str,
    slug: str,
    description: str,
    rules: Sequence[Rule],
    sort: str,
    published: bool,
    seo_title: str = "",
    seo_description: str = "",
) -> None:
    """Change a collection; its old address leads to the new one. Raises ChangedMeanwhile and what making one raises."""
    collection = _locked(session, collection_id)
    if collection.version != version:
        raise ChangedMeanwhile("collection")
    _describe(session, collection, rules, sort, description, published)
    if slug != collection.slug:
        _move_to(session, collection, slug)
    collection.title = _title(title)
    collection.seo_title, collection.seo_description = seo_title, seo_description
    session.flush()
    record(session, CollectionChanged(collection_id=collection_id))


def fill_collection(session: Session, *, collection_id: UUID, product_ids: Sequence[UUID]) -> None:
    """Put these products, and no others, into a collection by hand, in this order; raises NoSuchProduct."""
    _locked(session, collection_id)
    ids = _known(session, product_ids, MOST_BY_HAND)
    session.execute(delete(CollectionProduct).where(CollectionProduct.collection_id == collection_id))
    session.add_all(
        CollectionProduct(collection_id=collection_id, product_id=id_, position=place) for place, id_ in enumerate(ids)
    )
    session.flush()
    record(session, CollectionChanged(collection_id=collection_id))


def set_related(session: Session, *, product_id: UUID, related_ids: Sequence[UUID]) -> None:
    """Show these products, and no others, beside a product, in this order; raises NoSuchProduct and WrongProduct."""
    if lock_one(session, Product, product_id) is None:
        raise NoSuchProduct
    ids = _known(session, related_ids, MOST_RELATED)
    if product_id in ids:
        raise WrongProduct("A product cannot be shown beside itself.")
    session.execute(delete(RelatedProduct).where(RelatedProduct.product_id == product_id))
    session.add_all(
        RelatedProduct(product_id=product_id, related_id=id_, position=place) for place, id_ in enumerate(ids)
    )
    session.flush()
    record(session, ProductChanged(product_id=product_id))


def change_chosen(
    session: Session,
    *,
    collection_id: UUID,
    add: UUID | None = None,
    off: UUID | None = None,
    first: UUID | None = None,
) -> None:
    """Put a product behind what a collection holds by hand, take one out, or put one first."""
    _locked(session, collection_id)
    own = CollectionProduct.collection_id == collection_id
    ids = session.scalars(
        select(CollectionProduct.product_id)
        .where(own)
        .order_by(CollectionProduct.position, CollectionProduct.product_id)
    ).all()
    fill_collection(session, collection_id=collection_id, product_ids=_changed(ids, add, off, first))


def change_related(
    session: Session,
    *,
    product_id: UUID,
    add: UUID | None = None,
    off: UUID | None = None,
    first: UUID | None = None,
) -> None:
    """Show one more product beside another, one less, or one first."""
    if lock_one(session, Product, product_id) is None:
        raise NoSuchProduct
    own = RelatedProduct.product_id == product_id
    ids = session.scalars(
        select(RelatedProduct.related_id).where(own).order_by(RelatedProduct.position, RelatedProduct.related_id)
    ).all()
    set_related(session, product_id=product_id, related_ids=_changed(ids, add, off, first))


def _changed(ids: Sequence[UUID], add: UUID | None, off: UUID | None, first: UUID | None) -> list[UUID]:
    kept = [id_ for id_ in ids if id_ not in (off, first)]
    return [*([first] if first else []), *kept, *([add] if add else [])]


def _locked(session: Session, collection_id: UUID) -> Collection:
    collection = lock_one(session, Collection, collection_id)
    if collection is None:
        raise NoSuchCollection
    return collection


_PLACES = {BRAND: Brand.slug, CATEGORY: Category.path}
"""What a rule about one of these names."""


def _title(title: str) -> str:
    if not title.strip():
        raise WrongCollection("Enter a title.")
    return title.strip()


def _describe(
    session: Session, collection: Collection, rules: Sequence[Rule], sort: str, description: str, published: bool
) -> None:
    if rules and sort == CHOSEN:
        raise WrongCollection(
            "Rules fill it, so nothing is chosen by hand: choose another order, or leave the rules empty."
        )
    if sort not in SORTS:
        raise WrongCollection("Choose one of the orders that a collection can be shown in.")
    for rule in rules:
        places = _PLACES.get(rule.field)
        if places is not None and not session.scalar(select(exists().where(places == rule.value.strip()))):
            raise WrongCollection(f"There is no {rule.field} with the address “{rule.value.strip()}”.")
    collection.choose_by(rules)
    collection.sort, collection.description = sort, description
    collection.status = PUBLISHED if published else DRAFT


def _known(session: Session, product_ids: Sequence[UUID], most: int) -> list[UUID]:
    ids = list(dict.fromkeys(product_ids))
    if len(ids) > most:
        raise WrongCollection(f"Choose at most {most:,} products.")
    if len(session.scalars(select(Product.id).where(Product.id.in_(ids))).all()) < len(ids):
        raise NoSuchProduct
    return ids


def _free_slug(session: Session, slug: str) -> str:
    """Refuse an address that a collection has or once had."""
    check_slug(slug)
    taken = exists().where(Collection.slug == slug) | exists().where(OldCollectionSlug.slug == slug)
    if session.scalar(select(taken)):
        raise TakenSlug(slug)
    return slug


def _move_to(session: Session, collection: Collection, slug: str) -> None:
    own = (OldCollectionSlug.slug == slug, OldCollectionSlug.collection_id == collection.id)
    mine = delete(OldCollectionSlug).where(*own).returning(OldCollectionSlug.slug)
    if session.scalar(mine) is None:
        _free_slug(session, slug)
    session.add(OldCollectionSlug(slug=collection.slug, collection_id=collection.id))
    collection.slug = slug
