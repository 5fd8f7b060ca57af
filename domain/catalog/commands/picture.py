"""Pictures of products."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.catalog.errors import NoSuchProduct, WrongProduct
from domain.catalog.events import ProductChanged
from domain.catalog.models import Picture, Product, Variant
from domain.shared.db import lock_one
from domain.shared.outbox import record


def add_picture(
    session: Session,
    *,
    product_id: UUID,
    alt: str,
    width: int,
    height: int,
    derivatives: Sequence[dict[str, Any]],
    skus: Sequence[str] = (),
) -> UUID:
    """Add a stored picture behind the others; the variants with these SKUs show it when they are chosen."""
    if not alt.strip():
        raise WrongProduct("Describe the picture for those who cannot see it.")
    if lock_one(session, Product, product_id) is None:
        raise NoSuchProduct
    position = session.scalar(select(func.count()).where(Picture.product_id == product_id)) or 0
    picture = Picture(
        product_id=product_id,
        position=position,
        alt=alt.strip(),
        width=width,
        height=height,
        derivatives=list(derivatives),
    )
    session.add(picture)
    session.flush()
    if skus:
        session.execute(
            update(Variant)
            .where(Variant.product_id == product_id, Variant.sku.in_(skus))
            .values(picture_id=picture.id)
            .execution_options(synchronize_session="fetch")
        )
    record(session, ProductChanged(product_id=product_id))
    return picture.id
