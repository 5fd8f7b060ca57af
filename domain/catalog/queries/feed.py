"""What shopping searches are told: every variant on sale, with the price and the stock that its page shows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalog.queries.picture import PictureView
from domain.catalog.queries.prices import FORMER_NOW, PRICE_NOW
from domain.shared.db import reading
from domain.shared.money import Money

BATCH = 500
"""How many products one statement reads: memory and the time a row is held stay the same at any size of shop."""
NOTHING = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """A variant; `group` is its product where it is one of several, `available` what can be bought now.

    `measure` is how much is in it and for how much of that a price is told, as in 400 g and 1000 g.
    """

    sku: str
    slug: str
    title: str
    description: str
    brand: str
    categories: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    group: str
    barcode: str
    price: Money
    compare_at: Money | None
    available: int
    sell_when_out: bool
    weight_grams: int
    measure: tuple[str, str]
    pictures: tuple[PictureView, ...]


_BATCH = reading(
    f"""
    SELECT p.id, p.slug, p.title, coalesce(nullif(p.summary, ''), p.description) AS description, p.options,
        coalesce(b.name, '') AS brand,
        (SELECT array_agg(up.name ORDER BY length(up.path)) FROM catalog.categories up
         WHERE up.path = ANY(l.category_paths)) AS categories,
        (SELECT jsonb_agg(jsonb_build_array(v.sku, v.option_values, v.barcode, {PRICE_NOW}, {FORMER_NOW},
                coalesce(s.on_hand - s.reserved, 0), coalesce(s.sell_when_out, false), v.weight_grams, v.picture_id,
                trim_scale(v.measure_amount) || ' ' || v.measure_unit,
                trim_scale(v.measure_base) || ' ' || v.measure_unit)
                ORDER BY v.position, v.id)
         FROM catalog.variants v LEFT JOIN catalog.stock s ON s.variant_id = v.id
         WHERE v.product_id = p.id AND v.archived_at IS NULL) AS variants,
        (SELECT jsonb_agg(jsonb_build_array(i.id, i.alt, i.width, i.height, i.derivatives) ORDER BY i.position, i.id)
         FROM catalog.pictures i WHERE i.product_id = p.id AND i.state = 'ready') AS pictures
    FROM catalog.listings l
    JOIN catalog.products p ON p.id = l.product_id AND p.status = 'published'
    LEFT JOIN catalog.brands b ON b.id = p.brand_id
    WHERE l.product_id > :after ORDER BY l.product_id LIMIT :batch
    """,  # noqa: S608
    "id slug title description options brand categories variants pictures",
)


def feed_batch(session: Session, *, after: UUID, currency: str) -> tuple[list[FeedItem], UUID | None]:
    """Return the variants of the next products behind `after`, and the last of these products. One statement."""
    rows = session.execute(_BATCH, {"after": after, "batch": BATCH}).all()
    items = [item for row in rows for item in _items(row, currency)]
    return items, rows[-1].id if rows else None


def _items(row: Any, currency: str) -> Iterator[FeedItem]:
    pictures = {
        id_: PictureView(alt, width, height, tuple(files)) for id_, alt, width, height, files in row.pictures or ()
    }
    variants: Sequence[Any] = row.variants or ()
    for sku, values, barcode, price, compare_at, available, sell_when_out, grams, picture_id, *measure in variants:
        own = [pictures[picture_id]] if picture_id in pictures else []
        yield FeedItem(
            sku=sku,
            slug=row.slug,
            title=row.title,
            description=row.description,
            brand=row.brand,
            categories=tuple(row.categories or ()),
            options=tuple(zip(row.options, values, strict=False)),
            group=row.id.hex if len(variants) > 1 else "",
            barcode=barcode or "",
            price=Money(price, currency),
            compare_at=None if compare_at is None else Money(compare_at, currency),
            available=max(available, 0),
            sell_when_out=sell_when_out,
            weight_grams=grams,
            measure=(measure[0] or "", measure[1] or ""),
            pictures=(*own, *(picture for id_, picture in pictures.items() if id_ != picture_id)),
        )
