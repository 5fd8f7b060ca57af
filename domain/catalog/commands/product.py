"""Making, changing and publishing products."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session, selectinload

from domain.catalog.commands.slug import LONGEST, check_slug, slug_of
from domain.catalog.errors import (
    NoSuchCategory,
    NoSuchProduct,
    NoSuchType,
    TakenSku,
    TakenSlug,
    WrongProduct,
)
from domain.catalog.events import ProductChanged
from domain.catalog.models import Category, OldSlug, Product, ProductType, Stock, Variant
from domain.catalog.models.product import PUBLISHED
from domain.catalog.models.product_type import free_attributes
from domain.shared.db import lock_one
from domain.shared.errors import ChangedMeanwhile
from domain.shared.outbox import record


class Keep(Enum):
    """Stands for leaving a field as it is where None means to empty it."""

    KEEP = "keep"


KEEP = Keep.KEEP
MOST_TAGS, LONGEST_TAG = 50, 60


@dataclass(frozen=True, kw_only=True)
class NewVariant:
    """A variant to be made; prices in minor units, `measure` as in 400, g, 1000: how much, of what, and shown for."""

    sku: str
    price: int
    option_values: tuple[str, ...] = ()
    compare_at: int | None = None
    barcode: str | None = None
    weight_grams: int = 0
    colours: tuple[str, ...] = field(default=())
    cost: int | None = None
    measure: tuple[Decimal, str, Decimal] | None = None
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
    type_id: UUID | None = None,
    product_type: str = "",
    attributes: Mapping[str, Any] | None = None,
    tags: Sequence[str] = (),
    tax_class: str = "standard",
    seo_title: str = "",
    seo_description: str = "",
    featured: bool = False,
) -> UUID:
    """Make a draft with its variants, none of them in stock yet; raises TakenSku, TakenSlug or WrongProduct.

    Attributes must be those of the product's type, where it has one.
    """
    if len(options) > 3:
        raise WrongProduct("A product can have at most three options.")
    if not title.strip():
        raise WrongProduct("Enter a title.")
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
        type_id=type_id,
        product_type=product_type,
        attributes=attributes_of(session, type_id, attributes or {}, complete=False),
        tags=tags_of(tags),
        tax_class=tax_class,
        seo_title=seo_title,
        seo_description=seo_description,
        featured=featured,
        variants=[],
    )
    check_skus(session, [variant.sku for variant in variants])
    for new in variants:
        variant = Variant(
            sku=new.sku,
            price=new.price,
            compare_at=new.compare_at,
            option_values=list(new.option_values),
            barcode=new.barcode,
            weight_grams=new.weight_grams,
            colours=list(new.colours),
            cost=new.cost,
        )
        variant.set_measure(*(new.measure or (None, None, None)))
        product.add(variant)
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
    type_id: UUID | Literal[Keep.KEEP] | None = KEEP,
    product_type: str | None = None,
    attributes: Mapping[str, Any] | None = None,
    tags: Sequence[str] | None = None,
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
        "product_type": product_type,
        "tags": tags_of(tags) if tags is not None else None,
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
    if type_id is not KEEP or attributes is not None:
        chosen = product.type_id if type_id is KEEP else type_id
        said = product.attributes if attributes is None else attributes
        complete = product.status == PUBLISHED
        product.attributes = attributes_of(session, chosen, said, complete=complete)
        product.type_id = chosen
    session.flush()
    record(session, ProductChanged(product_id=product.id))


def publish(session: Session, *, product_id: UUID, now: datetime) -> None:
    """Put a product on sale; raises WrongProduct if it has no variant, or leaves open what its type wants said."""
    product = _locked(session, product_id)
    attributes_of(session, product.type_id, product.attributes, complete=True)
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


def attributes_of(
    session: Session, type_id: UUID | None, values: Mapping[str, Any], *, complete: bool
) -> dict[str, Any]:
    """Return attributes as they are kept, checked against a type's definitions; raises NoSuchType and WrongProduct.

    Only a product on sale must be `complete`: a draft may leave open what its type wants said.
    """
    if type_id is None:
        return free_attributes(values)
    kind = session.get(ProductType, type_id)
    if kind is None:
        raise NoSuchType
    return kind.check(values, complete=complete)


def tags_of(words: Sequence[str]) -> list[str]:
    """Return tags as they are kept: each once, in the order given."""
    tags = list(dict.fromkeys(word.strip() for word in words if word.strip()))
    if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
        raise WrongProduct(f"Give at most {MOST_TAGS} tags of at most {LONGEST_TAG} letters.")
    return tags


def free_slug(session: Session, title: str) -> str:
    """Return an address made of a title that no product has or had, with a number behind it where it takes one."""
    stem = slug_of(title)[: LONGEST - 6] or "product"
    taken = set(
        session.scalars(
            select(Product.slug)
            .where(Product.slug.startswith(stem, autoescape=True))
            .union(select(OldSlug.slug).where(OldSlug.slug.startswith(stem, autoescape=True)))
        )
    )
    return next(
        slug
        for slug in itertools.chain([stem], (f"{stem}-{number}" for number in itertools.count(2)))
        if slug not in taken
    )


def _locked(session: Session, product_id: UUID) -> Product:
    product = lock_one(session, Product, product_id, selectinload(Product.variants))
    if product is None:
        raise NoSuchProduct
    return product


def check_skus(session: Session, skus: Sequence[str]) -> None:
    """Refuse SKUs that are empty, given twice, or another variant's; raises WrongProduct and TakenSku."""
    if not all(sku.strip() for sku in skus):
        raise WrongProduct("Give every variant a SKU.")
    twice = {sku for sku in skus if skus.count(sku) > 1}
    taken = twice | set(session.scalars(select(Variant.sku).where(Variant.sku.in_(skus))))
    if taken:
        raise TakenSku(tuple(sorted(taken)))


def _free_slug(session: Session, slug: str) -> str:
    """Refuse an address that a product has or once had: old addresses redirect for ever."""
    taken = select(exists().where(Product.slug == check_slug(slug)) | exists().where(OldSlug.slug == slug))
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
