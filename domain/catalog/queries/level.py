"""One variant's stock, and how many variants are low."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select, text
from sqlalchemy.orm import Session

from domain.catalog.errors import NoSuchVariant
from domain.catalog.models import Product, Stock, Variant
from domain.catalog.models.product import PUBLISHED
from domain.catalog.queries.product import options_label
from domain.catalog.queries.stock import StockLevel

MOST_LOW = 1_000
"""So many variants that are low are counted; more are more than anybody looks through."""


_LEVEL = select(
    Stock.variant_id, Variant.sku, Variant.product_id, Product.title, Variant.option_values, Stock.on_hand,
    Stock.reserved, Stock.sell_when_out, Stock.low_at,
).join(Variant, Variant.id == Stock.variant_id).join(Product, Product.id == Variant.product_id)  # fmt: skip


def stock_level(session: Session, variant_id: UUID) -> StockLevel:
    """Return the stock of one variant; raises NoSuchVariant. One statement."""
    row = session.execute(_LEVEL.where(Stock.variant_id == variant_id)).one_or_none()
    if row is None:
        raise NoSuchVariant
    return _level(row)


def _level(row: Any) -> StockLevel:
    return StockLevel(
        row.variant_id,
        row.sku,
        row.product_id,
        row.title,
        options_label(row.option_values),
        row.on_hand,
        row.reserved,
        max(row.on_hand - row.reserved, 0),
        row.sell_when_out,
        row.low_at,
    )


_BELOW = text(
    """
    SELECT s.variant_id, v.sku, v.product_id, p.title, v.option_values, s.on_hand, s.reserved, s.sell_when_out, s.low_at
    FROM unnest(CAST(:skus AS text[]), CAST(:wanted AS bigint[])) AS need(sku, units)
    JOIN catalog.variants v ON v.sku = need.sku
    JOIN catalog.stock s ON s.variant_id = v.id
    JOIN catalog.products p ON p.id = v.product_id
    WHERE p.status = 'published' AND NOT s.sell_when_out AND greatest(s.on_hand - s.reserved, 0) < need.units
    """
)


def levels_below(session: Session, wanted: Mapping[str, int]) -> dict[str, StockLevel]:
    """Return the stock of the variants on sale of which fewer can be sold than `wanted` says, by SKU. One statement.

    What is sold when it is out is never too little.
    """
    rows = session.execute(_BELOW, {"skus": list(wanted), "wanted": list(wanted.values())})
    return {row.sku: _level(row) for row in rows}


def low_among(session: Session, product_ids: Collection[UUID]) -> tuple[StockLevel, ...]:
    """Return the variants on sale of these products that are at their low mark or below it.

    One statement, and one for each of them.
    """
    found = session.scalars(
        select(Stock.variant_id)
        .join(Variant, Variant.id == Stock.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(
            Product.id.in_(product_ids),
            Product.status == PUBLISHED,
            Stock.on_hand - Stock.reserved <= Stock.low_at,
        )
        .order_by(Stock.variant_id)
    ).all()
    return tuple(stock_level(session, variant_id) for variant_id in found)


def has_products(session: Session) -> bool:
    """Say whether the shop has any product, on sale or not. One statement."""
    return bool(session.scalar(select(exists(select(Product.id)))))


def is_anything_on_sale(session: Session) -> bool:
    """Say whether any product is published. One statement."""
    return bool(session.scalar(select(exists(select(Product.id).where(Product.status == PUBLISHED)))))


def low_stock(session: Session) -> int:
    """Return how many variants on sale are at their low mark or below it, at most MOST_LOW. One statement."""
    some = (
        select(Stock.variant_id)
        .join(Variant, Variant.id == Stock.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(
            Product.status == PUBLISHED,
            Variant.archived_at.is_(None),
            Stock.on_hand - Stock.reserved - Stock.low_at <= 0,
        )
        .limit(MOST_LOW)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(some)) or 0
