"""Putting on a wishlist, taking off, sharing it, and bringing two together."""

import secrets
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.catalog.errors import NoSuchVariant
from domain.catalog.queries import buyable_by_sku
from domain.shared.db import lock_one, utcnow
from domain.wishlist.errors import FullWishlist, NoSuchWishlist
from domain.wishlist.holder import Holder
from domain.wishlist.models import Wish, Wishlist

MOST = 100
"""How many wishes a list holds."""


def wish(session: Session, *, holder: Holder, sku: str) -> UUID:
    """Put a variant on the holder's list, which is made if there is none; return the list's id.

    A second time changes nothing. Raises NoSuchVariant and FullWishlist.
    """
    item = buyable_by_sku(session, sku)
    if item is None or not item.on_sale:
        raise NoSuchVariant
    found = _locked(session, holder) or _make(session, holder)
    on_it = session.scalars(select(Wish.variant_id).where(Wish.list_id == found.id)).all()
    if item.variant_id in on_it:
        return found.id
    if len(on_it) >= MOST:
        raise FullWishlist(MOST)
    session.add(Wish(list_id=found.id, variant_id=item.variant_id))
    found.updated_at = utcnow()
    session.flush()
    return found.id


def unwish(session: Session, *, holder: Holder, variant_id: UUID) -> bool:
    """Take a variant off the holder's list; False, and nothing changes, if it is not on it."""
    found = _locked(session, holder)
    if found is None:
        return False
    mine = delete(Wish).where(Wish.list_id == found.id, Wish.variant_id == variant_id)
    if session.scalar(mine.returning(Wish.variant_id)) is None:
        return False
    found.updated_at = utcnow()
    return True


def share(session: Session, *, holder: Holder) -> str:
    """Open the list to whoever has a link, and return its token of 192 random bits; raises NoSuchWishlist."""
    found = _locked(session, holder)
    if found is None:
        raise NoSuchWishlist
    found.share_token = found.share_token or secrets.token_urlsafe(24)
    return found.share_token


def unshare(session: Session, *, holder: Holder) -> None:
    """Close the list again: the link that was given away opens nothing any more, and a new one will be another."""
    found = _locked(session, holder)
    if found is not None:
        found.share_token = None


def merge_wishlists(session: Session, *, list_id: UUID | None, shopper_id: UUID) -> None:
    """Put what a browser wished onto the list of the shopper who signs in there, as far as there is room."""
    source = _locked(session, Holder(list_id=list_id))
    if source is None:
        return
    holder = Holder(shopper_id=shopper_id)
    target = _locked(session, holder)
    if target is None:
        source.shopper_id = shopper_id
        return
    room = MOST - (session.scalar(select(func.count()).where(Wish.list_id == target.id)) or 0)
    there = select(Wish.variant_id).where(Wish.list_id == target.id)
    moved = (
        select(Wish.variant_id)
        .where(Wish.list_id == source.id, Wish.variant_id.not_in(there))
        .order_by(Wish.added_at)
        .limit(max(room, 0))
    )
    session.execute(
        update(Wish)
        .where(Wish.list_id == source.id, Wish.variant_id.in_(moved))
        .values(list_id=target.id)
        .execution_options(synchronize_session=False)
    )
    target.updated_at = utcnow()
    session.execute(delete(Wishlist).where(Wishlist.id == source.id))


def forget_wishlist(session: Session, *, shopper_id: UUID) -> None:
    """Delete a shopper's list; a link to it opens nothing any more."""
    session.execute(delete(Wishlist).where(Wishlist.shopper_id == shopper_id))


def purge_wishlists(session: Session, *, before: datetime, limit: int) -> int:
    """Drop some of the lists of browsers that were last changed before a moment; return how many."""
    old = select(Wishlist.id).where(Wishlist.shopper_id.is_(None), Wishlist.updated_at < before).limit(limit)
    return len(session.scalars(delete(Wishlist).where(Wishlist.id.in_(old)).returning(Wishlist.id)).all())


def _locked(session: Session, holder: Holder) -> Wishlist | None:
    found = session.scalar(select(Wishlist.id).where(holder.own))
    return lock_one(session, Wishlist, found) if found else None


def _make(session: Session, holder: Holder) -> Wishlist:
    """Make a list; of two tabs that make a shopper's first, the second finds that of the first."""
    new = insert(Wishlist).values(id=uuid4(), shopper_id=holder.shopper_id, updated_at=utcnow())
    made = session.scalar(new.on_conflict_do_nothing(index_elements=["shopper_id"]).returning(Wishlist.id))
    found = lock_one(session, Wishlist, made) if made else _locked(session, holder)
    if found is None:
        raise NoSuchWishlist
    return found
