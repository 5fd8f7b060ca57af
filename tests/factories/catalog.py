"""Products with their stock for tests, listed as shoppers see them."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalog import commands
from domain.catalog.commands import NewVariant, listing
from domain.catalog.commands.slug import slug_of
from domain.catalog.queries import brand_ids, category_ids, product_detail
from domain.shared.db import utcnow

_numbers = itertools.count(1)


@dataclass(frozen=True)
class MadeProduct:
    """A product that was made; `sku` and `variant_id` are of its first variant."""

    id: UUID
    slug: str
    title: str
    sku: str
    variant_id: UUID
    skus: tuple[str, ...]
    variant_ids: tuple[UUID, ...]


def make_category(session: Session, path: str = "kitchen/mugs", **values: Any) -> UUID:
    """Return the category at a path, made with all above it if it is missing."""
    known = category_ids(session)
    parent: UUID | None = None
    steps = path.split("/")
    for depth, slug in enumerate(steps, start=1):
        here = "/".join(steps[:depth])
        if here not in known:
            known[here] = commands.create_category(
                session, slug=slug, name=slug.replace("-", " ").capitalize(), parent_id=parent, **values
            )
        parent = known[here]
    return known[path]


def make_brand(session: Session, name: str = "Hearth & Co") -> UUID:
    """Return the brand of a name, made if it is missing."""
    return brand_ids(session).get(slug_of(name)) or commands.create_brand(session, slug=slug_of(name), name=name)


def make_product(
    session: Session,
    *,
    sku: str | None = None,
    title: str | None = None,
    price: int = 1000,
    compare_at: int | None = None,
    on_hand: int = 10,
    category: str = "kitchen/mugs",
    brand: str | None = "Hearth & Co",
    options: Sequence[str] = (),
    variants: Sequence[tuple[NewVariant, int]] = (),
    published: bool = True,
    published_at: datetime | None = None,
    sell_when_out: bool = False,
    low_at: int = 3,
    weight_grams: int = 350,
    **values: Any,
) -> MadeProduct:
    """Make a product with one variant, or with `variants` and how many of each are on hand, and list it."""
    number = next(_numbers)
    made = variants or [
        (
            NewVariant(
                sku=sku or f"TEST-{number:05}",
                price=price,
                compare_at=compare_at,
                sell_when_out=sell_when_out,
                low_at=low_at,
                weight_grams=weight_grams,
            ),
            on_hand,
        )
    ]
    product_id = commands.create_product(
        session,
        title=title or f"Test mug {number}",
        category_id=make_category(session, category),
        brand_id=make_brand(session, brand) if brand else None,
        options=options,
        variants=[variant for variant, _ in made],
        **values,
    )
    detail = product_detail(session, product_id, currency="EUR")
    ids = tuple(variant.id for variant in detail.variants)
    received = {id_: count for id_, (_, count) in zip(ids, made, strict=True) if count}
    commands.receive(session, quantities=received, actor="test", reason="Opening stock")
    if published:
        commands.publish(session, product_id=product_id, now=published_at or utcnow())
    session.flush()
    listing.refresh(session, [product_id])
    skus = tuple(variant.sku for variant in detail.variants)
    return MadeProduct(product_id, detail.slug, detail.title, skus[0], ids[0], skus, ids)
