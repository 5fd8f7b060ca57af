"""The demo shop's goods: makers, categories and products, read from the TOML files beside this module and checked."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from cli.demo.drawings import NAMES, SCENES
from domain.catalog.measure import check_measure

_HERE = Path(__file__).parent
MOST_OPTIONS = 3


class CatalogueBroken(ValueError):
    """The demo shop's files contradict themselves; the message says where."""


@dataclass(frozen=True)
class DemoCategory:
    """A category; drawing names the scene on its tile and is empty for one inside another."""

    path: str
    name: str
    description: str
    position: int
    drawing: str


@dataclass(frozen=True)
class DemoBrand:
    """A maker."""

    slug: str
    name: str
    description: str


@dataclass(frozen=True)
class DemoVariant:
    """What is bought: one SKU with its price in cents, tax included, its stock, and the colours it is drawn in."""

    sku: str
    options: tuple[str, ...]
    price: int
    compare_at: int | None
    weight_grams: int
    on_hand: int
    colours: tuple[str, ...]
    barcode: str | None
    measure: tuple[Decimal, str, Decimal] | None = None


@dataclass(frozen=True)
class DemoProduct:
    """A product with its words, its drawing and its variants."""

    slug: str
    title: str
    summary: str
    description: str
    brand_slug: str
    category_path: str
    options: tuple[str, ...]
    attributes: dict[str, str]
    variants: tuple[DemoVariant, ...]
    drawing: str
    featured: bool
    days_old: int
    tax_class: str = "standard"


@dataclass(frozen=True)
class Catalogue:
    """The whole demo shop."""

    categories: tuple[DemoCategory, ...]
    brands: tuple[DemoBrand, ...]
    products: tuple[DemoProduct, ...]


def load() -> Catalogue:
    """Read the demo shop; raises CatalogueBroken if its files do not fit together."""
    shop = _read(_HERE / "shop.toml")
    catalogue = Catalogue(
        categories=tuple(
            DemoCategory(c["path"], c["name"], c["description"], place, c.get("drawing", ""))
            for place, c in enumerate(shop["category"])
        ),
        brands=tuple(DemoBrand(b["slug"], b["name"], b["description"]) for b in shop["brand"]),
        products=tuple(
            product
            for file in sorted((_HERE / "products").glob("*.toml"))
            for product in read_products(file, shop["palette"])
        ),
    )
    check(catalogue)
    return catalogue


def read_products(file: Path, palette: Mapping[str, str]) -> list[DemoProduct]:
    """Read one file of products; raises CatalogueBroken naming the file and the product that cannot be read."""
    entries = _read(file).get("product", ())
    return [_product(file, entry, palette) for entry in entries]


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CatalogueBroken(f"{file.name}: {error}.") from error


def _product(file: Path, entry: Mapping[str, Any], palette: Mapping[str, str]) -> DemoProduct:
    try:
        return DemoProduct(
            slug=entry["slug"],
            title=entry["title"],
            summary=entry["summary"],
            description=entry["description"].strip(),
            brand_slug=entry["brand"],
            category_path=entry["category"],
            options=tuple(entry.get("options", ())),
            attributes=dict(entry["attributes"]),
            variants=tuple(_variant(entry, variant, palette) for variant in entry["variants"]),
            drawing=entry["drawing"],
            featured=entry.get("featured", False),
            days_old=entry["days_old"],
            tax_class=entry.get("tax_class", "standard"),
        )
    except KeyError as error:
        raise CatalogueBroken(f"{file.name}, {entry.get('slug', 'a product')}: {error} is missing.") from error


