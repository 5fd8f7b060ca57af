"""Filling the listing table: what lists and searches see of a product is worked out here, and nowhere else."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from domain.catalog.queries.search import SKU_MARK

FACET_ATTRIBUTE_LENGTH = 40
"""Attributes up to this many characters can narrow a list; longer ones are prose."""
WIDEST_ON_A_TILE = 800
"""The widest derivative a tile offers, in pixels."""

_PAIRS = """
    CROSS JOIN LATERAL unnest(l.category_paths || CAST('' AS text)) AS path
    CROSS JOIN LATERAL unnest(l.facets || CASE WHEN l.in_stock THEN ARRAY['', '='] ELSE ARRAY[''] END) AS facet
"""
"""The pairs of FacetCount that one listing row counts in."""


def _statement(which: str) -> TextClause:
    """Write the one statement that lists the products of `which` and takes off the list what is not on sale."""
    return text(
        f"""
WITH chosen AS MATERIALIZED (
    SELECT p.*, c.path, c.name AS category_name, b.name AS brand, b.slug AS brand_slug,
        string_to_array(c.path, '/') AS steps
    FROM catalog.products p
    JOIN catalog.categories c ON c.id = p.category_id
    LEFT JOIN catalog.brands b ON b.id = p.brand_id
    WHERE p.status = 'published' AND {which}
), sellable AS MATERIALIZED (
    SELECT v.*, p.options, coalesce(s.sell_when_out OR s.on_hand > s.reserved, false) AS buyable
    FROM chosen p
    JOIN catalog.variants v ON v.product_id = p.id
    LEFT JOIN catalog.stock s ON s.variant_id = v.id
), of_variants AS (
    SELECT product_id, bool_or(buyable) AS in_stock, count(*) AS variants,
        coalesce(min(price) FILTER (WHERE buyable), min(price)) AS price_min,
        coalesce(max(price) FILTER (WHERE buyable), max(price)) AS price_max,
        -- The old price of the cheapest variant that is shown, so that both numbers are of one thing.
        (array_agg(compare_at ORDER BY buyable DESC, price, position))[1] AS compare_at,
        array_agg(sku ORDER BY position) AS skus,
        array_agg(DISTINCT '{SKU_MARK}' || lower(regexp_replace(sku, '[^[:alnum:]]', '', 'g'))) AS plain_skus
    FROM sellable GROUP BY product_id
), of_options AS (
    SELECT v.product_id,
        array_agg(DISTINCT replace(lower(o.name), ' ', '-') || '=' || o.value) FILTER (WHERE v.buyable) AS facets,
        string_agg(DISTINCT o.value, ' ') AS words
    FROM sellable v, unnest(v.options, v.option_values) AS o(name, value)
    WHERE o.name IS NOT NULL AND o.value IS NOT NULL
    GROUP BY v.product_id
), of_colours AS (
    SELECT product_id, array_agg(colour ORDER BY place) AS colours
    FROM (
        SELECT product_id, colours[1] AS colour, min(position) AS place
        FROM sellable WHERE cardinality(colours) > 0 GROUP BY product_id, colours[1]
    ) one GROUP BY product_id
), of_attributes AS (
    SELECT p.id AS product_id,
        array_agg(replace(lower(a.key), ' ', '-') || '=' || a.value) FILTER (
            WHERE length(a.value) BETWEEN 1 AND {FACET_ATTRIBUTE_LENGTH} AND NOT a.key = ANY(p.options)) AS facets,
        string_agg(a.value, ' ') AS words
    FROM chosen p, jsonb_each_text(p.attributes) AS a(key, value)
    GROUP BY p.id
), of_pictures AS (
    SELECT DISTINCT ON (i.product_id) i.product_id, jsonb_build_object(
        'alt', i.alt, 'width', i.width, 'height', i.height,
        'derivatives', CASE
            WHEN i.derivatives @? '$[*] ? (@.width <= {WIDEST_ON_A_TILE})'
            THEN jsonb_path_query_array(i.derivatives, '$[*] ? (@.width <= {WIDEST_ON_A_TILE})')
            ELSE i.derivatives END) AS picture
    FROM chosen p JOIN catalog.pictures i ON i.product_id = p.id
    ORDER BY i.product_id, i.position, i.id
), fresh AS (
    SELECT p.id, p.slug, p.title, coalesce(p.brand, '') AS brand, coalesce(p.brand_slug, '') AS brand_slug,
        p.path, p.category_name, up.paths, v.price_min, v.price_max, v.compare_at, v.in_stock, v.variants, i.picture,
        coalesce(c.colours, '{{}}') AS colours,
        CASE WHEN v.in_stock THEN coalesce(o.facets, '{{}}') || coalesce(a.facets, '{{}}')
            || CASE WHEN p.brand IS NULL THEN '{{}}' ELSE ARRAY['brand=' || p.brand] END
        ELSE '{{}}' END AS facets,
        v.skus, v.plain_skus, p.featured, coalesce(p.published_at, p.created_at) AS published_at,
        unaccent(p.title) AS title_words, unaccent(coalesce(p.brand, '')) AS brand_words,
        unaccent(concat_ws(' ', up.names, o.words, a.words)) AS more_words,
        unaccent(concat_ws(' ', p.summary, p.description)) AS prose
    FROM chosen p
    JOIN of_variants v ON v.product_id = p.id
    CROSS JOIN LATERAL (
        SELECT array_agg(u.path ORDER BY length(u.path)) AS paths, string_agg(u.name, ' ') AS names
        FROM generate_series(1, cardinality(p.steps)) AS depth
        JOIN catalog.categories u ON u.path = array_to_string(p.steps[1:depth], '/')
    ) up
    LEFT JOIN of_options o ON o.product_id = p.id
    LEFT JOIN of_colours c ON c.product_id = p.id
    LEFT JOIN of_attributes a ON a.product_id = p.id
    LEFT JOIN of_pictures i ON i.product_id = p.id
), listed AS (
    INSERT INTO catalog.listings AS l (product_id, slug, title, brand_name, brand_slug, category_path, category_name,
        category_paths, price_min, price_max, compare_at, in_stock, variants, picture, colours, facets, skus,
        document, search_title, popularity, rating, featured, published_at)
    SELECT id, slug, title, brand, brand_slug, path, category_name, paths, price_min, price_max, compare_at, in_stock,
        variants, picture, colours, facets, skus,
        -- Stems find other forms of a word, the words as they are find one that is still being typed.
        setweight(to_tsvector('english', title_words) || to_tsvector('simple', title_words), 'A')
            || setweight(to_tsvector('simple', brand_words || ' ' || array_to_string(skus, ' ')), 'B')
            || array_to_tsvector(plain_skus)
            || setweight(to_tsvector('english', more_words) || to_tsvector('simple', more_words), 'C')
            || setweight(to_tsvector('english', prose), 'D'),
        lower(title_words || ' ' || brand_words), 0, NULL, featured, published_at
    FROM fresh
    ORDER BY id
    ON CONFLICT (product_id) DO UPDATE SET
        slug = excluded.slug, title = excluded.title, brand_name = excluded.brand_name,
        brand_slug = excluded.brand_slug, category_path = excluded.category_path,
        category_name = excluded.category_name, category_paths = excluded.category_paths,
        price_min = excluded.price_min, price_max = excluded.price_max, compare_at = excluded.compare_at,
        in_stock = excluded.in_stock, variants = excluded.variants, picture = excluded.picture,
        colours = excluded.colours, facets = excluded.facets, skus = excluded.skus, document = excluded.document,
        search_title = excluded.search_title, featured = excluded.featured, published_at = excluded.published_at
    RETURNING l.category_paths, l.facets, l.in_stock
), before AS (
    -- The statement's own snapshot: the rows as they were.
    SELECT l.* FROM catalog.listings l JOIN catalog.products p ON p.id = l.product_id WHERE {which}
), gone AS (
    DELETE FROM catalog.listings l USING before b
    WHERE l.product_id = b.product_id AND NOT EXISTS (SELECT FROM fresh WHERE fresh.id = b.product_id)
)
INSERT INTO catalog.facet_counts AS c (category_path, facet, products)
SELECT path, facet, sum(one) FROM (
    SELECT path, facet, 1 AS one FROM listed l {_PAIRS}
    UNION ALL
    SELECT path, facet, -1 FROM before l {_PAIRS}
) change
-- In one order, so that two refreshes never wait for each other in a circle.
GROUP BY path, facet HAVING sum(one) <> 0 ORDER BY path, facet
ON CONFLICT (category_path, facet) DO UPDATE SET products = c.products + excluded.products
"""  # noqa: S608
    )


_ONE_BY_ONE = _statement("p.id = ANY(:ids)")
_ALL = _statement("true")
# A hundred thousand rows sort and index twice as fast with room for it; for this transaction alone.
_ROOM = text(
    """
    SELECT set_config('work_mem', '64MB', true), set_config('maintenance_work_mem', '256MB', true),
        set_config('gin_pending_list_limit', '64MB', true)
    """
)
_FORGET_COUNTS = text("DELETE FROM catalog.facet_counts")
_COUNT = text(
    f"""
    INSERT INTO catalog.facet_counts (category_path, facet, products)
    SELECT path, facet, count(*) FROM catalog.listings l {_PAIRS} GROUP BY path, facet
    """  # noqa: S608
)
_LOCK = text("SELECT FROM catalog.products WHERE id = ANY(:ids) ORDER BY id FOR NO KEY UPDATE")
_LOCK_ALL = text("LOCK TABLE catalog.listings IN SHARE ROW EXCLUSIVE MODE")


def refresh(session: Session, product_ids: Iterable[UUID]) -> None:
    """Work out the listing rows of these products afresh; what is not on sale leaves the list.

    Two refreshes of one product wait for each other, so that the older one never has the last word.
    """
    ids = sorted(set(product_ids))
    if ids:
        session.execute(_LOCK, {"ids": ids})
        session.execute(_ONE_BY_ONE, {"ids": ids})


def refresh_all(session: Session) -> None:
    """Work out every listing row and every count afresh."""
    session.execute(_LOCK_ALL)
    session.execute(_ROOM)
    session.execute(_ALL)
    # The counts have followed every change; counting them anew also forgets what no product has any more.
    session.execute(_FORGET_COUNTS)
    session.execute(_COUNT)
