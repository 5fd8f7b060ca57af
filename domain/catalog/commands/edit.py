"""Saving a whole product from a form that was open for a while: nothing that changed meanwhile is overwritten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalog.commands.product import archive, publish, unpublish, update_product
from domain.catalog.commands.stock import correct
from domain.catalog.commands.variant import set_price
from domain.catalog.errors import (
    CountedMeanwhile,
    NoSuchVariant,
    WrongProduct,
)
from domain.catalog.models import Product, Stock, Variant
from domain.catalog.models.product import ARCHIVED, DRAFT, PUBLISHED
from domain.shared.db import lock, lock_one
from domain.shared.errors import ChangedMeanwhile


@dataclass(frozen=True)
class Terms:
    """What a variant costs, in minor units, and how many are on the shelf."""

    price: int
    compare_at: int | None
    on_hand: int


@dataclass(frozen=True)
class VariantEdit:
    """A variant as the form showed it and as it came back."""

    id: UUID
    seen: Terms
    wanted: Terms


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Everything that the page of a product says, but its status and its variants."""

    title: str
    slug: str
    summary: str
    description: str
    category_id: UUID
    brand_id: UUID | None
    type_id: UUID | None
    attributes: Mapping[str, Any]
    tags: Sequence[str]
    tax_class: str
    seo_title: str
    seo_description: str
    featured: bool


def edit_product(
    session: Session,
    *,
    product_id: UUID,
    version: int,
    answers: Answers,
    status: str,
    variants: Sequence[VariantEdit],
    reason: str,
    actor: str,
    now: datetime,
) -> None:
    """Save all of it or nothing; only what the form changed is changed.

    Raises ChangedMeanwhile or CountedMeanwhile if a changed field is no longer what the form had shown, and whatever
    the rules for titles, attributes, prices and stock raise.
    """
    update_product(session, product_id=product_id, version=version, **vars(answers))
    for edit in sorted(variants, key=lambda edit: edit.id):
        _save_terms(session, product_id, edit, reason=reason, actor=actor)
    _set_status(session, product_id, status, now)


def recount(session: Session, *, variant_id: UUID, seen: int, on_hand: int, reason: str, actor: str) -> None:
    """Set what was counted on the shelf, if the books still say what the counter saw; raises CountedMeanwhile."""
    stock = lock_one(session, Stock, variant_id)
    if stock is None:
        raise NoSuchVariant
    if stock.on_hand != seen:
        raise CountedMeanwhile(seen, stock.on_hand)
    correct(session, variant_id=variant_id, on_hand=on_hand, reason=reason, actor=actor)


def _save_terms(session: Session, product_id: UUID, edit: VariantEdit, *, reason: str, actor: str) -> None:
    seen, wanted = edit.seen, edit.wanted
    variant = next(iter(lock(session, Variant, [edit.id])), None)
    if variant is None or variant.product_id != product_id:
        raise NoSuchVariant
    if (wanted.price, wanted.compare_at) != (seen.price, seen.compare_at):
        if (variant.price, variant.compare_at) != (seen.price, seen.compare_at):
            raise ChangedMeanwhile
        set_price(session, variant_id=edit.id, price=wanted.price, compare_at=wanted.compare_at)
    if wanted.on_hand != seen.on_hand:
        if not reason:
            raise WrongProduct("Say why the stock changes, so that the next person understands it.")
        recount(session, variant_id=edit.id, seen=seen.on_hand, on_hand=wanted.on_hand, reason=reason, actor=actor)


def _set_status(session: Session, product_id: UUID, status: str, now: datetime) -> None:
    product = session.get_one(Product, product_id)
    if product.status == status:
        return
    if status == PUBLISHED:
        publish(session, product_id=product_id, now=now)
    elif status == DRAFT:
        unpublish(session, product_id=product_id)
    elif status == ARCHIVED:
        archive(session, product_id=product_id)
    else:
        raise WrongProduct("Choose one of: draft, published, archived.")
