"""Products: listing them, making them, and changing words, prices and variants."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Annotated, Any, Literal
from uuid import UUID

from flask import abort, url_for
from pydantic import Field
from sqlalchemy.orm import Session

from admin.access import actor, needs
from admin.api.amounts import Price, minor_units
from admin.api.shapes import products as shapes
from admin.api.table import api
from admin.forms.catalogue import MOST_OPTIONS
from domain.catalog import commands, queries
from domain.catalog.commands import Answers, Terms, VariantEdit
from domain.catalog.errors import NoSuchCategory
from domain.catalog.queries import ProductDetail, VariantDetail
from domain.shared.db import utcnow
from web.api import Body, Query
from web.api.bodies import invalid
from web.api.cursors import Cursor, read_cursor, write_cursor
from web.api.deeds import deed
from web.api.matching import match
from web.db import session, transaction
from web.settings import shop_settings

AREA = "Products"
OptionValue = Annotated[str, Field(min_length=1, max_length=80)]
Status = Literal["draft", "published", "archived"]


class ProductQuery(Query):
    """Which products are listed; `q` is part of a title, an address or a SKU."""

    q: Annotated[str, Field(max_length=200)] = ""
    status: Status | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Cursor | None = None


class Option(Body):
    """What a shopper chooses, such as Colour, and between what."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    values: Annotated[tuple[OptionValue, ...], Field(min_length=1, max_length=200, strict=False)]


class NewProduct(Body):
    """What a product begins with: a draft with a variant for each combination of its options, none in stock."""

    title: Annotated[str, Field(min_length=1, max_length=255)]
    category: Annotated[str, Field(min_length=1, max_length=500, description="Its path, as in `kitchen/mugs`.")]
    sku: Annotated[str, Field(min_length=1, max_length=40, description="What the SKUs of its variants begin with.")]
    price: Price
    brand: Annotated[str | None, Field(max_length=120, description="Its slug.")] = None
    options: Annotated[tuple[Option, ...], Field(max_length=MOST_OPTIONS, strict=False)] = ()


class MoreVariants(Body):
    """Options with all their values: the variants that are missing of the combinations are made."""

    options: Annotated[tuple[Option, ...], Field(min_length=1, max_length=MOST_OPTIONS, strict=False)]
    sku: Annotated[str, Field(min_length=1, max_length=40, description="What the new SKUs begin with.")]
    price: Price


class VariantChange(Body):
    """What changes of a variant; `compare_at` null takes a former price away."""

    id: UUID
    price: Price | None = None
    compare_at: Price | None = None


class ProductChange(Body):
    """What changes of a product; what is left out stays."""

    title: Annotated[str | None, Field(min_length=1, max_length=255)] = None
    slug: Annotated[str | None, Field(min_length=1, max_length=120, description="The old one leads here.")] = None
    category: Annotated[str | None, Field(min_length=1, max_length=500, description="Its path.")] = None
    brand: Annotated[str | None, Field(max_length=120, description="Its slug; null for none.")] = None
    tags: Annotated[tuple[str, ...] | None, Field(max_length=50, strict=False)] = None
    seo_title: Annotated[str | None, Field(max_length=255)] = None
    seo_description: Annotated[str | None, Field(max_length=500)] = None
    summary: Annotated[str | None, Field(max_length=500)] = None
    description: Annotated[str | None, Field(max_length=20_000)] = None
    status: Status | None = None
    featured: bool | None = None
    variants: Annotated[tuple[VariantChange, ...], Field(max_length=200, strict=False)] = ()


@api.get("/products", area=AREA, query=ProductQuery, answer=shapes.ProductList)
@needs("products:read")
def list_products(query: ProductQuery) -> shapes.ProductList:
    """List products of any status, the newest first."""
    place = read_cursor(query.cursor, UUID)
    found = queries.product_list(
        session(),
        currency=shop_settings().currency,
        q=query.q or "",
        status=query.status or "",
        after=place[0] if place else None,
        limit=query.limit,
    )
    return {
        "items": [shapes.product_card(row) for row in found.rows],
        "next": write_cursor([found.after]) if found.after else None,
    }


@api.get("/products/<uuid:product_id>", area=AREA, answer=shapes.Product)
@needs("products:read")
def show_product(product_id: UUID) -> shapes.Product:
    """Show a product with its variants and their stock."""
    return shapes.product(queries.product_detail(session(), product_id, currency=shop_settings().currency))


@api.post("/products", area=AREA, body=NewProduct, answer=shapes.Product, refusals=(404,),
          example={"title": "Tide plate", "category": "kitchen/mugs", "sku": "PLATE",
                   "price": {"amount": 1800, "currency": "EUR"},
                   "options": [{"name": "Colour", "values": ["Sand", "Sea"]}]})  # fmt: skip
