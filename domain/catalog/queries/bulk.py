"""What a change of many products at once would do to each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from domain.catalog.errors import NoSuchCategory, WrongProduct
from domain.catalog.models import Category, Product, ProductType, Variant
from domain.catalog.models.product import ARCHIVED, DRAFT, PUBLISHED
from domain.catalog.models.variant import HIGHEST_PRICE
from domain.shared.stamp import stamp

PUBLISH, UNPUBLISH, ARCHIVE, PRICE, MOVE = "publish", "unpublish", "archive", "price", "move"
ACTIONS = (PUBLISH, UNPUBLISH, ARCHIVE, PRICE, MOVE)
MOST_AT_ONCE = 200
_STATUS = {PUBLISH: PUBLISHED, UNPUBLISH: DRAFT, ARCHIVE: ARCHIVED}


@dataclass(frozen=True, kw_only=True)
class BulkChange:
    """One change for many products: a status, prices by a share in hundredths of a percent, or another category."""

    action: str
    basis_points: int = 0
    category_id: UUID | None = None

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise WrongProduct("Choose what to do with these products.")
        if self.action == PRICE and not (-9_000 <= self.basis_points <= 100_000 and self.basis_points):
            raise WrongProduct("Enter a percentage between -90 and 1000, such as 5 for dearer or -10 for cheaper.")
        if self.action == MOVE and self.category_id is None:
            raise WrongProduct("Choose a category to move these products to.")

    def price(self, price: int) -> int:
        """Return a price after the change, rounded half up to the currency's smallest unit."""
        return (price * (10_000 + self.basis_points) + 5_000) // 10_000


@dataclass(frozen=True, slots=True)
class PriceStep:
    """One variant's price before and after, in minor units; the former price goes where it would not be above."""

    variant_id: UUID
    label: str
    price: int
    new_price: int
    new_compare_at: int | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What happens to one product: from and to are words; `problem` says why nothing does."""

    product_id: UUID
    title: str
    before: str
    after: str
    prices: tuple[PriceStep, ...]
    problem: str


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """What a change does to each product; by `stamp`, made of what they were, it is told if they are so no more."""

    effects: tuple[Effect, ...]
    stamp: str

    @property
    def changing(self) -> tuple[Effect, ...]:
        """Return the products that change."""
        return tuple(effect for effect in self.effects if not effect.problem)


def preview_bulk(session: Session, product_ids: Sequence[UUID], change: BulkChange) -> BulkPlan:
    """Return what a change would do, without doing it. Five statements at any number of products."""
    found = session.scalars(
        select(Product)
        .where(Product.id.in_(product_ids[:MOST_AT_ONCE]))
        .order_by(Product.id)
        .options(selectinload(Product.variants))
        .execution_options(populate_existing=True)
    ).all()
    return plan(session, found, change)


def plan(session: Session, products: Sequence[Product], change: BulkChange) -> BulkPlan:
    """Work out what a change does to products as they are."""
    ids = {product.category_id for product in products} | ({change.category_id} if change.category_id else set())
    names = {
        row.id: row.name for row in session.execute(select(Category.id, Category.name).where(Category.id.in_(ids)))
    }
    if change.action == MOVE and change.category_id not in names:
        raise NoSuchCategory
    kinds = {product.type_id for product in products if product.type_id}
    types = {kind.id: kind for kind in session.scalars(select(ProductType).where(ProductType.id.in_(kinds)))}
    effects = tuple(_effect(product, change, names, types) for product in products)
    was = [(product.id, product.version, [_state(variant) for variant in product.variants]) for product in products]
    return BulkPlan(effects, stamp(was, change))


def _state(variant: Variant) -> tuple[object, ...]:
    return variant.id, variant.price, variant.compare_at, variant.sale_price


def _effect(product: Product, change: BulkChange, names: dict[UUID, str], types: dict[UUID, ProductType]) -> Effect:
    before, after, problem = product.status, "", ""
    prices: tuple[PriceStep, ...] = ()
    if change.action == PRICE:
        before = ""
        prices = tuple(_step(variant, change) for variant in product.variants)
        problem = _price_problem(product.variants, prices)
    elif change.action == MOVE:
        assert change.category_id is not None
        before, after = names[product.category_id], names[change.category_id]
        problem = "It is there already." if product.category_id == change.category_id else ""
    else:
        after = _STATUS[change.action]
        if before == after:
            problem = f"It is {after} already."
        elif after == PUBLISHED:
            problem = _publishing_problem(product, types)
    return Effect(product.id, product.title, before, after, prices, problem)


def _publishing_problem(product: Product, types: dict[UUID, ProductType]) -> str:
    if not product.variants:
        return "It has no variant that could be sold."
    if product.type_id is not None:
        try:
            types[product.type_id].check(product.attributes, complete=True)
        except WrongProduct as error:
            return str(error)
    return ""


def _step(variant: Variant, change: BulkChange) -> PriceStep:
    price = change.price(variant.price)
    kept = variant.compare_at if variant.compare_at is not None and variant.compare_at > price else None
    return PriceStep(variant.id, ", ".join(variant.option_values) or variant.sku, variant.price, price, kept)


def _price_problem(variants: Sequence[Variant], steps: Sequence[PriceStep]) -> str:
    if not variants:
        return "It has no price."
    for variant, step in zip(variants, steps, strict=True):
        if variant.sale_price is not None and variant.sale_price >= step.new_price:
            return "A sale price would no longer be below the price. End the sale first."
        if step.new_price > HIGHEST_PRICE:
            return "The price would be more than the shop can count."
    return "" if any(step.price != step.new_price for step in steps) else "No price would change."
