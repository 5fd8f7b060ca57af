"""Categories and products by id or by SKU, for rules that name some of the goods."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, any_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.catalog.models import Category, Product, Variant


@dataclass(frozen=True, kw_only=True)
class CategoryChoice:
    """A category as a form offers it; `depth` 0 is the top."""

    id: UUID
    name: str
    depth: int


def categories_in(ids: InstrumentedAttribute[list[UUID]]) -> ScalarSelect[Any]:
    """Return an expression for [path, name] of each category in a column of ids; NULL for none."""
    pairs = func.jsonb_agg(func.jsonb_build_array(Category.path, Category.name))
    return select(pairs).where(Category.id == any_(ids)).scalar_subquery()


def products_in(ids: InstrumentedAttribute[list[UUID]]) -> ScalarSelect[Any]:
    """Return an expression for [id, title] of each product in a column of ids; NULL for none."""
    pairs = func.jsonb_agg(func.jsonb_build_array(Product.id, Product.title))
    return select(pairs).where(Product.id == any_(ids)).scalar_subquery()


def category_choices(session: Session) -> tuple[CategoryChoice, ...]:
    """Return the whole tree of categories from the top down; one statement."""
    rows = session.execute(select(Category.id, Category.name, Category.path).order_by(Category.path))
    return tuple(CategoryChoice(id=row.id, name=row.name, depth=row.path.count("/")) for row in rows)


def products_of_skus(session: Session, skus: Collection[str]) -> dict[str, UUID]:
    """Return the product of each SKU that there is; one statement."""
    rows = session.execute(select(Variant.sku, Variant.product_id).where(Variant.sku.in_(skus)))
    return {row.sku: row.product_id for row in rows}


def skus_of_products(session: Session, product_ids: Collection[UUID]) -> tuple[str, ...]:
    """Return one SKU of each product, to name it by; one statement."""
    rows = session.scalars(
        select(func.min(Variant.sku)).where(Variant.product_id.in_(product_ids)).group_by(Variant.product_id)
    )
    return tuple(sorted(rows))
