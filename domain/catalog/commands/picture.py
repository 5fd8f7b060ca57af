"""Pictures of products: uploaded, described, put in order, and shown once their files are made."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.catalog.errors import (
    NoSuchPicture,
    NoSuchProduct,
    WrongProduct,
)
from domain.catalog.events import PictureAdded, ProductChanged
from domain.catalog.models import Picture, Product, Variant
from domain.catalog.models.product import FAILED, READY, WAITING
from domain.catalog.queries.parts import pictures_stamp
from domain.shared.db import lock, lock_one
from domain.shared.errors import ChangedMeanwhile
from domain.shared.outbox import record

MOST_PICTURES = 60
LONGEST_ALT = 300


@dataclass(frozen=True)
class Described:
    """A picture with its description, in its place among the others."""

    id: UUID
    alt: str


@dataclass(frozen=True)
class Waiting:
    """An upload whose files are still to be made, and the key it lies under."""

    picture_id: UUID
    key: str


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
    picture = _new(session, product_id, alt=alt, width=width, height=height)
    picture.derivatives = list(derivatives)
    session.add(picture)
    session.flush()
    _show_with(session, picture, skus)
    record(session, ProductChanged(product_id=product_id))
    return picture.id


def add_upload(
    session: Session, *, product_id: UUID, alt: str, key: str, width: int, height: int, skus: Sequence[str] = ()
) -> UUID:
    """Add an upload that was found good and lies under `key`; it is shown once a worker has made its files.

    Raises NoSuchProduct, and WrongProduct without a description.
    """
    picture = _new(session, product_id, alt=alt, width=width, height=height)
    picture.original, picture.state = key, WAITING
    session.add(picture)
    session.flush()
    _show_with(session, picture, skus)
    record(session, PictureAdded(picture_id=picture.id))
    return picture.id


def arrange_pictures(
    session: Session, *, product_id: UUID, pictures: Sequence[Described], seen: str, gone: Collection[UUID] = ()
) -> None:
    """Describe a product's pictures, put them in this order, and take those that are `gone` off the product.

    `seen` is the stamp of all that are named, as they were shown. What came meanwhile and is not named stays, behind
    the others. The files of a picture stay as well: orders and pages that somebody has kept still show them. Raises
    ChangedMeanwhile if they are no longer described, ordered or there as they were seen, NoSuchProduct, NoSuchPicture
    for one of another product, and WrongProduct for one without a description.
    """
    if lock_one(session, Product, product_id) is None:
        raise NoSuchProduct
    ids = session.scalars(select(Picture.id).where(Picture.product_id == product_id)).all()
    present = {picture.id: picture for picture in lock(session, Picture, ids)}
    named = {described.id for described in pictures}
    shown = sorted(
        (picture for id_, picture in present.items() if id_ in named | set(gone)),
        key=lambda one: (one.position, one.id),
    )
    if pictures_stamp((picture.id, picture.alt) for picture in shown) != seen:
        raise ChangedMeanwhile("product’s pictures")
    if not named <= present.keys():
        raise NoSuchPicture
    for described in pictures:
        _check_alt(described.alt)
    for place, described in enumerate(pictures):
        present[described.id].position, present[described.id].alt = place, described.alt.strip()
    others = (picture for id_, picture in present.items() if id_ not in named)
    for place, picture in enumerate(sorted(others, key=lambda one: one.position), start=len(pictures)):
        picture.position = place
    for id_ in present.keys() & set(gone):
        session.delete(present[id_])
    session.flush()
    record(session, ProductChanged(product_id=product_id))


def waiting_picture(session: Session, picture_id: UUID) -> Waiting | None:
    """Return an upload that still waits for its files, or None."""
    picture = session.get(Picture, picture_id)
    if picture is None or picture.state == READY or picture.original is None:
        return None
    return Waiting(picture.id, picture.original)


def finish_picture(session: Session, *, picture_id: UUID, derivatives: Sequence[dict[str, Any]]) -> None:
    """Show a picture whose files are made; one that was taken off meanwhile stays off."""
    picture = lock_one(session, Picture, picture_id)
    if picture is None:
        return
    picture.derivatives, picture.state = list(derivatives), READY
    record(session, ProductChanged(product_id=picture.product_id))


def note_failure(session: Session, *, picture_id: UUID) -> None:
    """Note that a picture's files could not be made; it is tried again."""
    picture = lock_one(session, Picture, picture_id)
    if picture is not None and picture.state == WAITING:
        picture.state = FAILED


def _new(session: Session, product_id: UUID, *, alt: str, width: int, height: int) -> Picture:
    _check_alt(alt)
    if lock_one(session, Product, product_id) is None:
        raise NoSuchProduct
    count, last = session.execute(
        select(func.count(), func.max(Picture.position)).where(Picture.product_id == product_id)
    ).one()
    if count >= MOST_PICTURES:
        raise WrongProduct(f"A product can have at most {MOST_PICTURES} pictures.")
    position = 0 if last is None else last + 1
    return Picture(product_id=product_id, position=position, alt=alt.strip(), width=width, height=height)


def _check_alt(alt: str) -> None:
    if not alt.strip():
        raise WrongProduct("Describe the picture for those who cannot see it.")
    if len(alt.strip()) > LONGEST_ALT:
        raise WrongProduct(f"Describe the picture in at most {LONGEST_ALT} letters.")


def _show_with(session: Session, picture: Picture, skus: Sequence[str]) -> None:
    if skus:
        session.execute(
            update(Variant)
            .where(Variant.product_id == picture.product_id, Variant.sku.in_(skus))
            .values(picture_id=picture.id)
            .execution_options(synchronize_session="fetch")
        )
