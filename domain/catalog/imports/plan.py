"""Comparing drafts with the shop: what would be made, what changed, what stays, and what is refused and why.

Nothing is written here, so a preview says exactly what the import will do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalog.imports.draft import DraftProduct, DraftVariant
from domain.catalog.imports.known import Known, KnownProduct, KnownVariant, known
from domain.catalog.imports.notes import Notes
from domain.catalog.imports.places import NOWHERE, Places, path_for
from domain.catalog.imports.sound import has_address, is_sound
from domain.catalog.models.product import DRAFT, PUBLISHED

LONGEST_TAG, MOST_TAGS, MOST_ATTRIBUTES = 60, 50, 40
STOCK_OF_NEW, STOCK_OF_ALL = "new", "all"
"""Whose stock the file sets: that of SKUs the shop does not know yet, or that of all."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the merchant asked of the import; `as_drafts` keeps new products off sale until somebody looked.

    With `selling`, our own files also say how known SKUs are sold when they are out.
    """

    stock: str = STOCK_OF_NEW
    as_drafts: bool = False
    pictures: bool = True
    selling: bool = True


@dataclass(slots=True, kw_only=True)
class Change:
    """What becomes of one product; without an id it is new. `fields` are the product's own columns that differ.

    An empty `brand` takes it away. `sold` says of variants whether they are sold when out, and when staff are warned.
    """

    draft: DraftProduct
    product_id: UUID | None
    fields: dict[str, Any] = field(default_factory=dict)
    category: tuple[Sequence[str], str] | None = None
    brand: str | None = None
    new: list[DraftVariant] = field(default_factory=list)
    changed: list[tuple[KnownVariant, dict[str, Any]]] = field(default_factory=list)
    counted: list[tuple[UUID, int]] = field(default_factory=list)
    sold: list[tuple[UUID, bool, int]] = field(default_factory=list)
    stock_left: int = 0

    @property
    def is_same(self) -> bool:
        """Say whether nothing is to be written."""
        return self.product_id is not None and not (
            self.fields
            or self.category
            or self.brand is not None
            or self.new
            or self.changed
            or self.counted
            or self.sold
        )


def plan(
    session: Session, drafts: Sequence[DraftProduct], notes: Notes, *, rules: Rules, places: Places,
    first: Mapping[str, int],
) -> list[Change]:  # fmt: skip
    """Work out what becomes of each draft; what is refused is left out. `first` says where each SKU first stands."""
    skus = [variant.sku for draft in drafts for variant in draft.variants]
    here = known(session, skus=skus, slugs=[draft.slug for draft in drafts if draft.by_slug])
    changes: list[Change] = []
    met: set[str] = set()
    for draft in drafts:
        draft.variants = [one for one in draft.variants if is_sound(one, notes, first, met)]
        change = _plan(draft, here, notes, rules, places)
        if change is not None:
            if rules.pictures:
                draft.pictures = [one for one in draft.pictures if has_address(one, notes)]
            changes.append(change)
    return changes


def _plan(draft: DraftProduct, here: Known, notes: Notes, rules: Rules, places: Places) -> Change | None:
    if notes.is_refused(draft.line) and not draft.variants:
        return None
    owners = [here.of_sku[one.sku] for one in draft.variants if one.sku in here.of_sku]
    by_slug = here.of_slug.get(draft.slug) if draft.by_slug else None
    product_id = owners[0] if owners else by_slug
    for variant in list(draft.variants):
        owner = here.of_sku.get(variant.sku, product_id)
        if owner != product_id:
            title = here.products[owner].title if owner else ""
            notes.refuse(variant.line, f"This SKU belongs to another product, “{title}”.",
                         "Give it another SKU, or take that one away.", column="sku", sku=variant.sku)  # fmt: skip
            draft.variants.remove(variant)
    if product_id is None:
        return _plan_new(draft, notes, rules)
    return _plan_known(draft, here.products[product_id], here.variants[product_id], notes, rules, places)


def _plan_new(draft: DraftProduct, notes: Notes, rules: Rules) -> Change | None:
    if not draft.title:
        if not notes.is_refused(draft.line):
            notes.refuse(draft.line, "There is no title, and the shop does not know this product yet.",
                         "Give it a title; a variation needs its product in the file.", column="title",
                         sku=draft.variants[0].sku if draft.variants else "")  # fmt: skip
        return None
    kept: list[DraftVariant] = []
    for variant in draft.variants:
        if variant.price is None:
            notes.refuse(
                variant.line, "There is no price.", "Give every variant a price.", column="price", sku=variant.sku
            )
        elif _fits(variant, draft.options, [one.option_values for one in kept], notes):
            kept.append(variant)
    if not kept:
        if not any(notes.is_refused(line) for line in (draft.line, *(one.line for one in draft.variants))):
            notes.refuse(draft.line, "The product has no variant with a SKU and a price.", "Give it a SKU and a price.")
        return None
    if not draft.category:
        notes.say(
            draft.line, f"It has no category and goes to “{NOWHERE[0]}”.", "Move it where it belongs.", sku=kept[0].sku
        )
    status = draft.status or PUBLISHED
    fields = {
        "title": draft.title,
        "summary": draft.summary or "",
        "description": draft.description or "",
        "status": DRAFT if rules.as_drafts and status == PUBLISHED else status,
        "product_type": draft.product_type or "",
        "tags": _tags(draft.tags or ()),
        "options": list(draft.options),
        "attributes": _attributes(draft.attributes or {}),
        "tax_class": draft.tax_class or "standard",
        "seo_title": draft.seo_title or "",
        "seo_description": draft.seo_description or "",
        "featured": bool(draft.featured),
    }
    category = (draft.category, draft.category_path) if draft.category else (NOWHERE, "")
    return Change(draft=draft, product_id=None, fields=fields, category=category, brand=draft.brand, new=kept)


def _fits(variant: DraftVariant, options: Sequence[str], others: Sequence[Sequence[str]], notes: Notes) -> bool:
    values = variant.option_values
    if len(values) != len(options) or not all(values):
        if options:
            notes.refuse(variant.line, f"It says nothing of one of: {', '.join(options)}.",
                         "Give one value for each option.", sku=variant.sku)  # fmt: skip
        else:
            notes.refuse(variant.line, "This product has no options.", "Leave the options out.", sku=variant.sku)
        return False
    if any(tuple(other) == tuple(values) for other in others):
        what = f"“{', '.join(values)}” twice" if values else "two variants without any option"
        notes.refuse(
            variant.line, f"The product would have {what}.", "Let variants differ in an option.", sku=variant.sku
        )
        return False
    return True


def _plan_known(
    draft: DraftProduct, product: KnownProduct, variants: Sequence[KnownVariant], notes: Notes, rules: Rules,
    places: Places,
) -> Change | None:  # fmt: skip
    change = Change(draft=draft, product_id=product.id)
    of_sku = {variant.sku: variant for variant in variants}
    # What says nothing of options leaves those alone that there are.
    options = draft.options if any(one.option_values for one in draft.variants) else tuple(product.options)
    covered = {variant.sku for variant in draft.variants} >= of_sku.keys()
    if len(options) != len(product.options) and not covered:
        here = ", ".join(product.options) or "none"
        notes.refuse(draft.line, f"In the shop “{product.title}” has other options: {here}.",
                     "Give the same options, or a file with all of its variants.")  # fmt: skip
        return None
    change.fields = _differences(draft, product, options, rules, places)
    if draft.category and places.now_at(draft.category_path or path_for(draft.category)) != product.category_path:
        change.category = (draft.category, draft.category_path)
    brand = places.brand(draft.brand or "")
    if draft.brand is not None and (brand != product.brand_id or (draft.brand and brand is None)):
        change.brand = draft.brand
    combinations = {one.sku: tuple(one.option_values) for one in variants}
    for variant in draft.variants:
        there = of_sku.get(variant.sku)
        if there is not None and not variant.option_values:
            variant.option_values = tuple(there.option_values)
        if there is None and variant.price is None:
            notes.refuse(
                variant.line, "There is no price.", "Give every new variant a price.", column="price", sku=variant.sku
            )
            continue
        others = [values for sku, values in combinations.items() if sku != variant.sku]
        if not _fits(variant, options, others, notes):
            continue
        combinations[variant.sku] = variant.option_values
        if there is None:
            change.new.append(variant)
        else:
            _compare(change, variant, there, notes, rules)
    return change


def _differences(
    draft: DraftProduct, product: KnownProduct, options: Sequence[str], rules: Rules, places: Places
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "title": draft.title,
        "summary": draft.summary,
        "description": draft.description,
        "status": draft.status if not (rules.as_drafts and draft.status == PUBLISHED) else None,
        "product_type": draft.product_type,
        "tags": _tags(draft.tags) if draft.tags is not None else None,
        "options": list(options),
        "tax_class": draft.tax_class,
        "seo_title": draft.seo_title,
        "seo_description": draft.seo_description,
        "featured": draft.featured,
    }
    if draft.attributes is not None and (product.type_id is None or draft.exact):
        told["attributes"] = _attributes(draft.attributes)
    if draft.exact:
        told["type_id"] = places.types.get(draft.type_name or "")
    return {
        name: value
        for name, value in told.items()
        if (value is not None or name == "type_id")
        and (draft.exact or name == "options" or value not in ("", [], {}))
        and value != getattr(product, name)
    }


def _compare(change: Change, variant: DraftVariant, there: KnownVariant, notes: Notes, rules: Rules) -> None:
    present = (there.sale_price, there.sale_starts_at, there.sale_ends_at)
    sale_price, starts, ends = variant.sale or ((None, None, None) if "sale" in variant.none else present)
    price = there.price if variant.price is None else variant.price
    if sale_price is not None and sale_price >= price:
        notes.refuse(variant.line, "The sale price is no longer below the price.",
                     "Change the sale price too, or end the sale.", column="price", sku=variant.sku)  # fmt: skip
        return
    former = _said(variant, "compare_at", there.compare_at)
    archived = _said(variant, "archived_at", there.archived_at)
    counted = variant.stock if rules.stock == STOCK_OF_ALL else None
    if archived and not there.archived_at and (there.on_hand or there.reserved or counted):
        notes.leave_out(variant.line, "It is archived in the file, and there are units of it here.",
                        "Count the shelf as empty and import again.", column="archived_at")  # fmt: skip
        archived = None
    amount, unit, base = variant.measure or (
        (None, None, None) if "measure" in variant.none
        else (there.measure_amount, there.measure_unit, there.measure_base)
    )  # fmt: skip
    told = {
        "option_values": list(variant.option_values),
        "price": price,
        "compare_at": former if former is None or former > price else None,
        "sale_price": sale_price,
        "sale_starts_at": starts,
        "sale_ends_at": ends,
        "cost": _said(variant, "cost", there.cost),
        "barcode": _said(variant, "barcode", there.barcode),
        "weight_grams": there.weight_grams if variant.grams is None else variant.grams,
        "colours": list(there.colours if variant.colours is None else variant.colours),
        "measure_amount": amount,
        "measure_unit": unit,
        "measure_base": base,
        "archived_at": archived,
    }
    differs = {name: value for name, value in told.items() if value != getattr(there, name)}
    if differs:
        change.changed.append((there, told))
    if variant.stock is not None and variant.stock != there.on_hand:
        if rules.stock == STOCK_OF_ALL:
            change.counted.append((there.id, variant.stock))
        else:
            change.stock_left += 1
    if rules.stock == STOCK_OF_ALL or (change.draft.exact and rules.selling):
        sold = (
            there.sell_when_out if variant.sell_when_out is None else variant.sell_when_out,
            there.low_at if variant.low_at is None else variant.low_at,
        )
        if sold != (there.sell_when_out, there.low_at):
            change.sold.append((there.id, *sold))


def _said(variant: DraftVariant, name: str, there: Any) -> Any:
    """Return what the file says of a variant, be it that there is none; else what there is."""
    told = getattr(variant, name)
    return told if told is not None or name in variant.none else there


def _tags(tags: Sequence[str]) -> list[str]:
    return [tag[:LONGEST_TAG] for tag in tags[:MOST_TAGS]]


def _attributes(values: Mapping[str, Any]) -> dict[str, Any]:
    return dict(list(values.items())[:MOST_ATTRIBUTES])
