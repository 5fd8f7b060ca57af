"""Filling the listing table: what lists and searches see of a product is worked out here, and nowhere else."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from domain.catalog.commands.figures import refresh_all_figures, refresh_figures
from domain.catalog.events import PagesChanged
from domain.catalog.queries.facets import ALWAYS, PRICE_EDGES
from domain.catalog.queries.prices import FORMER_NOW, PRICE_NOW
from domain.catalog.queries.search import SHORTEST_NUMBER, SKU_MARK
from domain.shared.outbox import record
from domain.shared.pages import EVERY

VERSION = 2
"""Goes up when the rows are worked out in another form: the first scheduler that knows it does all of them anew."""
FACET_ATTRIBUTE_LENGTH = 40
"""Attributes up to this many characters can narrow a list; longer ones are prose."""
SUMMARY_READ = 160
"""So many characters of a summary are read for words that may be meant by misspelt ones."""
WIDEST_ON_A_TILE = 800
"""The widest derivative a tile offers, in pixels."""

_PAIRS = """
    CROSS JOIN LATERAL unnest(l.category_paths || CAST('' AS text)) AS path
    CROSS JOIN LATERAL unnest(l.facets || CASE WHEN l.in_stock THEN ARRAY['', '='] ELSE ARRAY[''] END) AS facet
"""
"""The pairs of FacetCount that one listing row counts in."""

_WORDS = """
    CROSS JOIN LATERAL (SELECT DISTINCT unnest(string_to_array(l.search_title, ' ')) AS word) named
"""
"""The words of Word that one listing row counts in."""

_FORMS = """
    CASE WHEN word ~ '[[:digit:]]' OR length(word) NOT BETWEEN 2 AND 24 THEN '{}' ELSE (
        SELECT array_agg(DISTINCT form) FROM (
            SELECT word AS form UNION ALL
            SELECT left(word, at - 1) || substr(word, at + 1) FROM generate_series(1, length(word)) AS at
        ) forms WHERE form <> '') END
"""
"""What `Word.forms` holds of a word; numbers are never corrected, nor is anything into one."""


def _plain(value: str) -> str:
    """Write SQL for the words of a text: folded, with one blank between them and no signs."""
    return f"btrim(regexp_replace(lower(unaccent({value})), '[^[:alnum:]]+', ' ', 'g'))"


def _joined(value: str) -> str:
    """Write SQL for the words of a text that have a sign inside, without it: `Wi-Fi` is also looked for as wifi."""
    return f"""coalesce((
        SELECT string_agg(regexp_replace(found[1], '[^[:alnum:]]+', '', 'g'), ' ')
        FROM regexp_matches(lower(unaccent({value})), '[[:alnum:]]+(?:[-.''’+&]+[[:alnum:]]+)+', 'g')
            AS found), '')"""  # noqa: S608


_SAID = "CASE WHEN jsonb_typeof(said) = 'string' THEN said #>> '{}' ELSE catalog.attribute_text(said) END"
"""What an attribute says, in words; most are words already, and the function costs more than all the rest of a row."""
_TAKEN = "'{" + ",".join((*ALWAYS, "in-stock", "in_stock", "q", "page", "sort", "view")) + "}'"
"""Names that an option or attribute of a product cannot go by in the address of a list."""
_BUCKETS = "ARRAY[" + ", ".join(str(edge) for edge in PRICE_EDGES) + "]"


_SHOWN = ("slug", "title", "brand_name", "category_path", "category_name", "price_min", "price_max", "compare_at",
          "in_stock", "variants", "picture", "colours", "facets", "skus", "document", "rating", "reviews")  # fmt: skip
"""The columns of a listing row that tell whether the product's page looks different."""
_SEEN, _SEEN_NOW = (", ".join(f"{row}.{name}" for name in _SHOWN) for row in ("l", "excluded"))


