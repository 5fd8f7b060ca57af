"""A product's rating, as whoever counts its reviews says."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.catalog.events import ProductChanged
from domain.catalog.models import Rating
from domain.shared.outbox import record


def hold_rating(session: Session, *, product_id: UUID) -> None:
    """Lock a product's rating until the end of the transaction, made empty if there is none."""
    new = insert(Rating).values(product_id=product_id, average=0, reviews=0, counts=[0] * 5)
    session.execute(
        new.on_conflict_do_update(index_elements=["product_id"], set_={"product_id": new.excluded.product_id})
    )


def set_rating(session: Session, *, product_id: UUID, counts: Sequence[int]) -> None:
    """Say how many reviews give one, two, three, four and five stars; `touch` has it shown at once."""
    reviews, total = sum(counts), sum(stars * count for stars, count in enumerate(counts, start=1))
    average = (200 * total + reviews) // (2 * reviews) if reviews else 0
    session.execute(
        update(Rating)
        .where(Rating.product_id == product_id)
        .values(average=average, reviews=reviews, counts=list(counts))
        .execution_options(synchronize_session=False)
    )


def touch(session: Session, *, product_id: UUID) -> None:
    """Say that something about a product is to be shown anew."""
    record(session, ProductChanged(product_id=product_id))
