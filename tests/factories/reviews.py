"""Reviews for tests."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.orders.queries.purchases import order_purchase
from domain.reviews.commands import decide, write_review
from domain.reviews.models import Review
from domain.shared.db import utcnow
from tests.factories.catalog import MadeProduct
from tests.factories.orders import make_order


def make_review(
    session: Session,
    product: MadeProduct,
    *,
    email: str = "aoife@example.com",
    stars: int = 5,
    published: bool = True,
    now: datetime | None = None,
    **values: Any,
) -> UUID:
    """Buy a product, pay for it, and write about it; published unless said otherwise."""
    order = make_order(session, sku=product.sku, paid=True, email=email)
    said = {"author": "Aoife", "title": "A good mug", "words": "It keeps tea warm for long."} | values
    purchase = order_purchase(session, order.order_id, product_id=product.id)
    write_review(session, product_id=product.id, purchase=purchase, stars=stars, now=now or utcnow(), **said)
    found = select(Review).where(Review.product_id == product.id, Review.email == email)
    review = session.scalars(found.execution_options(populate_existing=True)).one()
    if published:
        decide(session, seen={review.id: review.seen}, publish=True)
    return review.id