def _statement(which: str, then: str) -> TextClause:
    """Write the one statement that lists the products of `which` and takes off the list what is not on sale.

    `then` is what is done with the rows as they are now (`listed`) and as they were (`before`).
    """
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
    SELECT v.id, v.product_id, v.sku, v.barcode, v.option_values, v.position, v.colours, p.options,
        {PRICE_NOW} AS price, {FORMER_NOW} AS compare_at,
        coalesce(s.sell_when_out OR s.on_hand > s.reserved, false) AS buyable
    FROM chosen p
    JOIN catalog.variants v ON v.product_id = p.id AND v.archived_at IS NULL
    LEFT JOIN catalog.stock s ON s.variant_id = v.id
), of_variants AS (
    SELECT product_id, bool_or(buyable) AS in_stock, count(*) AS variants,
        coalesce(min(price) FILTER (WHERE buyable), min(price)) AS price_min,
        coalesce(max(price) FILTER (WHERE buyable), max(price)) AS price_max,
        -- The old price of the cheapest variant that is shown, so that both numbers are of one thing.
        (array_agg(compare_at ORDER BY buyable DESC, price, position))[1] AS compare_at,
        array_agg(sku ORDER BY position) AS skus,
        string_agg(DISTINCT lower(unaccent(sku)), ' ') AS sku_words
    FROM sellable GROUP BY product_id
), of_numbers AS (
    -- A part number is found from the beginning of each of its parts on, whatever stands between them.
    SELECT product_id, array_agg(DISTINCT '{SKU_MARK}' || number) AS numbers
    FROM (
        SELECT v.product_id, string_agg(part.word[1], '') OVER (
            PARTITION BY v.id ORDER BY part.place ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS number
        FROM sellable v, regexp_matches(lower(unaccent(v.sku)), '[[:alpha:]]+|[[:digit:]]+', 'g')
            WITH ORDINALITY AS part(word, place)
        UNION ALL
        SELECT product_id, barcode FROM sellable WHERE barcode IS NOT NULL
    ) one WHERE length(number) >= {SHORTEST_NUMBER} GROUP BY product_id
), of_options AS (
    SELECT v.product_id,
        array_agg(DISTINCT replace(lower(o.name), ' ', '-') || '=' || o.value) FILTER (
            WHERE v.buyable AND NOT replace(lower(o.name), ' ', '-') = ANY({_TAKEN})) AS facets,
        array_agg(DISTINCT replace(lower(o.name), ' ', '-') || '=' || o.value) AS traits,
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
            WHERE length(a.value) BETWEEN 1 AND {FACET_ATTRIBUTE_LENGTH} AND NOT a.key = ANY(p.options)
                AND NOT replace(lower(a.key), ' ', '-') = ANY({_TAKEN})) AS facets,
        string_agg(a.value, ' ') AS words,
        string_agg(a.value, ' ') FILTER (WHERE length(a.value) <= {FACET_ATTRIBUTE_LENGTH}) AS names
    FROM chosen p
    CROSS JOIN LATERAL (
        SELECT key, {_SAID} AS value FROM jsonb_each(p.attributes) AS each(key, said)
        OFFSET 0 -- or the words would be worked out again at each place that names them
    ) a
    GROUP BY p.id
), of_pictures AS (
    SELECT DISTINCT ON (i.product_id) i.product_id, jsonb_build_object(
        'alt', i.alt, 'width', i.width, 'height', i.height,
        'derivatives', CASE
            WHEN i.derivatives @? '$[*] ? (@.width <= {WIDEST_ON_A_TILE})'
            THEN jsonb_path_query_array(i.derivatives, '$[*] ? (@.width <= {WIDEST_ON_A_TILE})')
            ELSE i.derivatives END) AS picture
    FROM chosen p JOIN catalog.pictures i ON i.product_id = p.id AND i.state = 'ready'
    ORDER BY i.product_id, i.position, i.id
), fresh AS (
    SELECT p.id, p.slug, p.title, coalesce(p.brand, '') AS brand, coalesce(p.brand_slug, '') AS brand_slug,
        p.path, p.category_name, up.paths, v.price_min, v.price_max, v.compare_at, v.in_stock, v.variants, i.picture,
        coalesce(c.colours, '{{}}') AS colours,
        CASE WHEN v.in_stock THEN coalesce(o.facets, '{{}}') || coalesce(a.facets, '{{}}')
            || CASE WHEN p.brand IS NULL THEN '{{}}' ELSE ARRAY['brand=' || p.brand] END
            || ARRAY(SELECT 'category=' || path FROM unnest(up.paths) AS path)
            || ('price=' || ({_BUCKETS})[width_bucket(v.price_min, {_BUCKETS})]
                || '-' || coalesce(CAST(({_BUCKETS})[width_bucket(v.price_min, {_BUCKETS}) + 1] AS text), ''))
            || ARRAY(SELECT 'rating=' || stars FROM generate_series(1, least(coalesce(r.average, 0) / 100, 4)) AS stars)
        ELSE '{{}}' END AS facets,
        coalesce(o.traits, '{{}}') || coalesce(a.facets, '{{}}')
            || ARRAY(SELECT 'tag=' || tag FROM unnest(p.tags) AS tag) AS traits,
        v.skus, coalesce(n.numbers, '{{}}') AS numbers, p.featured,
        coalesce(p.published_at, p.created_at) AS published_at,
        r.average AS rating, coalesce(r.reviews, 0) AS reviews,
        {_plain("p.title")} AS title_words, {_joined("p.title")} AS joined_words,
        {_plain("concat_ws(' ', p.brand, p.product_type)")} AS brand_words, {_plain("v.sku_words")} AS sku_words,
        {_plain("concat_ws(' ', up.names, o.words, a.words)")} AS more_words,
        {_plain(f"concat_ws(' ', up.names, o.words, a.names, left(p.summary, {SUMMARY_READ}))")} AS named_words,
        {_plain("concat_ws(' ', p.summary, p.description)")} AS prose
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
    LEFT JOIN catalog.ratings r ON r.product_id = p.id AND r.reviews > 0
    LEFT JOIN of_numbers n ON n.product_id = p.id
), listed AS (
    INSERT INTO catalog.listings AS l (product_id, slug, title, brand_name, brand_slug, category_path, category_name,
        category_paths, price_min, price_max, compare_at, in_stock, variants, picture, colours, facets, traits, skus,
        document, search_title, popularity, rating, reviews, featured, published_at,
        changed_at)
    SELECT id, slug, title, brand, brand_slug, path, category_name, paths, price_min, price_max, compare_at, in_stock,
        variants, picture, colours, facets, traits, skus,
        -- Stems find other forms of a word, the words as they are find one that is still being typed.
        setweight(to_tsvector('english', title_words) || to_tsvector('simple', title_words)
                || to_tsvector('simple', joined_words), 'A')
            || setweight(to_tsvector('english', brand_words) || to_tsvector('simple', brand_words)
                || to_tsvector('simple', sku_words), 'B')
            || array_to_tsvector(numbers)
            || setweight(to_tsvector('english', more_words) || to_tsvector('simple', more_words), 'C')
            || setweight(to_tsvector('english', prose), 'D'),
        btrim(regexp_replace(concat_ws(' ', title_words, joined_words, brand_words, named_words), ' +', ' ', 'g')),
        0, rating, reviews, featured, published_at, now()
    FROM fresh
    ORDER BY id
    ON CONFLICT (product_id) DO UPDATE SET
        slug = excluded.slug, title = excluded.title, brand_name = excluded.brand_name,
        brand_slug = excluded.brand_slug, category_path = excluded.category_path,
        category_name = excluded.category_name, category_paths = excluded.category_paths,
        price_min = excluded.price_min, price_max = excluded.price_max, compare_at = excluded.compare_at,
        in_stock = excluded.in_stock, variants = excluded.variants, picture = excluded.picture,
        colours = excluded.colours, facets = excluded.facets, traits = excluded.traits, skus = excluded.skus,
        document = excluded.document, search_title = excluded.search_title, rating = excluded.rating,
        reviews = excluded.reviews, featured = excluded.featured, published_at = excluded.published_at,
        changed_at = CASE WHEN ({_SEEN}) IS DISTINCT FROM ({_SEEN_NOW}) THEN now() ELSE l.changed_at END
    RETURNING l.category_paths, l.facets, l.in_stock, l.search_title
), before AS (
    -- The statement's own snapshot: the rows as they were.
    SELECT l.* FROM catalog.listings l JOIN catalog.products p ON p.id = l.product_id WHERE {which}
), gone AS (
    DELETE FROM catalog.listings l USING before b
    WHERE l.product_id = b.product_id AND NOT EXISTS (SELECT FROM fresh WHERE fresh.id = b.product_id)
) {then}
"""  # noqa: S608
    )


_FOLLOWED = f"""
, worded AS (
    INSERT INTO catalog.words AS w (word, products, forms)
    SELECT word, change, {_FORMS} FROM (
        SELECT word, sum(one) AS change FROM (
            SELECT word, 1 AS one FROM listed l {_WORDS}
            UNION ALL
            SELECT word, -1 FROM before l {_WORDS}
        ) one GROUP BY word HAVING sum(one) <> 0
    ) changed
    ORDER BY word
    ON CONFLICT (word) DO UPDATE SET products = w.products + excluded.products
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
"""The counts and words follow what became of these rows."""
_ONE_BY_ONE = _statement("p.id = ANY(:ids)", _FOLLOWED)
# Who does all of them counts anew afterwards.
_ALL = _statement("true", "SELECT count(*) FROM listed")
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
_FORGET_WORDS = text("DELETE FROM catalog.words")
_COUNT_WORDS = text(
    f"""
    INSERT INTO catalog.words (word, products, forms)
    SELECT word, products, {_FORMS} FROM (
        SELECT word, count(*) AS products FROM catalog.listings l {_WORDS} GROUP BY word
    ) counted
    """  # noqa: S608
)
_BUILT = text(
    """
    WITH gone AS (DELETE FROM catalog.listing_builds WHERE version <> :version)
    INSERT INTO catalog.listing_builds (version) VALUES (:version) ON CONFLICT DO NOTHING
    """
)
_IS_BUILT = text("SELECT EXISTS (SELECT FROM catalog.listing_builds WHERE version = :version)")
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
        refresh_figures(session, ids)


def refresh_all(session: Session) -> None:
    """Work out every listing row, every count and every word afresh."""
    session.execute(_LOCK_ALL)
    session.execute(_ROOM)
    session.execute(_ALL)
    refresh_all_figures(session)
    # Counting anew also forgets what no product has any more.
    for statement in (_FORGET_COUNTS, _COUNT, _FORGET_WORDS, _COUNT_WORDS):
        session.execute(statement)
    session.execute(_BUILT, {"version": VERSION})
    record(session, PagesChanged(addresses=(EVERY,)))


def rebuild(session: Session) -> int:
    """Work everything out afresh if the rows are of another version; return whether that was so."""
    if session.scalar(_IS_BUILT, {"version": VERSION}):
        return 0
    refresh_all(session)
    return 1
