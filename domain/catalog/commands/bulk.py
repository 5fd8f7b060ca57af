"""Changing many products at once: exactly what the preview showed, or nothing."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session, selectinload

from domain.catalog.events import ProductChanged
from domain.catalog.models import Product, Variant
from domain.catalog.queries.bulk import ARCHIVE, MOST_AT_ONCE, MOVE, PRICE, PUBLISH, BulkChange, plan
from domain.shared.db import lock
from domain.shared.errors import ChangedMeanwhile
from domain.shared.outbox import record


def apply_bulk(session: Session, *, product_ids: Sequence[UUID], change: BulkChange, stamp: str, now: datetime) -> int:
    """Carry out a change whose preview had this stamp, and return how many products changed.

    Raises ChangedMeanwhile if any of them is no longer what the preview showed.
    """
    products = lock(session, Product, product_ids[:MOST_AT_ONCE], selectinload(Product.variants))
    # A sale is saved under its variant's lock alone: without these it could begin between the look and the change.
    lock(session, Variant, [variant.id for product in products for variant in product.variants])
    planned = plan(session, products, change)
    if planned.stamp != stamp:
        raise ChangedMeanwhile("selection")
    by_id = {product.id: product for product in products}
    for effect in planned.changing:
        product = by_id[effect.product_id]
        if change.action == PRICE:
            for variant, step in zip(product.variants, effect.prices, strict=True):
                variant.set_price(step.new_price, step.new_compare_at)
        elif change.action == MOVE:
            assert change.category_id is not None
            product.category_id = change.category_id
        elif change.action == PUBLISH:
            product.publish(now)
        elif change.action == ARCHIVE:
            product.archive()
        else:
            product.unpublish()
        record(session, ProductChanged(product_id=product.id))
    session.flush()
    return len(planned.changing)
