"""A product as a tile in a list shows it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.catalog.queries.picture import PictureView, picture_from_text
from domain.shared.money import Money

CARD_COLUMNS = (
    "l.product_id, l.slug, l.title, l.brand_name, l.category_path, l.category_name, l.price_min, l.price_max, "
    "l.compare_at, l.in_stock, l.variants, CAST(l.picture AS text) AS picture, l.colours"
)
"""The columns of the listing table that `to_card` reads, in its order."""

CARD_NAMES = (
    "product_id slug title brand_name category_path category_name price_min price_max compare_at in_stock variants "
    "picture colours"
)


@dataclass(frozen=True, slots=True)
class Card:
    """A product's tile; the price is the lowest that can be bought, `price_varies` if variants differ."""

    product_id: UUID
    slug: str
    title: str
    brand_name: str
    category_path: str
    category_name: str
    price: Money
    price_varies: bool
    compare_at: Money | None
    in_stock: bool
    variants: int
    picture: PictureView | None
    colours: tuple[str, ...]


def to_card(row: Any, currency: str) -> Card:
    """Make a tile of a row that begins with CARD_COLUMNS."""
    (product_id, slug, title, brand, path, category, low, high, compare_at, in_stock, variants, picture, colours) = row[
        :13
    ]
    return Card(
        product_id,
        slug,
        title,
        brand,
        path,
        category,
        Money(low, currency),
        high != low,
        None if compare_at is None else Money(compare_at, currency),
        in_stock,
        variants,
        picture_from_text(picture),
        tuple(colours),
    )
