"""Making a product like another."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.catalog.commands.product import NewVariant, create_product
from domain.catalog.commands.slug import slug_of
from domain.catalog.errors import NoSuchProduct
from domain.catalog.models import OldSlug, Picture, Product, Variant
from domain.catalog.models.product import READY

_MOST_COPIES = 1_000


def duplicate_product(session: Session, *, product_id: UUID) -> UUID:
    """Make a draft with everything that another product has, but its stock, its sale and its barcodes.

    Title, address and SKUs say that it is a copy. Raises NoSuchProduct.
    """
    product = session.get(Product, product_id, populate_existing=True)
    if product is None:
        raise NoSuchProduct
    variants = session.scalars(select(Variant).where(Variant.product_id == product_id).order_by(Variant.position)).all()
    number = _free_number(session, product.slug, [variant.sku for variant in variants])
    copy_id = create_product(
        session,
        title=f"{product.title} (copy)"[:255],
        slug=_copied_slug(product.slug, number),
        category_id=product.category_id,
        summary=product.summary,
        description=product.description,
        brand_id=product.brand_id,
        options=product.options,
        type_id=product.type_id,
        product_type=product.product_type,
        attributes=product.attributes,
        tags=product.tags,
        tax_class=product.tax_class,
        seo_title=product.seo_title,
        seo_description=product.seo_description,
        variants=[
            NewVariant(
                sku=_copied_sku(variant.sku, number),
                price=variant.price,
                compare_at=variant.compare_at,
                option_values=tuple(variant.option_values),
                weight_grams=variant.weight_grams,
                colours=tuple(variant.colours),
                cost=variant.cost,
                measure=_measure(variant),
            )
            for variant in variants
        ],
    )
    ready = select(Picture).where(Picture.product_id == product_id, Picture.state == READY)
    for picture in session.scalars(ready.order_by(Picture.position)):
        session.add(
            Picture(
                product_id=copy_id,
                position=picture.position,
                alt=picture.alt,
                width=picture.width,
                height=picture.height,
                derivatives=list(picture.derivatives),
            )
        )
    session.flush()
    return copy_id


def _free_number(session: Session, slug: str, skus: list[str]) -> int:
    for number in range(1, _MOST_COPIES):
        address = _copied_slug(slug, number)
        names = [_copied_sku(sku, number) for sku in skus]
        taken = (
            session.scalar(select(Product.id).where(Product.slug == address))
            or session.scalar(select(OldSlug.slug).where(OldSlug.slug == address))
            or session.scalar(select(Variant.id).where(Variant.sku.in_(names)).limit(1))
        )
        if not taken:
            return number
    return _MOST_COPIES


def _copied_slug(slug: str, number: int) -> str:
    return slug_of(f"{slug[:105]}-copy-{number}")


def _measure(variant: Variant) -> tuple[Decimal, str, Decimal] | None:
    amount, unit, base = variant.measure_amount, variant.measure_unit, variant.measure_base
    return None if amount is None or unit is None or base is None else (amount, unit, base)


def _copied_sku(sku: str, number: int) -> str:
    return f"{sku[:54]}-COPY-{number}"
