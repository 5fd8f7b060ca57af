"""What a variant costs, now and in its sale window, and how it is sold."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.catalog.errors import (
    NoSuchVariant,
    WrongPrice,
    WrongProduct,
)
from domain.catalog.events import ProductChanged
from domain.catalog.models import Stock, Variant
from domain.shared.db import lock_one
from domain.shared.errors import ChangedMeanwhile
from domain.shared.outbox import record
from domain.shared.stamp import check_seen

Sale = tuple[int | None, datetime | None, datetime | None]
"""A sale's price, start and end."""


def set_price(session: Session, *, variant_id: UUID, price: int, compare_at: int | None) -> None:
    """Set a variant's price and its former price in minor units; raises WrongPrice or NoSuchVariant."""
    variant = lock_one(session, Variant, variant_id)
    if variant is None:
        raise NoSuchVariant
    if (variant.price, variant.compare_at) != (price, compare_at):
        variant.set_price(price, compare_at)
        record(session, ProductChanged(product_id=variant.product_id))


def set_selling(
    session: Session, *, variant_id: UUID, sell_when_out: bool, low_at: int, seen: str | None = None
) -> None:
    """Say whether a variant is sold when it is out of stock, and at how many left staff are warned.

    With `seen`, the version that was shown, raises ChangedMeanwhile if it is no longer that one.
    """
    stock = lock_one(session, Stock, variant_id)
    variant = session.get(Variant, variant_id)
    if stock is None or variant is None:
        raise NoSuchVariant
    check_seen(seen, stock.sell_when_out, stock.low_at, what="choice")
    if not sell_when_out and (stock.on_hand < 0 or stock.reserved > stock.on_hand):
        raise WrongProduct("More units are promised than are on hand. Receive the missing ones first.")
    stock.sell_when_out, stock.low_at = sell_when_out, max(low_at, 0)
    record(session, ProductChanged(product_id=variant.product_id))


def set_sale(
    session: Session,
    *,
    variant_id: UUID,
    sale_price: int | None,
    starts_at: datetime | None,
    ends_at: datetime | None,
    seen: Sale | None = None,
) -> None:
    """Let a variant cost less from one moment until just before another; None as the price ends any sale.

    With `seen`, only if the sale is still that one. Raises ChangedMeanwhile, WrongOffer or NoSuchVariant.
    """
    variant = lock_one(session, Variant, variant_id)
    if variant is None:
        raise NoSuchVariant
    if seen is not None and seen != (variant.sale_price, variant.sale_starts_at, variant.sale_ends_at):
        raise ChangedMeanwhile("sale")
    if (variant.sale_price, variant.sale_starts_at, variant.sale_ends_at) != (sale_price, starts_at, ends_at):
        variant.set_sale(sale_price, starts_at=starts_at, ends_at=ends_at, now=clock(session))
        record(session, ProductChanged(product_id=variant.product_id))


def set_cost(session: Session, *, variant_id: UUID, cost: int | None) -> None:
    """Note what a variant costs the shop, in minor units, for the value of its stock; None if nobody knows."""
    variant = lock_one(session, Variant, variant_id)
    if variant is None:
        raise NoSuchVariant
    if cost is not None and cost < 0:
        raise WrongPrice("Enter a cost of zero or more.")
    variant.cost = cost


def turn_prices(session: Session, *, limit: int = 500) -> int:
    """Tell of every variant whose sale window opened or closed since the last look, and return how many there were.

    What a page or a cart says follows the database's clock by itself; lists and caches hear of it by the event.
    """
    now = clock(session)
    due = session.scalars(
        select(Variant)
        .where(Variant.price_turns_at <= now)
        .order_by(Variant.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for variant in due:
        variant.mind_the_clock(now)
    for product_id in sorted({variant.product_id for variant in due}):
        record(session, ProductChanged(product_id=product_id))
    return len(due)


def clock(session: Session) -> datetime:
    """Return the moment of this transaction by the clock that prices follow."""
    return session.scalars(select(func.now())).one()
