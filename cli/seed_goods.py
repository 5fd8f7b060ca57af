"""From the demo shop's goods to products as the catalogue loads them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from cli.demo.kinds import said, type_of
from cli.seed_pictures import Sketch, Stored
from domain.catalog.commands.load import LoadedPicture, LoadedProduct, LoadedVariant

if TYPE_CHECKING:
    from cli.demo.catalogue import DemoProduct

NO_TYPES: Mapping[str, UUID] = {}


def palettes(product: "DemoProduct") -> list[tuple[str, ...]]:
    """Return the different colourings of a product, in the order of its variants: each gets a picture."""
    return list(dict.fromkeys(tuple(variant.colours) for variant in product.variants))


def sketches(product: "DemoProduct") -> list[Sketch]:
    """Return the pictures to be drawn of a product."""
    return [Sketch(product.drawing, palette, seed=product.slug) for palette in palettes(product)]


def describe(product: "DemoProduct", palette: tuple[str, ...]) -> str:
    """Describe the picture of one colouring: the title, and what all variants that look like this are called."""
    alike = [variant.options for variant in product.variants if tuple(variant.colours) == palette]
    shared = [values[0] for values in zip(*alike, strict=True) if len(set(values)) == 1]
    differs = len(palettes(product)) > 1
    return f"{product.title} in {', '.join(shared)}" if differs and shared else product.title


def to_load(
    product: "DemoProduct",
    *,
    pictures: list[LoadedPicture],
    categories: Mapping[str, UUID],
    brands: Mapping[str, UUID],
    now: datetime,
    types: Mapping[str, UUID] = NO_TYPES,
) -> LoadedProduct:
    """Make a product of the demo shop ready to load; with one picture for all, every variant shows that one.

    Without `types` it says of itself what its file says.
    """
    kind = type_of(product) if types else None
    places = {palette: min(place, len(pictures) - 1) for place, palette in enumerate(palettes(product))}
    return LoadedProduct(
        slug=product.slug,
        title=product.title,
        summary=product.summary,
        description=product.description,
        category_id=categories[product.category_path],
        brand_id=brands[product.brand_slug] if product.brand_slug else None,
        options=tuple(product.options),
        attributes=said(product) if kind else dict(product.attributes),
        type_id=types[kind] if kind else None,
        featured=product.featured,
        tax_class=product.tax_class,
        published_at=now - timedelta(days=product.days_old),
        pictures=pictures,
        variants=[
            LoadedVariant(
                sku=variant.sku,
                price=variant.price,
                compare_at=variant.compare_at,
                on_hand=variant.on_hand,
                option_values=tuple(variant.options),
                barcode=variant.barcode,
                weight_grams=variant.weight_grams,
                colours=tuple(variant.colours),
                measure=variant.measure,
                picture=places[tuple(variant.colours)] if pictures else None,
            )
            for variant in product.variants
        ],
    )


def own_pictures(product: "DemoProduct", stored: Mapping[Sketch, Stored]) -> list[LoadedPicture]:
    """Return the pictures drawn of this very product."""
    pairs = zip(sketches(product), palettes(product), strict=True)
    return [stored[sketch].titled(describe(product, palette)) for sketch, palette in pairs]
