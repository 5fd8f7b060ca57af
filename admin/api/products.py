"""Products: listing them, and changing words and prices."""

from dataclasses import fields
from typing import Annotated, Literal
from uuid import UUID

from flask import abort
from pydantic import Field

from admin.access import actor, needs
from admin.api import shapes
from admin.api.table import api
from domain.catalog import commands, queries
from domain.catalog.commands import Answers, Terms, VariantEdit
from domain.catalog.queries import ProductDetail, VariantDetail
from domain.shared.db import utcnow
from web.api import Body, Query
from web.api.bodies import invalid
from web.api.cursors import Cursor, read_cursor, write_cursor
from web.api.matching import match
from web.db import session, transaction
from web.settings import shop_settings

AREA = "Products"
Status = Literal["draft", "published", "archived"]


class ProductQuery(Query):
    """Which products are listed; `q` is part of a title, an address or a SKU."""

    q: Annotated[str, Field(max_length=200)] = ""
    status: Status | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Cursor | None = None


class Price(Body):
    """An amount in the shop's currency."""

    amount: Annotated[int, Field(ge=0, lt=10**9)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class VariantChange(Body):
    """What changes of a variant; `compare_at` null takes a former price away."""

    id: UUID
    price: Price | None = None
    compare_at: Price | None = None


class ProductChange(Body):
    """What changes of a product; what is left out stays."""

    title: Annotated[str | None, Field(min_length=1, max_length=255)] = None
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
        q=query.q or None,
        status=query.status,
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
            answers=_answers(body, seen),
            status=body.status or seen.status,
            variants=_edits(body, seen) if "variants" in given else (),
            reason="",
            actor=actor(),
            now=utcnow(),
        )
        tx.flush()
        return shapes.product(queries.product_detail(tx, product_id, currency=currency))


def _answers(body: ProductChange, seen: ProductDetail) -> Answers:
    """All that the product says: as it is, but for what changes."""
    present = {field.name: getattr(seen, field.name) for field in fields(Answers)}
    changed = body.model_dump(include={"title", "summary", "description", "featured"}, exclude_none=True)
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
            if amount is not None and amount.currency != variant.price.currency:
                words = f"This shop sells in {variant.price.currency}."
                abort(invalid([{"pointer": f"#/variants/{index}/{name}/currency", "detail": words}]))
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
