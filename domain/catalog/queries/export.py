"""Whole products as our own JSON Lines hold them: all that an import needs to make the same ones again."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from domain.catalog.queries.picture import PictureView
from domain.shared.db import reading

BATCH = 500

_BATCH = reading(
    """
    SELECT p.id, jsonb_build_object(
        'slug', p.slug, 'title', p.title, 'summary', p.summary, 'description', p.description, 'status', p.status,
        'brand', b.name, 'category', jsonb_build_object('path', c.path, 'names', (
            SELECT jsonb_agg(up.name ORDER BY length(up.path)) FROM catalog.categories up
            WHERE c.path = up.path OR starts_with(c.path, up.path || '/'))),
        'product_type', p.product_type, 'type', t.name, 'tags', p.tags, 'options', p.options,
        'attributes', p.attributes, 'tax_class', p.tax_class, 'seo_title', p.seo_title,
        'seo_description', p.seo_description, 'featured', p.featured, 'published_at', p.published_at,
        'related', (SELECT jsonb_agg(o.slug ORDER BY r.position) FROM catalog.related_products r
                    JOIN catalog.products o ON o.id = r.related_id WHERE r.product_id = p.id),
        'old_slugs', (SELECT jsonb_agg(o.slug ORDER BY o.slug) FROM catalog.old_slugs o WHERE o.product_id = p.id)
        ) AS product,
        (SELECT jsonb_agg(jsonb_build_array(v.picture_id, jsonb_build_object(
            'sku', v.sku, 'option_values', v.option_values, 'price', v.price, 'compare_at', v.compare_at,
            'sale', CASE WHEN v.sale_price IS NULL THEN NULL ELSE jsonb_build_object(
                'price', v.sale_price, 'starts_at', v.sale_starts_at, 'ends_at', v.sale_ends_at) END,
            'measure', CASE WHEN v.measure_unit IS NULL THEN NULL ELSE jsonb_build_object('amount',
                v.measure_amount::text, 'unit', v.measure_unit, 'base', v.measure_base::text) END,
            'archived_at', v.archived_at, 'cost', v.cost, 'barcode', v.barcode,
            'weight_grams', v.weight_grams, 'colours', v.colours,
            'stock', jsonb_build_object('on_hand', coalesce(s.on_hand, 0), 'reserved', coalesce(s.reserved, 0),
                'sell_when_out', coalesce(s.sell_when_out, false), 'low_at', coalesce(s.low_at, 0)))
            ) ORDER BY v.position, v.id)
         FROM catalog.variants v LEFT JOIN catalog.stock s ON s.variant_id = v.id
         WHERE v.product_id = p.id) AS variants,
        (SELECT jsonb_agg(jsonb_build_array(i.id, i.alt, i.width, i.height, i.derivatives) ORDER BY i.position, i.id)
         FROM catalog.pictures i WHERE i.product_id = p.id AND i.state = 'ready') AS pictures
    FROM catalog.products p
    JOIN catalog.categories c ON c.id = p.category_id
    LEFT JOIN catalog.brands b ON b.id = p.brand_id
    LEFT JOIN catalog.product_types t ON t.id = p.type_id
    WHERE CAST(:after AS uuid) IS NULL OR p.id > :after
    ORDER BY p.id LIMIT :batch
    """,
    "id product variants pictures",
)


def exported_products(session: Session, *, currency: str, base: str) -> Iterator[dict[str, Any]]:
    """Yield every product, drafts and archived ones too; `base` is the shop's address. One statement for each 500."""
    after = None
    while rows := session.execute(_BATCH, {"after": after, "batch": BATCH}).all():
        for row in rows:
            yield _product(row, currency, base)
        after = rows[-1].id


def _product(row: Any, currency: str, base: str) -> dict[str, Any]:
    pictures, addresses = [], {}
    for id_, alt, width, height, derivatives in row.pictures or ():
        addresses[id_] = base + PictureView(alt, width, height, tuple(derivatives)).fallback
        stored = {"width": width, "height": height, "derivatives": derivatives}
        pictures.append({"url": addresses[id_], "alt": alt, "stored": stored})
    variants = [{**told, "picture": addresses.get(picture_id)} for picture_id, told in row.variants or ()]
    return {**row.product, "currency": currency, "variants": variants, "pictures": pictures}
