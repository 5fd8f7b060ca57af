"""Keeping a product's rating what its published reviews say."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.catalog.commands import hold_rating, set_rating, touch
from domain.reviews.models import PUBLISHED, Review


def recount(session: Session, product_ids: Iterable[UUID], *, tell: bool = True) -> None:
    """Count the published reviews of these products anew, and have them shown anew unless that is done by the caller.

    The rating is held before counting: of two who publish at once, the second counts what the first has committed.
    """
    session.flush()
    for product_id in sorted(set(product_ids)):
        hold_rating(session, product_id=product_id)
        rows = session.execute(
            select(Review.stars, func.count())
            .where(Review.product_id == product_id, Review.state == PUBLISHED)
            .group_by(Review.stars)
        )
        counted = {stars: count for stars, count in rows}  # noqa: C416 - rows are no pairs to mypy
        set_rating(session, product_id=product_id, counts=[counted.get(stars, 0) for stars in range(1, 6)])
        if tell:
            touch(session, product_id=product_id)