def _variant(entry: Mapping[str, Any], variant: Mapping[str, Any], palette: Mapping[str, str]) -> DemoVariant:
    """Make a variant; what it does not say itself (price, weight, colours), its product says for all."""
    said = {**entry, **variant}
    options = tuple(variant.get("options", ()))
    own = [value.lower() for value in options if value.lower() in palette]
    names = said.get("colours") or [*own[:1], *entry.get("trim", ())]
    return DemoVariant(
        sku=variant["sku"],
        options=options,
        price=said["price"],
        # A variant with a price of its own is on offer only if it says so itself.
        compare_at=variant.get("was") if "price" in variant else entry.get("was"),
        weight_grams=said["weight"],
        on_hand=variant["stock"],
        colours=tuple(_colour(name, variant["sku"], palette) for name in names),
        barcode=variant.get("barcode"),
        measure=_measure(said.get("measure")),
    )


def _measure(said: Sequence[Any] | None) -> tuple[Decimal, str, Decimal] | None:
    """Read how much is in it and for how much of that the price is shown: `[400, "g", 1000]`."""
    if said is None:
        return None
    amount, unit, base = said
    check_measure(Decimal(amount), unit, Decimal(base))
    return Decimal(amount), unit, Decimal(base)


def _colour(name: str, sku: str, palette: Mapping[str, str]) -> str:
    _need(name in palette, f"{sku}: there is no colour {name} in the palette.")
    return palette[name]


def check(catalogue: Catalogue) -> None:
    """Raise CatalogueBroken at the first thing that does not fit."""
    paths = {category.path for category in catalogue.categories}
    brands = {brand.slug for brand in catalogue.brands}
    _once("category", (category.path for category in catalogue.categories))
    _once("brand", (brand.slug for brand in catalogue.brands))
    _once("product", (product.slug for product in catalogue.products))
    variants = [variant for product in catalogue.products for variant in product.variants]
    _once("SKU", (variant.sku for variant in variants))
    _once("barcode", (variant.barcode for variant in variants if variant.barcode))
    for category in catalogue.categories:
        parent = category.path.rpartition("/")[0]
        _need(not parent or parent in paths, f"Category {category.path}: there is no category {parent}.")
        _need(not category.drawing or category.drawing in SCENES, f"Category {category.path}: no such scene.")
    for product in catalogue.products:
        _need(product.brand_slug in brands, f"{product.slug}: there is no brand {product.brand_slug}.")
        _need(product.category_path in paths, f"{product.slug}: there is no category {product.category_path}.")
        _need(product.drawing in NAMES, f"{product.slug}: there is no drawing {product.drawing}.")
        _need(len(product.options) <= MOST_OPTIONS, f"{product.slug}: more than {MOST_OPTIONS} options.")
        _need(bool(product.variants), f"{product.slug}: no variant.")
        _once(f"choice of {product.slug}", ("/".join(variant.options) for variant in product.variants))
        for variant in product.variants:
            _check_variant(product, variant)


def _check_variant(product: DemoProduct, variant: DemoVariant) -> None:
    sku = variant.sku
    _need(len(variant.options) == len(product.options), f"{sku}: does not say its {', '.join(product.options)}.")
    _need(variant.price > 0, f"{sku}: the price is not above zero.")
    _need(variant.compare_at is None or variant.compare_at > variant.price, f"{sku}: was cheaper before the offer.")
    _need(variant.weight_grams > 0, f"{sku}: weighs nothing.")
    _need(variant.on_hand >= 0, f"{sku}: stock below zero.")
    _need(bool(variant.colours), f"{sku}: no colours to draw it in.")
    _need(variant.barcode is None or is_ean13(variant.barcode), f"{sku}: {variant.barcode} is not an EAN-13.")


def is_ean13(code: str) -> bool:
    """Say whether a code is thirteen digits with the right check digit."""
    return len(code) == 13 and code.isascii() and code.isdigit() and ean_check_digit(code[:12]) == code[12]


def ean_check_digit(twelve: str) -> str:
    """Work out the thirteenth digit of an EAN from the first twelve."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return str(-total % 10)


def _once(what: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        _need(name not in seen, f"The {what} {name} is there twice.")
        seen.add(name)


def _need(held: bool, otherwise: str) -> None:
    if not held:
        raise CatalogueBroken(otherwise)
