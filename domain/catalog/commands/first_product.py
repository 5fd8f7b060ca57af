"""A first product in one go: into a category, onto the shelf, and on sale."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalog.commands.category import create_category
from domain.catalog.commands.product import NewVariant, create_product, free_slug, publish
from domain.catalog.commands.slug import slug_of
from domain.catalog.commands.stock import receive
from domain.catalog.models import Category, Variant


def create_first_product(
    session: Session,
    *,
    title: str,
    category: str,
    description: str,
    price: int,
    sku: str,
    on_hand: int,
    on_sale: bool,
    actor: str,
    now: datetime,
) -> UUID:
    """Make a product that comes in one way, and its category if there is none of that name; raises TakenSku."""
    slug = slug_of(category) or "things"
    category_id = session.scalar(select(Category.id).where(Category.path == slug))
    product_id = create_product(
        session,
        title=title,
        slug=free_slug(session, title),
        category_id=category_id or create_category(session, slug=slug, name=category),
        description=description,
        variants=[NewVariant(sku=sku, price=price)],
    )
    if on_hand:
        variant_id = session.scalars(select(Variant.id).where(Variant.product_id == product_id)).one()
        receive(session, quantities={variant_id: on_hand}, actor=actor, reason="Opening stock")
    if on_sale:
        publish(session, product_id=product_id, now=now)
    return product_id
