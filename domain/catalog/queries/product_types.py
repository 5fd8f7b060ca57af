"""Product types as staff see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.catalog.errors import NoSuchType
from domain.catalog.models import Product, ProductType
from domain.catalog.models.product_type import Attribute


@dataclass(frozen=True, slots=True)
class TypeView:
    """A product type with what its products say of themselves; `products` is how many there are."""

    id: UUID
    name: str
    options: tuple[str, ...]
    attributes: tuple[Attribute, ...]
    version: int
    products: int = 0


_PRODUCTS = select(func.count()).where(Product.type_id == ProductType.id).scalar_subquery()


def types_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, TypeView]:
    """Return some product types by their ids. One statement."""
    statement = select(ProductType, _PRODUCTS).where(ProductType.id.in_(ids)).execution_options(populate_existing=True)
    return {kind.id: _view(kind, products) for kind, products in session.execute(statement)}


def product_types(session: Session) -> tuple[TypeView, ...]:
    """Return every product type by name. One statement."""
    rows = session.execute(
        select(ProductType, _PRODUCTS).order_by(ProductType.name).execution_options(populate_existing=True)
    )
    return tuple(_view(kind, products) for kind, products in rows)


def product_type(session: Session, type_id: UUID) -> TypeView:
    """Return one product type; raises NoSuchType. One statement."""
    kind = session.get(ProductType, type_id, populate_existing=True)
    if kind is None:
        raise NoSuchType
    return _view(kind)


def type_ids(session: Session) -> dict[str, UUID]:
    """Return the id of every product type by its name. One statement."""
    rows = session.execute(select(ProductType.name, ProductType.id).order_by(ProductType.name))
    return {row.name: row.id for row in rows}


def _view(kind: ProductType, products: int = 0) -> TypeView:
    return TypeView(kind.id, kind.name, tuple(kind.options), kind.definitions, kind.version, products)
