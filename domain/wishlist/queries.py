"""Wishlists as pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.catalog.queries import Buyable, PictureView, buyables
from domain.shared.money import Money
from domain.wishlist.errors import NoSuchWishlist
from domain.wishlist.holder import Holder
from domain.wishlist.models import Wish, Wishlist


@dataclass(frozen=True, slots=True)
class WishView:
    """A variant on a list, at the price and with the stock of now; `buyable` if it can be put in a cart."""

    variant_id: UUID
    sku: str
    slug: str
    title: str
    options_label: str
    price: Money
    compare_at: Money | None
    picture: PictureView | None
    buyable: bool
    on_sale: bool


@dataclass(frozen=True, slots=True)
class WishlistView:
    """A list with what is on it, the latest first; `share_token` if whoever has the link may see it."""

    wishes: tuple[WishView, ...]
    share_token: str | None = None


def wishlist(session: Session, holder: Holder, *, currency: str) -> WishlistView:
    """Return the holder's list, empty if there is none; two statements at any size."""
    return _view(session, session.execute(_rows().where(holder.own)).all(), currency) or WishlistView(())


def shared_wishlist(session: Session, token: str, *, currency: str) -> WishlistView:
    """Return the list that a link opens; raises NoSuchWishlist for one that is not shared."""
    found = _view(session, session.execute(_rows().where(Wishlist.share_token == token)).all(), currency)
    if found is None:
        raise NoSuchWishlist
    return found


def wishes_of(session: Session, holder: Holder) -> frozenset[UUID]:
    """Return the variants on the holder's list."""
    rows = select(Wish.variant_id).join(Wishlist, Wishlist.id == Wish.list_id).where(holder.own)
    return frozenset(session.scalars(rows))


def count_wishes(session: Session, holder: Holder) -> int:
    """Return how many wishes are on the holder's list."""
    rows = select(func.count(Wish.variant_id)).join(Wishlist, Wishlist.id == Wish.list_id).where(holder.own)
    return session.scalar(rows) or 0


def wishes_to_take_along(session: Session, shopper_id: UUID, *, currency: str) -> list[dict[str, Any]]:
    """Return what a shopper wished for, in plain values."""
    found = wishlist(session, Holder(shopper_id=shopper_id), currency=currency)
    return [{"sku": one.sku, "title": one.title, "options": one.options_label} for one in found.wishes]


def _rows() -> Any:
    return (
        select(Wishlist.share_token, Wish.variant_id)
        .outerjoin(Wish, Wish.list_id == Wishlist.id)
        .order_by(Wish.added_at.desc(), Wish.variant_id)
    )


def _view(session: Session, rows: Sequence[Any], currency: str) -> WishlistView | None:
    if not rows:
        return None
    items = buyables(session, [row.variant_id for row in rows if row.variant_id])
    known = [items[row.variant_id] for row in rows if row.variant_id in items]
    return WishlistView(tuple(_wish(item, currency) for item in known), rows[0].share_token)


def _wish(item: Buyable, currency: str) -> WishView:
    return WishView(
        item.variant_id,
        item.sku,
        item.product_slug,
        item.title,
        item.options_label,
        Money(item.price, currency),
        None if item.compare_at is None else Money(item.compare_at, currency),
        PictureView.from_json(item.picture),
        item.on_sale and (item.sell_when_out or item.available > 0),
        item.on_sale,
    )
