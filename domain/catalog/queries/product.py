"""The product page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from json import loads
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from domain.catalog.errors import NoSuchProduct
from domain.catalog.measure import base_words, price_for
from domain.catalog.queries.categories import CategoryLink
from domain.catalog.queries.picture import PictureView
from domain.catalog.queries.prices import FORMER_NOW, PRICE_NOW
from domain.catalog.queries.search import clean
from domain.shared.money import Money
from domain.shared.quick import Prepared, rows


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
    """One thing that can be bought; `low` if few are left, `picture_index` its place among the pictures.

    `unit_price` is what a measure of it costs, and which measure in words: 100 g, 1 l.
    """

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
    unit_price: tuple[Money, str] | None = None


@dataclass(frozen=True, slots=True)
class RatingView:
    """What reviews say in all: the average in hundredths of a star, how many there are, and how many give 1 to 5."""

    average: int
    reviews: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ProductPage:
    """All that the page of a published product shows; `category` is the way down to it.

    What is worked out of a page is kept by the page itself, not by what is in it: each is equal to itself alone.
    """

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
    rating: RatingView | None


# One statement, whose one value is the whole page as a text: of a text seen before, the page is there already.
_PRODUCT = Prepared(
    f"""
    SELECT CAST(json_build_array(
        p.id, p.slug, p.title, p.summary, p.description, p.options, p.attributes, p.seo_title, p.seo_description,
        p.tax_class, b.name, b.slug, r.average, r.reviews, r.counts,
        (SELECT jsonb_agg(jsonb_build_array(up.path, up.name) ORDER BY length(up.path)) FROM catalog.categories up
         WHERE up.path = ANY(ARRAY(
            SELECT array_to_string((string_to_array(c.path, '/'))[1:depth], '/')
            FROM generate_series(1, cardinality(string_to_array(c.path, '/'))) depth))),
        (SELECT jsonb_agg(jsonb_build_array(v.id, v.sku, v.option_values, {PRICE_NOW}, {FORMER_NOW},
                coalesce(s.on_hand - s.reserved, 0), coalesce(s.sell_when_out, false), coalesce(s.low_at, 0),
                v.weight_grams, v.colours, v.picture_id, CAST(v.measure_amount AS text), v.measure_unit,
                CAST(v.measure_base AS text)) ORDER BY v.position, v.id)
         FROM catalog.variants v LEFT JOIN catalog.stock s ON s.variant_id = v.id
         WHERE v.product_id = p.id AND v.archived_at IS NULL),
        (SELECT jsonb_agg(jsonb_build_array(i.id, i.alt, i.width, i.height, i.derivatives) ORDER BY i.position, i.id)
         FROM catalog.pictures i WHERE i.product_id = p.id AND i.state = 'ready')) AS text) AS page
    FROM catalog.products p
    JOIN catalog.categories c ON c.id = p.category_id
    LEFT JOIN catalog.brands b ON b.id = p.brand_id
    LEFT JOIN catalog.ratings r ON r.product_id = p.id AND r.reviews > 0
    WHERE p.slug = :slug AND p.status = 'published'
    """,  # noqa: S608
    "page",
)
_OLD_SLUG = text(
    """
    SELECT p.slug FROM catalog.old_slugs o JOIN catalog.products p ON p.id = o.product_id
    WHERE o.slug = :slug AND p.status = 'published'
    """
)


def product_page(session: Session, slug: str, currency: str) -> ProductPage:
    """Return the page of a published product; raises NoSuchProduct. One statement at any number of variants."""
    found = rows(session, _PRODUCT, {"slug": clean(slug)})
    if not found:
        raise NoSuchProduct
    return _page(found[0][0], currency)


@lru_cache(maxsize=512)
def _page(row: str, currency: str) -> ProductPage:
    """Read a page from the text that the statement gives; much asked for ones come again and again."""
    (id_, slug, title, summary, description, options, attributes, seo_title, seo_description, tax_class, brand_name,
     brand_slug, average, reviews, counts, category, raw, pictures) = loads(row)  # fmt: skip
    raw, pictures = raw or (), pictures or ()
    places = {picture[0]: index for index, picture in enumerate(pictures)}
    variants = tuple(_variant(values, places, currency) for values in raw)
    return ProductPage(
        id=UUID(id_),
        slug=slug,
        title=title,
        summary=summary,
        description=description,
        brand_name=brand_name or "",
        brand_slug=brand_slug or "",
        category=tuple(CategoryLink(path, name) for path, name in category),
        options=_options(options, variants, [values[9] for values in raw]),
        attributes=tuple((name, attribute_text(value)) for name, value in attributes.items()),
        variants=variants,
        pictures=tuple(
            PictureView(alt, width, height, tuple(derivatives)) for _, alt, width, height, derivatives in pictures
        ),
        seo_title=seo_title,
        seo_description=seo_description,
        tax_class=tax_class,
        rating=RatingView(average, reviews, tuple(counts)) if reviews else None,
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
    if isinstance(value, Mapping):
        if "number" in value:
            return f"{value['number']} {value.get('unit', '')}".strip()
        return str(value.get("name") or value.get("colour", ""))
    if isinstance(value, list):
        return ", ".join(attribute_text(item) for item in value)
    return str(value)


def _variant(values: list[Any], places: Mapping[str, int], currency: str) -> VariantView:
    (id_, sku, option_values, price, compare_at, left, sell_when_out, low_at, weight, _, picture_id,
     amount, unit, base) = values  # fmt: skip
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
        _unit_price(price, amount, unit, base, currency) if amount else None,
    )


def _unit_price(price: int, amount: str, unit: str, base: str, currency: str) -> tuple[Money, str]:
    return Money(price_for(price, Decimal(amount), Decimal(base)), currency), base_words(Decimal(base), unit)


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
