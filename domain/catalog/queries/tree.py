"""Categories, brands and collections as staff see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.catalog.errors import NoSuchBrand, NoSuchCategory, NoSuchCollection
from domain.catalog.models import Brand, Category, Collection, OldPath, Product
from domain.catalog.models.collection import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryDetail:
    """A category with where it stands, how many products stand in it itself, and the addresses it once had."""

    id: UUID
    parent_id: UUID | None
    slug: str
    path: str
    name: str
    description: str
    position: int
    seo_title: str
    seo_description: str
    version: int
    depth: int
    products: int
    old_paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandDetail:
    """A brand with how many products it has."""

    id: UUID
    slug: str
    name: str
    description: str
    seo_title: str
    seo_description: str
    version: int
    products: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionDetail:
    """A collection with its rules; without any it is filled by hand."""

    id: UUID
    slug: str
    title: str
    description: str
    published: bool
    rules: tuple[Rule, ...]
    sort: str
    seo_title: str
    seo_description: str
    version: int


_IN_CATEGORY = select(func.count()).where(Product.category_id == Category.id).scalar_subquery()
_OF_BRAND = select(func.count()).where(Product.brand_id == Brand.id).scalar_subquery()


def category_tree(session: Session) -> tuple[CategoryDetail, ...]:
    """Return the whole tree from the top down, neighbours in their order. One statement."""
    rows = session.execute(select(Category, _IN_CATEGORY).execution_options(populate_existing=True)).all()
    below: dict[UUID | None, list[CategoryDetail]] = {}
    for category, products in rows:
        below.setdefault(category.parent_id, []).append(_category(category, products))
    for neighbours in below.values():
        neighbours.sort(key=lambda one: (one.position, one.name))
    found: list[CategoryDetail] = []
    waiting = list(reversed(below.get(None, [])))
    while waiting:
        found.append(waiting.pop())
        waiting += reversed(below.get(found[-1].id, []))
    return tuple(found)


def categories_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, CategoryDetail]:
    """Return some categories by their ids. One statement."""
    statement = select(Category, _IN_CATEGORY).where(Category.id.in_(ids)).execution_options(populate_existing=True)
    return {category.id: _category(category, products) for category, products in session.execute(statement)}


def category_detail(session: Session, category_id: UUID) -> CategoryDetail:
    """Return one category; raises NoSuchCategory. Two statements."""
    row = session.execute(
        select(Category, _IN_CATEGORY).where(Category.id == category_id).execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NoSuchCategory
    old = session.scalars(select(OldPath.path).where(OldPath.category_id == category_id).order_by(OldPath.path)).all()
    return _category(row[0], row[1], tuple(old))


def brand_list(session: Session) -> tuple[BrandDetail, ...]:
    """Return every brand by name. One statement."""
    rows = session.execute(select(Brand, _OF_BRAND).order_by(Brand.name).execution_options(populate_existing=True))
    return tuple(_brand(brand, products) for brand, products in rows)


def brands_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, BrandDetail]:
    """Return some brands by their ids. One statement."""
    statement = select(Brand, _OF_BRAND).where(Brand.id.in_(ids)).execution_options(populate_existing=True)
    return {brand.id: _brand(brand, products) for brand, products in session.execute(statement)}


def brand_detail(session: Session, brand_id: UUID) -> BrandDetail:
    """Return one brand; raises NoSuchBrand. One statement."""
    row = session.execute(
        select(Brand, _OF_BRAND).where(Brand.id == brand_id).execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NoSuchBrand
    return _brand(*row)


def collection_list(session: Session) -> tuple[CollectionDetail, ...]:
    """Return every collection, the newest first. One statement."""
    rows = session.scalars(select(Collection).order_by(Collection.id.desc()).execution_options(populate_existing=True))
    return tuple(_collection(row) for row in rows)


def collections_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, CollectionDetail]:
    """Return some collections by their ids. One statement."""
    statement = select(Collection).where(Collection.id.in_(ids)).execution_options(populate_existing=True)
    return {row.id: _collection(row) for row in session.scalars(statement)}


def collection_detail(session: Session, collection_id: UUID) -> CollectionDetail:
    """Return one collection, published or not; raises NoSuchCollection. One statement."""
    row = session.get(Collection, collection_id, populate_existing=True)
    if row is None:
        raise NoSuchCollection
    return _collection(row)


def _category(row: Category, products: int, old_paths: tuple[str, ...] = ()) -> CategoryDetail:
    return CategoryDetail(
        id=row.id,
        parent_id=row.parent_id,
        slug=row.slug,
        path=row.path,
        name=row.name,
        description=row.description,
        position=row.position,
        seo_title=row.seo_title,
        seo_description=row.seo_description,
        version=row.version,
        depth=row.path.count("/"),
        products=products,
        old_paths=old_paths,
    )


def _brand(row: Brand, products: int) -> BrandDetail:
    return BrandDetail(
        id=row.id,
        slug=row.slug,
        name=row.name,
        description=row.description,
        seo_title=row.seo_title,
        seo_description=row.seo_description,
        version=row.version,
        products=products,
    )


def _collection(row: Collection) -> CollectionDetail:
    return CollectionDetail(
        id=row.id,
        slug=row.slug,
        title=row.title,
        description=row.description,
        published=row.status == "published",
        rules=tuple(Rule(**rule) for rule in row.rules),
        sort=row.sort,
        seo_title=row.seo_title,
        seo_description=row.seo_description,
        version=row.version,
    )
