"""A product as a tile in a list shows it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from json import loads
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalog.queries.picture import PictureView, picture_from_text
from domain.shared.db import reading
from domain.shared.money import Money

CARD_NAMES = (
    "product_id slug title brand_name category_path category_name price_min price_max compare_at in_stock variants "
    "picture colours rating reviews"
)
_COLUMNS = ", ".join(f"l.{name}" for name in CARD_NAMES.split())

CARD_COLUMNS = _COLUMNS.replace("l.picture", "CAST(l.picture AS text) AS picture")
"""The columns of the listing table that `to_card` reads, in its order."""

CARD_TEXT = f"CAST(json_build_array({_COLUMNS}) AS text)"
"""The same in one text, which `card_from_text` reads."""


@dataclass(frozen=True, slots=True)
class Card:
    """A product's tile; the price is the lowest that can be bought, `price_varies` if variants differ.

    `rating` is the average of its reviews in hundredths of a star, None without any.
    """

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
    rating: int | None
    reviews: int

    def __hash__(self) -> int:
        """Tell tiles apart by their product; what else is in them is compared."""
        return hash(self.product_id)


def to_card(row: Any, currency: str, *, picture_of: Callable[[Any], PictureView | None] = picture_from_text) -> Card:
    """Make a tile of a row that begins with CARD_COLUMNS."""
    (product_id, slug, title, brand, path, category, low, high, compare_at, in_stock, variants, picture, colours,
     rating, reviews) = row[:15]  # fmt: skip
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
        picture_of(picture),
        tuple(colours),
        rating,
        reviews,
    )


@lru_cache(maxsize=2048)
def card_from_text(value: str, currency: str) -> Card:
    """Make a tile of a CARD_TEXT; much asked for ones come again and again, and stay the same tile."""
    product_id, *rest = loads(value)
    return to_card((UUID(product_id), *rest), currency, picture_of=PictureView.from_json)


_OF_SLUGS = reading(
    f"""
    SELECT {CARD_COLUMNS} FROM catalog.products p JOIN catalog.listings l ON l.product_id = p.id
    WHERE p.slug = ANY(:slugs) ORDER BY array_position(:slugs, p.slug)
    """,  # noqa: S608
    CARD_NAMES,
)


def cards_of_slugs(session: Session, slugs: Sequence[str], currency: str) -> tuple[Card, ...]:
    """Return the tiles of the products on sale with these addresses, in their order; one statement."""
    known = [slug for slug in slugs if slug.isprintable() and slug]
    if not known:
        return ()
    return tuple(to_card(row, currency) for row in session.execute(_OF_SLUGS, {"slugs": known}))
