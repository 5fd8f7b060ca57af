"""A product's variants: made from its options, and described one by one."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload

from domain.catalog.commands.product import NewVariant, check_skus, create_product, free_slug
from domain.catalog.commands.slug import slug_of
from domain.catalog.errors import (
    NoSuchPicture,
    NoSuchProduct,
    NoSuchVariant,
    TakenSku,
    WrongPrice,
    WrongProduct,
)
from domain.catalog.events import ProductChanged
from domain.catalog.measure import Measure
from domain.catalog.models import Picture, Product, Stock, StockMovement, Variant
from domain.shared.db import lock_one
from domain.shared.errors import ChangedMeanwhile
from domain.shared.outbox import record

MOST_VARIANTS = 200


def combinations(options: Mapping[str, Sequence[str]]) -> list[tuple[str, ...]]:
    """Return every combination of the options' values, in their order; raises WrongProduct for too many."""
    values = [list(dict.fromkeys(value.strip() for value in some if value.strip())) for some in options.values()]
    if not all(values):
        raise WrongProduct("Give each option at least one value.")
    made = list(itertools.product(*values))
    if len(made) > MOST_VARIANTS:
        raise WrongProduct(f"These options make {len(made)} variants. A product can have at most {MOST_VARIANTS}.")
    return made


def sku_of(stem: str, values: Sequence[str]) -> str:
    """Propose a SKU made of a stem and the option values, as in MUG-MOSS-LARGE."""
    return "-".join([stem, *(slug_of(value).upper() for value in values)])[:64].strip("-")


def begin_product(
    session: Session,
    *,
    title: str,
    category_id: UUID,
    options: Mapping[str, Sequence[str]],
    stem: str,
    price: int,
    brand_id: UUID | None = None,
    type_id: UUID | None = None,
) -> UUID:
    """Make a draft with a variant for each combination of its options, or with one; at an address of its title.

    Raises WrongProduct, NoSuchCategory and TakenSku.
    """
    values = combinations(options) if options else [()]
    return create_product(
        session,
        title=title,
        slug=free_slug(session, title),
        category_id=category_id,
        brand_id=brand_id,
        type_id=type_id,
        options=list(options),
        variants=[NewVariant(sku=sku_of(stem, some), price=price, option_values=tuple(some)) for some in values],
    )


def add_variants(
    session: Session, *, product_id: UUID, options: Mapping[str, Sequence[str]], price: int, stem: str
) -> int:
    """Make the variants that are missing of all combinations of the options' values, and return how many they were.

    One that was archived is brought back as it was. The options begin with the product's own, or are any for one
    without variants; of one that is new, the variants that are there already get the first value.
    Raises NoSuchProduct, WrongProduct and TakenSku.
    """
    product = lock_one(session, Product, product_id, selectinload(Product.variants))
    if product is None:
        raise NoSuchProduct
    names = [name.strip() for name in options]
    if product.variants and names[: len(product.options)] != product.options:
        raise WrongProduct("The options that its variants have stay as they are. Another one can be added after them.")
    if len(names) > 3 or len(set(names)) < len(names) or not all(names):
        raise WrongProduct("Give a product up to three options, each with a name of its own.")
    wanted = combinations(options)
    further = wanted[0][len(product.options) :]
    product.options = names
    for variant in product.variants:
        variant.option_values = [*variant.option_values, *further]
    back = [one for one in product.variants if one.archived_at is not None and tuple(one.option_values) in wanted]
    for variant in back:
        variant.archived_at = None
    known = {tuple(variant.option_values) for variant in product.variants}
    missing = [values for values in wanted if values not in known]
    if len(known) + len(missing) > MOST_VARIANTS:
        raise WrongProduct(f"A product can have at most {MOST_VARIANTS} variants.")
    new = [Variant(sku=sku_of(stem, values), price=price, option_values=list(values)) for values in missing]
    check_skus(session, [variant.sku for variant in new])
    for variant in new:
        product.add(variant)
    session.flush()
    session.add_all(Stock(variant_id=variant.id) for variant in new)
    session.flush()
    if new or back or further:
        record(session, ProductChanged(product_id=product_id))
    return len(new) + len(back)


def remove_variant(session: Session, *, product_id: UUID, variant_id: UUID, now: datetime) -> bool:
    """Take a variant off sale: one that never had stock nor was ordered goes for good, any other is archived.

    An archived one stays for the ledger and for what was ordered of it, and can be brought back. Returns whether it
    went for good. Raises NoSuchVariant, and WrongProduct for the last one, or while there are units of it.
    """
    product = lock_one(session, Product, product_id, selectinload(Product.variants))
    if product is None:
        raise NoSuchProduct
    variant = next((one for one in product.variants if one.id == variant_id), None)
    stock = lock_one(session, Stock, variant_id)
    if variant is None or variant.archived_at is not None:
        raise NoSuchVariant
    if stock is not None and (stock.on_hand or stock.reserved):
        raise WrongProduct(
            f"{variant.sku}: {stock.on_hand} on the shelf, {stock.reserved} promised to buyers. Send what is promised "
            "and count the shelf as empty first."
        )
    if sum(one.archived_at is None for one in product.variants) == 1:
        raise WrongProduct("This is the only variant. Archive the product instead.")
    lasting = session.scalar(select(exists().where(StockMovement.variant_id == variant_id)))
    if lasting:
        variant.archived_at = now
    else:
        product.variants.remove(variant)
    session.flush()
    record(session, ProductChanged(product_id=product_id))
    return not lasting


def restore_variant(session: Session, *, product_id: UUID, variant_id: UUID) -> None:
    """Sell an archived variant again; raises NoSuchVariant."""
    variant = lock_one(session, Variant, variant_id)
    if variant is None or variant.product_id != product_id:
        raise NoSuchVariant
    if variant.archived_at is not None:
        variant.archived_at = None
        record(session, ProductChanged(product_id=product_id))


def describe_variant(
    session: Session,
    *,
    product_id: UUID,
    variant_id: UUID,
    seen: str,
    sku: str,
    barcode: str | None,
    weight_grams: int,
    cost: int | None,
    picture_id: UUID | None,
    colours: Sequence[str] = (),
    measure: Measure = (None, None, None),
) -> None:
    """Change what a variant is called and what is known of it; `seen` is the stamp of what the form had shown.

    Raises ChangedMeanwhile, NoSuchVariant, TakenSku, NoSuchPicture and WrongMeasure.
    """
    variant = lock_one(session, Variant, variant_id)
    if variant is None or variant.product_id != product_id:
        raise NoSuchVariant
    if variant.described != seen:
        raise ChangedMeanwhile("variant")
    if not sku.strip():
        raise WrongProduct("Give every variant a SKU.")
    if weight_grams < 0:
        raise WrongProduct("Enter a weight of zero grams or more.")
    if cost is not None and cost < 0:
        raise WrongPrice("Enter a cost of zero or more.")
    if session.scalar(select(Variant.id).where(Variant.sku == sku.strip(), Variant.id != variant_id)):
        raise TakenSku((sku.strip(),))
    own = select(Picture.id).where(Picture.id == picture_id, Picture.product_id == product_id)
    if picture_id is not None and session.scalar(own) is None:
        raise NoSuchPicture
    variant.sku, variant.barcode, variant.weight_grams = sku.strip(), barcode or None, weight_grams
    variant.cost, variant.picture_id, variant.colours = cost, picture_id, list(colours)
    variant.set_measure(*measure)
    session.flush()
    record(session, ProductChanged(product_id=product_id))
