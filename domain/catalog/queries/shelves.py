"""Lists of categories, brands, product types and collections, some at a time: each page goes on behind the last row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.catalog.models import Brand, Category, Collection, ProductType
from domain.catalog.queries.product_types import TypeView, types_of
from domain.catalog.queries.tree import (
    BrandDetail,
    CategoryDetail,
    CollectionDetail,
    brands_of,
    categories_of,
    collections_of,
)
from domain.shared.lists import Sorting, page_of

SHELF_SORTS = {"": "By name", "newest": "Newest first"}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shelf(Generic[T]):
    """Some rows in their order; `after` asks for the next ones, None if there are none."""

    rows: tuple[T, ...]
    after: UUID | None


def brand_page(
    session: Session, *, q: str = "", sort: str = "", after: UUID | None = None, limit: int = 50
) -> Shelf[BrandDetail]:
    """Return brands, usually by name; `q` is a part of it. Two statements."""
    return _page(session, Brand, Brand.name, brands_of, q=q, sort=sort, after=after, limit=limit)


def type_page(
    session: Session, *, q: str = "", sort: str = "", after: UUID | None = None, limit: int = 50
) -> Shelf[TypeView]:
    """Return product types, usually by name; `q` is a part of it. Two statements."""
    return _page(session, ProductType, ProductType.name, types_of, q=q, sort=sort, after=after, limit=limit)


def collection_page(
    session: Session, *, q: str = "", sort: str = "", after: UUID | None = None, limit: int = 50
) -> Shelf[CollectionDetail]:
    """Return collections, usually by title; `q` is a part of it. Two statements."""
    return _page(session, Collection, Collection.title, collections_of, q=q, sort=sort, after=after, limit=limit)


def category_page(
    session: Session, *, q: str = "", after: UUID | None = None, limit: int = 50
) -> Shelf[CategoryDetail]:
    """Return categories as they stand in the tree, from the top down; `q` is a part of a name or an address.

    Two statements. The order of a tree is not one of its rows, so where all stand is read, and no more of them.
    """
    places = session.execute(select(Category.id, Category.parent_id, Category.position, Category.name, Category.path))
    below: dict[UUID | None, list[Any]] = {}
    for row in places:
        below.setdefault(row.parent_id, []).append(row)
    for neighbours in below.values():
        neighbours.sort(key=lambda one: (one.position, one.name), reverse=True)
    ordered: list[Any] = []
    waiting = below.get(None, [])
    while waiting:
        ordered.append(waiting.pop())
        waiting += below.get(ordered[-1].id, [])
    wanted = [one.id for one in ordered if q.lower() in one.name.lower() or q.lower() in one.path]
    start = wanted.index(after) + 1 if after in wanted else 0
    return _shelf(session, wanted[start : start + limit + 1], categories_of, limit)


def _page(
    session: Session,
    model: Any,
    column: InstrumentedAttribute[str],
    of: Callable[[Session, Sequence[UUID]], dict[UUID, T]],
    *,
    q: str,
    sort: str,
    after: UUID | None,
    limit: int,
) -> Shelf[T]:
    sorting = Sorting("", (model.id,), falls=True) if sort == "newest" else Sorting("", (column, model.id))
    statement = page_of(select(model.id), sorting, after=after, limit=limit)
    if q:
        statement = statement.where(column.icontains(q, autoescape=True))
    return _shelf(session, session.scalars(statement).all(), of, limit)


def _shelf(
    session: Session, ids: Sequence[UUID], of: Callable[[Session, Sequence[UUID]], dict[UUID, T]], limit: int
) -> Shelf[T]:
    shown = ids[:limit]
    found = of(session, shown)
    return Shelf(tuple(found[id_] for id_ in shown if id_ in found), shown[-1] if len(ids) > limit else None)
