"""Making, changing and publishing products."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session, selectinload

from domain.catalog.commands.slug import slug_of
from domain.catalog.errors import (
    ChangedMeanwhile,
    NoSuchCategory,
    NoSuchProduct,
    NoSuchVariant,
    TakenSku,
    TakenSlug,
    WrongProduct,
)
from domain.catalog.events import ProductChanged
from domain.catalog.models import Category, OldSlug, Product, Stock, Variant
from domain.shared.db import lock_one
from domain.shared.outbox import record


class Keep(Enum):
    """Stands for leaving a field as it is where None means to empty it."""

    KEEP = "keep"


KEEP = Keep.KEEP


@dataclass(frozen=True, kw_only=True)
class NewVariant:
    """A variant to be made; prices in minor units."""

    sku: str
    price: int
    option_values: tuple[str, ...] = ()
    compare_at: int | None = None
    barcode: str | None = None
    weight_grams: int = 0
    colours: tuple[str, ...] = field(default=())
    sell_when_out: bool = False
    low_at: int = 3


def create_product(
    session: Session,
    *,
    title: str,
    category_id: UUID,
    variants: Sequence[NewVariant],
    slug: str | None = None,
    summary: str = "",
    description: str = "",
    brand_id: UUID | None = None,
    options: Sequence[str] = (),
    attributes: Mapping[str, Any] | None = None,
    tax_class: str = "standard",
    featured: bool = False,
) -> UUID:
    """Make a draft with its variants, none of them in stock yet; raises TakenSku, TakenSlug or WrongProduct."""
    if len(options) > 3:
        raise WrongProduct("A product can have at most three options.")
    if session.get(Category, category_id) is None:
        raise NoSuchCategory
    product = Product(
        title=title.strip(),
        slug=_free_slug(session, slug or slug_of(title)),
        category_id=category_id,
        summary=summary,
        description=description,
        brand_id=brand_id,
        options=list(options),
        attributes=dict(attributes or {}),
        tax_class=tax_class,
        featured=featured,
        variants=[],
    )
    _check_skus(session, [variant.sku for variant in variants])
    for new in variants:
        product.add(
            Variant(
                sku=new.sku,
                price=new.price,
                compare_at=new.compare_at,
                option_values=list(new.option_values),
                barcode=new.barcode,
                weight_grams=new.weight_grams,
                colours=list(new.colours),
            )
        )
    session.add(product)
    session.flush()
    session.add_all(
        Stock(variant_id=variant.id, sell_when_out=new.sell_when_out, low_at=new.low_at)
        for variant, new in zip(product.variants, variants, strict=True)
    )
    session.flush()
    record(session, ProductChanged(product_id=product.id))
    return product.id


def update_product(
    session: Session,
    *,
    product_id: UUID,
    version: int,
    title: str | None = None,
    slug: str | None = None,
    summary: str | None = None,
    description: str | None = None,
    category_id: UUID | None = None,
    brand_id: UUID | Literal[Keep.KEEP] | None = KEEP,
    attributes: Mapping[str, Any] | None = None,
    tax_class: str | None = None,
    seo_title: str | None = None,
    seo_description: str | None = None,
    featured: bool | None = None,
) -> None:
    """Change what is given and leave the rest; raises ChangedMeanwhile if `version` is no longer the present one."""
    product = _locked(session, product_id)
    if product.version != version:
        raise ChangedMeanwhile
    if title is not None and not title.strip():
        raise WrongProduct("Enter a title.")
    if category_id is not None and session.get(Category, category_id) is None:
        raise NoSuchCategory
    if slug is not None and slug != product.slug:
        _move_to(session, product, slug)
    given = {
        "title": title.strip() if title is not None else None,
        "summary": summary,
        "description": description,
        "category_id": category_id,
        "attributes": dict(attributes) if attributes is not None else None,
        "tax_class": tax_class,
        "seo_title": seo_title,
        "seo_description": seo_description,
        "featured": featured,
    }
    for name, value in given.items():
        if value is not None:
            setattr(product, name, value)
    if brand_id is not KEEP:
        product.brand_id = brand_id
    session.flush()
    record(session, ProductChanged(product_id=product.id))


def set_price(session: Session, *, variant_id: UUID, price: int, compare_at: int | None) -> None:
    """Set a variant's price and its former price in minor units; raises WrongPrice or NoSuchVariant."""
    variant = lock_one(session, Variant, variant_id)
    if variant is None:
        raise NoSuchVariant
    if (variant.price, variant.compare_at) != (price, compare_at):
        variant.set_price(price, compare_at)
        record(session, ProductChanged(product_id=variant.product_id))


def set_selling(session: Session, *, variant_id: UUID, sell_when_out: bool, low_at: int) -> None:
    """Say whether a variant is sold when it is out of stock, and at how many left staff are warned."""
    stock = lock_one(session, Stock, variant_id)
    variant = session.get(Variant, variant_id)
    if stock is None or variant is None:
        raise NoSuchVariant
    if not sell_when_out and (stock.on_hand < 0 or stock.reserved > stock.on_hand):
        raise WrongProduct("More units are promised than are on hand. Receive the missing ones first.")
    stock.sell_when_out, stock.low_at = sell_when_out, max(low_at, 0)
    record(session, ProductChanged(product_id=variant.product_id))


def publish(session: Session, *, product_id: UUID, now: datetime) -> None:
    """Put a product on sale."""
    product = _locked(session, product_id)
    product.publish(now)
    record(session, ProductChanged(product_id=product_id))


def unpublish(session: Session, *, product_id: UUID) -> None:
    """Take a product off sale for now."""
    _locked(session, product_id).unpublish()
    record(session, ProductChanged(product_id=product_id))


def archive(session: Session, *, product_id: UUID) -> None:
    """Take a product off sale for good."""
    _locked(session, product_id).archive()
    record(session, ProductChanged(product_id=product_id))


def _locked(session: Session, product_id: UUID) -> Product:
    product = lock_one(session, Product, product_id, selectinload(Product.variants))
    if product is None:
        raise NoSuchProduct
    return product


def _check_skus(session: Session, skus: Sequence[str]) -> None:
    if not all(sku.strip() for sku in skus):
        raise WrongProduct("Give every variant a SKU.")
    twice = {sku for sku in skus if skus.count(sku) > 1}
    taken = twice | set(session.scalars(select(Variant.sku).where(Variant.sku.in_(skus))))
    if taken:
        raise TakenSku(tuple(sorted(taken)))


def _free_slug(session: Session, slug: str) -> str:
    """Refuse an address that a product has or once had: old addresses redirect for ever."""
    taken = select(exists().where(Product.slug == slug) | exists().where(OldSlug.slug == slug))
    if not slug or slug != slug_of(slug):
        raise WrongProduct("Write the address in small letters, digits and hyphens.")
    if session.scalar(taken):
        raise TakenSlug(slug)
    return slug


def _move_to(session: Session, product: Product, slug: str) -> None:
    """Give a product a new address and let the old one lead there; its own old addresses it may have back."""
    mine = delete(OldSlug).where(OldSlug.slug == slug, OldSlug.product_id == product.id)
    if session.scalar(mine.returning(OldSlug.slug)) is None:
        _free_slug(session, slug)
    session.add(OldSlug(slug=product.slug, product_id=product.id))
    product.slug = slug