@needs("products:write")
def create_product(body: NewProduct) -> Any:
    """Make a draft; describe it, then publish it by its `status`. Pictures are brought in the admin."""
    price = minor_units(body.price, "#/price")
    with deed() as act:
        product_id = commands.begin_product(
            act.tx,
            title=body.title,
            category_id=_category(act.tx, body.category),
            brand_id=_brand(act.tx, body.brand, "#/brand"),
            options=_options(body.options),
            stem=body.sku,
            price=price,
        )
        where = url_for("api.show_product", product_id=product_id)
        act.answers(_product(act.tx, product_id), headers={"Location": where})
    return act.answer


@api.post("/products/<uuid:product_id>/variants", area=AREA, body=MoreVariants, answer=shapes.Product,
          example={"options": [{"name": "Colour", "values": ["Sand", "Sea", "Moss"]}], "sku": "PLATE",
                   "price": {"amount": 1800, "currency": "EUR"}})  # fmt: skip
@needs("products:write")
def add_variants(body: MoreVariants, product_id: UUID) -> Any:
    """Make the variants that are missing of all combinations of the options' values."""
    price, options = minor_units(body.price, "#/price"), _options(body.options)
    with deed() as act:
        commands.add_variants(act.tx, product_id=product_id, options=options, price=price, stem=body.sku)
        act.answers(_product(act.tx, product_id))
    return act.answer


@api.patch("/products/<uuid:product_id>", area=AREA, body=ProductChange, answer=shapes.Product, refusals=(409,),
           example={"title": "Harbour mug, large", "variants": [
               {"id": "0192f0c1-7d5b-7000-8000-000000000001",
                "price": {"amount": 1450, "currency": "EUR"}}]})  # fmt: skip
@needs("products:write")
def change_product(body: ProductChange, product_id: UUID) -> shapes.Product:
    """Change words, prices or the status; all of it or nothing. Stock has operations of its own."""
    currency = shop_settings().currency
    with transaction() as tx:
        seen = queries.product_detail(tx, product_id, currency=currency)
        match(shapes.product(seen))
        given = body.model_fields_set
        commands.edit_product(
            tx,
            product_id=product_id,
            version=seen.version,
            answers=_answers(tx, body, seen),
            status=body.status or seen.status,
            variants=_edits(body, seen) if "variants" in given else (),
            reason="",
            actor=actor(),
            now=utcnow(),
        )
        return _product(tx, product_id)


def _product(tx: Session, product_id: UUID) -> shapes.Product:
    tx.flush()
    return shapes.product(queries.product_detail(tx, product_id, currency=shop_settings().currency))


def _options(options: Sequence[Option]) -> dict[str, list[str]]:
    if len({option.name for option in options}) < len(options):
        abort(invalid([{"pointer": "#/options", "detail": "Give each option a name of its own."}]))
    return {option.name: list(option.values) for option in options}


def _category(tx: Session, path: str) -> UUID:
    found = queries.category_ids(tx).get(path)
    if found is None:
        raise NoSuchCategory
    return found


def _brand(tx: Session, slug: str | None, pointer: str) -> UUID | None:
    found = queries.brand_ids(tx).get(slug) if slug else None
    if slug and found is None:
        abort(invalid([{"pointer": pointer, "detail": "There is no such brand."}]))
    return found


def _answers(tx: Session, body: ProductChange, seen: ProductDetail) -> Answers:
    """All that the product says: as it is, but for what changes."""
    present = {field.name: getattr(seen, field.name) for field in fields(Answers)}
    said = {"title", "slug", "summary", "description", "featured", "tags", "seo_title", "seo_description"}
    changed = body.model_dump(include=said, exclude_none=True)
    if body.category is not None:
        changed["category_id"] = _category(tx, body.category)
    if "brand" in body.model_fields_set:
        changed["brand_id"] = _brand(tx, body.brand, "#/brand")
    return Answers(**present | changed)


def _edits(body: ProductChange, seen: ProductDetail) -> list[VariantEdit]:
    present = {variant.id: variant for variant in seen.variants}
    edits = []
    for index, change in enumerate(body.variants):
        variant = present.get(change.id)
        if variant is None:
            abort(invalid([{"pointer": f"#/variants/{index}/id", "detail": "This product has no such variant."}]))
        for name in ("price", "compare_at"):
            amount: Price | None = getattr(change, name)
            if amount is not None:
                minor_units(amount, f"#/variants/{index}/{name}")
        edits.append(VariantEdit(variant.id, _terms(variant), _wanted(change, variant)))
    return edits


def _terms(variant: VariantDetail) -> Terms:
    before = variant.compare_at.amount if variant.compare_at else None
    return Terms(variant.price.amount, before, variant.on_hand)


def _wanted(change: VariantChange, variant: VariantDetail) -> Terms:
    seen = _terms(variant)
    before = seen.compare_at
    if "compare_at" in change.model_fields_set:
        before = change.compare_at.amount if change.compare_at else None
    return Terms(change.price.amount if change.price else seen.price, before, seen.on_hand)
