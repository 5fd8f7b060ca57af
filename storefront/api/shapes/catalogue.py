"""Products, categories and facets."""

from functools import lru_cache
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from domain.catalog.queries import (
    Card,
    CategoryLink,
    Facet,
    OptionView,
    PictureView,
    ProductPage,
    VariantView,
)
from web.api import Money
from web.api.answers import encode, optional_money
from web.api.cursors import Next


class Picture(TypedDict):
    """A picture; `srcset` holds the same in several widths, as HTML has it, by format."""

    alt: str
    width: int
    height: int
    url: str
    srcset: dict[str, str]


class ProductCard(TypedDict):
    """A product as a list shows it; `price` is the lowest, and `price_varies` says that variants differ."""

    id: str
    slug: str
    title: str
    brand: str
    category: str
    price: Money
    price_varies: bool
    compare_at: Money | None
    in_stock: bool
    variants: int
    colours: list[str]
    picture: Picture | None


class ProductList(TypedDict):
    """Some products, and where the next ones begin."""

    items: list[ProductCard]
    next: Next


class FacetValueShape(TypedDict):
    """One value; `count` is how many products it leaves."""

    value: str
    count: int
    selected: bool


class FacetShape(TypedDict):
    """One way to narrow a search: pass `facet=<name>:<value>`, as often as wished."""

    name: str
    label: str
    values: list[FacetValueShape]


class SearchResult(TypedDict):
    """What answers a search; `corrected` is what was looked for instead, if the query as typed found nothing."""

    items: list[ProductCard]
    next: Next
    total: int
    facets: list[FacetShape]
    corrected: str | None


class CategoryStep(TypedDict):
    """A step on the way to a category."""

    path: str
    name: str


class CategoryShape(TypedDict):
    """A category with those directly below it."""

    path: str
    name: str
    children: list[CategoryStep]


class CategoryTree(TypedDict):
    """The categories, two levels of them."""

    items: list[CategoryShape]


class Attribute(TypedDict):
    """Something to know of a product."""

    name: str
    value: str


class OptionValueShape(TypedDict):
    """One value of an option; `available` if some variant with it can be bought."""

    value: str
    colour: str | None
    available: bool


class OptionShape(TypedDict):
    """What a shopper chooses between variants, in the order of their `options`."""

    name: str
    values: list[OptionValueShape]


class Variant(TypedDict):
    """What can be bought, by its SKU."""

    id: str
    sku: str
    options: list[str]
    price: Money
    compare_at: Money | None
    available: Annotated[int, Field(ge=0, description="How many are left to be sold at this moment.")]
    buyable: bool
    low: bool
    weight_grams: int
    picture: Annotated[int | None, Field(description="Its place among the product's pictures, from 0.")]


class Product(TypedDict):
    """A product with its variants, their prices and their stock."""

    id: str
    slug: str
    title: str
    summary: str
    description: str
    brand: str
    categories: Annotated[list[CategoryStep], Field(description="The way down to it.")]
    options: list[OptionShape]
    attributes: list[Attribute]
    variants: list[Variant]
    pictures: list[Picture]


def picture(view: PictureView | None) -> Picture | None:
    """Write a picture."""
    return _picture(view) if view else None


def _picture(view: PictureView) -> Picture:
    return {
        "alt": view.alt,
        "width": view.width,
        "height": view.height,
        "url": view.fallback,
        "srcset": {"avif": view.avif, "webp": view.webp},
    }


def product_card(card: Card) -> ProductCard:
    """Write a product of a list."""
    price = card.price
    return {
        "id": str(card.product_id),
        "slug": card.slug,
        "title": card.title,
        "brand": card.brand_name,
        "category": card.category_path,
        "price": {"amount": price.amount, "currency": price.currency},
        "price_varies": card.price_varies,
        "compare_at": optional_money(card.compare_at),
        "in_stock": card.in_stock,
        "variants": card.variants,
        "colours": list(card.colours),
        "picture": picture(card.picture),
    }


@lru_cache(maxsize=2048)
def written_card(card: Card) -> bytes:
    """Write a product of a list as JSON; much asked for ones come again and again."""
    return encode(product_card(card))


def facet(found: Facet) -> FacetShape:
    """Write a facet."""
    return {
        "name": found.name,
        "label": found.label,
        "values": [
            {"value": value.value, "count": value.count, "selected": value.selected} for value in found.values
        ],
    }  # fmt: skip


def category(link: CategoryLink) -> CategoryShape:
    """Write a category."""
    return {"path": link.path, "name": link.name, "children": [_step(child) for child in link.children]}


def product(page: ProductPage) -> Product:
    """Write a product, by what its page shows."""
    return {
        "id": str(page.id),
        "slug": page.slug,
        "title": page.title,
        "summary": page.summary,
        "description": page.description,
        "brand": page.brand_name,
        "categories": [_step(link) for link in page.category],
        "options": [_option(option) for option in page.options],
        "attributes": [{"name": name, "value": value} for name, value in page.attributes],
        "variants": [_variant(variant) for variant in page.variants],
        "pictures": [_picture(view) for view in page.pictures],
    }


@lru_cache(maxsize=512)
def written_product(page: ProductPage) -> bytes:
    """Write a product as JSON; as long as its row says the same, it is the same page."""
    return encode(product(page))


def _step(link: CategoryLink) -> CategoryStep:
    return {"path": link.path, "name": link.name}


def _option(option: OptionView) -> OptionShape:
    return {
        "name": option.name,
        "values": [
            {"value": value.value, "colour": value.colour, "available": value.available} for value in option.values
        ],
    }


def _variant(variant: VariantView) -> Variant:
    return {
        "id": str(variant.id),
        "sku": variant.sku,
        "options": list(variant.option_values),
        "price": {"amount": variant.price.amount, "currency": variant.price.currency},
        "compare_at": optional_money(variant.compare_at),
        "available": variant.available,
        "buyable": variant.buyable,
        "low": variant.low,
        "weight_grams": variant.weight_grams,
        "picture": variant.picture_index,
    }
