"""What carts and orders need to know of variants: the price and the stock of this very moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog.queries.prices import FORMER_NOW, PRICE_NOW
from domain.catalog.queries.product import options_label
from domain.catalog.queries.search import clean
from domain.shared.quick import Prepared, one, rows


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


def buyable_sql(where: str) -> str:
    """Write the statement that reads buyables, so that others can join it; `v` is the variant."""
    return f"""
        SELECT v.id, v.sku, p.slug, p.title, v.option_values, {PRICE_NOW} AS price, {FORMER_NOW} AS compare_at,
            coalesce(s.on_hand - s.reserved, 0) AS available, coalesce(s.sell_when_out, false) AS sell_when_out,
            p.status = 'published' AND v.archived_at IS NULL AS on_sale, i.picture, v.weight_grams, p.tax_class,
            c.path AS category_path, coalesce(b.slug, '') AS brand_slug, p.id AS product_id
        FROM catalog.variants v
        JOIN catalog.products p ON p.id = v.product_id
        JOIN catalog.categories c ON c.id = p.category_id
        LEFT JOIN catalog.brands b ON b.id = p.brand_id
        LEFT JOIN catalog.stock s ON s.variant_id = v.id
        LEFT JOIN LATERAL (
            SELECT jsonb_build_object('alt', alt, 'width', width, 'height', height,
                'derivatives', derivatives) AS picture
            FROM catalog.pictures WHERE product_id = p.id AND state = 'ready'
            ORDER BY id = v.picture_id DESC NULLS LAST, position, id LIMIT 1
        ) i ON true
        WHERE {where}
        """  # noqa: S608


BUYABLE_NAMES = (
    "id sku slug title option_values price compare_at available sell_when_out on_sale picture weight_grams tax_class "
    "category_path brand_slug product_id"
)
"""The columns that `buyable_sql` reads, in its order."""

_BY_ID = Prepared(buyable_sql("v.id = ANY(:ids)"), BUYABLE_NAMES)
_BY_SKU = Prepared(buyable_sql("v.sku = :sku"), BUYABLE_NAMES)


def buyables(session: Session, variant_ids: Iterable[UUID]) -> dict[UUID, Buyable]:
    """Return what is known now of these variants; those that are gone are left out. One statement."""
    ids = list(variant_ids)
    if not ids:
        return {}
    return {row.id: to_buyable(row[:16]) for row in rows(session, _BY_ID, {"ids": ids})}


def buyable_by_sku(session: Session, sku: str) -> Buyable | None:
    """Return the variant with this SKU as it is now, or None."""
    row = one(session, _BY_SKU, {"sku": clean(sku)})
    return to_buyable(row[:16]) if row else None


def to_buyable(row: Sequence[Any]) -> Buyable:
    """Make a buyable of the sixteen columns that `buyable_sql` reads."""
    (id_, sku, slug, title, options, price, compare_at, available, sell_when_out, on_sale, picture, weight, tax_class,
     category, brand, product_id) = row  # fmt: skip
    return Buyable(
        id_,
        sku,
        slug,
        title,
        options_label(options),
        price,
        compare_at,
        max(available, 0),
        sell_when_out,
        on_sale,
        picture,
        weight,
        tax_class,
        category,
        brand,
        product_id,
    )


_IN_STOCK = text(
    """
    SELECT (SELECT v.sku FROM catalog.variants v JOIN catalog.stock s ON s.variant_id = v.id
        WHERE v.product_id = l.product_id AND v.archived_at IS NULL AND s.on_hand > s.reserved ORDER BY v.id LIMIT 1)
    FROM catalog.listings l WHERE l.in_stock ORDER BY l.popularity DESC, l.product_id DESC LIMIT :most
    """
)


def skus_in_stock(session: Session, *, limit: int) -> list[str]:
    """Return a SKU of each of some products that are in stock, what sells best first; one statement."""
    return [sku for sku in session.scalars(_IN_STOCK, {"most": limit}) if sku]
