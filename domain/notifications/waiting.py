"""Telling those who wait when something can be bought again: once for each wish, and only what is on sale."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from uuid_utils.compat import uuid7

from domain.catalog.errors import NoSuchVariant
from domain.catalog.queries import buyable_by_sku, buyables
from domain.notifications.commands import queue_message
from domain.notifications.models import EMAIL, StockWait
from domain.shared.db import utcnow
from domain.users.email import normal_email

TEMPLATE = "back_in_stock"


def wait_for(session: Session, *, sku: str, email: str) -> None:
    """Note that an address wants to hear when a variant can be bought; a second wish changes nothing.

    Raises NoSuchVariant and BadEmail. Nothing in the answer tells whether the address was known.
    """
    address = normal_email(email)
    item = buyable_by_sku(session, sku)
    if item is None:
        raise NoSuchVariant
    session.execute(
        insert(StockWait)
        .values(id=uuid7(), created_at=utcnow(), variant_id=item.variant_id, email=address)
        .on_conflict_do_nothing(index_elements=["variant_id", "email"], index_where=text("told_at IS NULL"))
    )


def tell_waiting(session: Session, product_ids: Iterable[UUID]) -> int:
    """Write to everybody who waits for a variant of these products that can be bought now; return how many."""
    open_waits = session.execute(
        select(StockWait.id, StockWait.variant_id, StockWait.email)
        .where(StockWait.told_at.is_(None), StockWait.variant_id.in_(_variants(session, product_ids)))
        .order_by(StockWait.created_at)
        .with_for_update(skip_locked=True)
    ).all()
    items = buyables(session, {wait.variant_id for wait in open_waits})
    told = [
        wait
        for wait in open_waits
        if (item := items.get(wait.variant_id)) and item.on_sale and (item.available or item.sell_when_out)
    ]
    for wait in told:
        item = items[wait.variant_id]
        queue_message(
            session,
            template=TEMPLATE,
            channel=EMAIL,
            recipient=wait.email,
            subject_key=str(wait.id),
            context={
                "item": {
                    "title": item.title,
                    "options": item.options_label,
                    "path": f"/p/{item.product_slug}?sku={item.sku}",
                }
            },
        )
    if told:
        session.execute(update(StockWait).where(StockWait.id.in_([wait.id for wait in told])).values(told_at=utcnow()))
    return len(told)


def _variants(session: Session, product_ids: Iterable[UUID]) -> list[UUID]:
    """The variants of these products that somebody waits for."""
    return list(
        session.scalars(
            text(
                "SELECT DISTINCT w.variant_id FROM notifications.stock_waits w"
                " JOIN catalog.variants v ON v.id = w.variant_id"
                " WHERE w.told_at IS NULL AND v.product_id = ANY(:products)"
            ),
            {"products": list(product_ids)},
        )
    )
