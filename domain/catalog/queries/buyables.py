"""What carts and orders need to know of variants: the price and the stock of this very moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, text
from sqlalchemy.orm import Session

from domain.catalog.queries.product import options_label
from domain.catalog.queries.search import clean


@dataclass(frozen=True, slots=True)
class Buyable:
    """A variant as a cart line sees it; `price` in minor units, `on_sale` while its product is published."""

    variant_id: UUID
    sku: str
    product_slug: str
    title: str
    options_label: str
    price: int
    compare_at: int | None
    available: int
    sell_when_out: bool
    on_sale: bool
    picture: dict[str, Any] | None
    weight_grams: int
    tax_class: str
    category_path: str
    brand_slug: str
    product_id: UUID


def _select(where: str) -> TextClause:
    return text(
        f"""
        SELECT v.id, v.sku, p.slug, p.title, v.option_values, v.price, v.compare_at,
            coalesce(s.on_hand - s.reserved, 0) AS available, coalesce(s.sell_when_out, false) AS sell_when_out,
            p.status = 'published' AS on_sale, i.picture, v.weight_grams, p.tax_class, c.path AS category_path,
            coalesce(b.slug, '') AS brand_slug, p.id AS product_id
        FROM catalog.variants v
        JOIN catalog.products p ON p.id = v.product_id
        JOIN catalog.categories c ON c.id = p.category_id
        LEFT JOIN catalog.brands b ON b.id = p.brand_id
        LEFT JOIN catalog.stock s ON s.variant_id = v.id
        LEFT JOIN LATERAL (
            SELECT jsonb_build_object('alt', alt, 'width', width, 'height', height,
                'derivatives', derivatives) AS picture
            FROM catalog.pictures WHERE product_id = p.id
            ORDER BY id = v.picture_id DESC NULLS LAST, position, id LIMIT 1
        ) i ON true
        WHERE {where}
        """  # noqa: S608
    )


_BY_ID = _select("v.id = ANY(:ids)")
_BY_SKU = _select("v.sku = :sku")


def buyables(session: Session, variant_ids: Iterable[UUID]) -> dict[UUID, Buyable]:
    """Return what is known now of these variants; those that are gone are left out. One statement."""
    ids = list(variant_ids)
    if not ids:
        return {}
    return {row.id: _buyable(row) for row in session.execute(_BY_ID, {"ids": ids})}


def buyable_by_sku(session: Session, sku: str) -> Buyable | None:
    """Return the variant with this SKU as it is now, or None."""
    row = session.execute(_BY_SKU, {"sku": clean(sku)}).one_or_none()
    return _buyable(row) if row else None


def _buyable(row: Row[Any]) -> Buyable:
    return Buyable(
        row.id,
        row.sku,
        row.slug,
        row.title,
        options_label(row.option_values),
        row.price,
        row.compare_at,
        max(row.available, 0),
        row.sell_when_out,
        row.on_sale,
        row.picture,
        row.weight_grams,
        row.tax_class,
        row.category_path,
        row.brand_slug,
        row.product_id,
    )
