"""The product page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog.errors import NoSuchProduct
from domain.catalog.queries.categories import CategoryLink
from domain.catalog.queries.picture import PictureView
from domain.catalog.queries.search import clean
from domain.shared.db import reading
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class OptionValue:
    """One value of an option; `available` if some variant with it can be bought."""

    value: str
    colour: str | None
    available: bool


@dataclass(frozen=True, slots=True)
class OptionView:
    """One thing a shopper chooses, as in a colour or a size."""

    name: str
    values: tuple[OptionValue, ...]


@dataclass(frozen=True, slots=True)
class VariantView:
    """One thing that can be bought; `low` if few are left, `picture_index` its place among the pictures."""

    id: UUID
    sku: str
    option_values: tuple[str, ...]
    label: str
    price: Money
    compare_at: Money | None
    available: int
    buyable: bool
    low: bool
    weight_grams: int
    picture_index: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPage:
    """All that the page of a published product shows; `category` is the way down to it."""

    id: UUID
    slug: str
    title: str
    summary: str
    description: str
    brand_name: str
    brand_slug: str
    category: tuple[CategoryLink, ...]
    options: tuple[OptionView, ...]
    attributes: tuple[tuple[str, str], ...]
    variants: tuple[VariantView, ...]
    pictures: tuple[PictureView, ...]
    seo_title: str
    seo_description: str
    tax_class: str


# One statement: what hangs below the product comes as arrays, each in its order.
_PRODUCT = reading(
    """
    SELECT p.id, p.slug, p.title, p.summary, p.description, p.options, p.attributes, p.seo_title, p.seo_description,
        p.tax_class, b.name AS brand_name, b.slug AS brand_slug,
        (SELECT jsonb_agg(jsonb_build_array(up.path, up.name) ORDER BY length(up.path)) FROM catalog.categories up
         WHERE up.path = ANY(ARRAY(
            SELECT array_to_string((string_to_array(c.path, '/'))[1:depth], '/')
            FROM generate_series(1, cardinality(string_to_array(c.path, '/'))) depth))) AS category,
        (SELECT jsonb_agg(jsonb_build_array(v.id, v.sku, v.option_values, v.price, v.compare_at,
                coalesce(s.on_hand - s.reserved, 0), coalesce(s.sell_when_out, false), coalesce(s.low_at, 0),
                v.weight_grams, v.colours, v.picture_id) ORDER BY v.position, v.id)
         FROM catalog.variants v LEFT JOIN catalog.stock s ON s.variant_id = v.id
         WHERE v.product_id = p.id) AS variants,
        (SELECT jsonb_agg(jsonb_build_array(i.id, i.alt, i.width, i.height, i.derivatives) ORDER BY i.position, i.id)
         FROM catalog.pictures i WHERE i.product_id = p.id) AS pictures
    FROM catalog.products p
    JOIN catalog.categories c ON c.id = p.category_id
    LEFT JOIN catalog.brands b ON b.id = p.brand_id
    WHERE p.slug = :slug AND p.status = 'published'
    """,
    "id slug title summary description options attributes seo_title seo_description tax_class brand_name brand_slug "
    "category variants pictures",
)
_OLD_SLUG = text(
    """
    SELECT p.slug FROM catalog.old_slugs o JOIN catalog.products p ON p.id = o.product_id
    WHERE o.slug = :slug AND p.status = 'published'
    """
)


def product_page(session: Session, slug: str, currency: str) -> ProductPage:
    """Return the page of a published product; raises NoSuchProduct. One statement at any number of variants."""
    row = session.execute(_PRODUCT, {"slug": clean(slug)}).one_or_none()
    if row is None:
        raise NoSuchProduct
    pictures = row.pictures or ()
    places = {picture[0]: index for index, picture in enumerate(pictures)}
    raw = row.variants or ()
    variants = tuple(_variant(values, places, currency) for values in raw)
    return ProductPage(
        id=row.id,
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        description=row.description,
        brand_name=row.brand_name or "",
        brand_slug=row.brand_slug or "",
        category=tuple(CategoryLink(path, name) for path, name in row.category),
        options=_options(row.options, variants, [values[9] for values in raw]),
        attributes=tuple((name, attribute_text(value)) for name, value in row.attributes.items()),
        variants=variants,
        pictures=tuple(
            PictureView(alt, width, height, tuple(derivatives)) for _, alt, width, height, derivatives in pictures
        ),
        seo_title=row.seo_title,
        seo_description=row.seo_description,
        tax_class=row.tax_class,
    )


def old_slug(session: Session, slug: str) -> str | None:
    """Return the present slug of the published product that once had this one, or None."""
    found: str | None = session.scalar(_OLD_SLUG, {"slug": clean(slug)})
    return found


def options_label(values: Sequence[str]) -> str:
    """Name a variant by its option values, as in `Sage, Large`; empty for the only variant of a product."""
    return ", ".join(values)


def attribute_text(value: Any) -> str:
    """Write an attribute as shoppers read it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, list):
        return ", ".join(attribute_text(item) for item in value)
    return str(value)


def _variant(values: list[Any], places: Mapping[str, int], currency: str) -> VariantView:
    id_, sku, option_values, price, compare_at, left, sell_when_out, low_at, weight, _, picture_id = values
    return VariantView(
        UUID(id_),
        sku,
        tuple(option_values),
        options_label(option_values),
        Money(price, currency),
        None if compare_at is None else Money(compare_at, currency),
        max(left, 0),
        sell_when_out or left > 0,
        not sell_when_out and 0 < left <= low_at,
        weight,
        places.get(picture_id) if picture_id else None,
    )


def _options(
    names: Sequence[str], variants: Sequence[VariantView], colours: Sequence[Sequence[str]]
) -> tuple[OptionView, ...]:
    views = []
    for i, name in enumerate(names):
        available: dict[str, bool] = {}
        shades: dict[str, set[str]] = {}
        for variant, own in zip(variants, colours, strict=True):
            if i < len(variant.option_values):
                value = variant.option_values[i]
                available[value] = available.get(value, False) or variant.buyable
                shades.setdefault(value, set()).update(own[:1])
        # The option that the colours depend on is the one shown as swatches.
        tells = all(len(shade) == 1 for shade in shades.values()) and (
            len({next(iter(shade)) for shade in shades.values()}) > 1 or name.casefold() in {"colour", "color"}
        )
        views.append(
            OptionView(
                name,
                tuple(
                    OptionValue(value, next(iter(shades[value])) if tells else None, is_available)
                    for value, is_available in available.items()
                ),
            )
        )
    return tuple(views)
