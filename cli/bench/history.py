"""What an old shop has beside its orders: messages, the log, reviews, returns, used codes, imports, visits, searches.

The rows are made inside PostgreSQL, so many at a time, and look as real ones look; nothing happened to make them. So
this is for measuring what staff see, as is `cli/seed_orders.py`, on whose orders it builds.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, text

CHUNK = 50_000
AREAS = ("orders", "products", "inventory", "customers", "promotions")

_MESSAGES = """
    INSERT INTO notifications.messages (id, created_at, template, subject_key, channel, recipient, order_id, context,
        subject, state, attempts, error, provider_id, sent_at)
    SELECT uuidv7(least(o.created_at - now() + kind.after, interval '0')), least(o.created_at + kind.after, now()),
        kind.template, 'order ' || o.id, 'email', o.email, o.id,
        jsonb_build_object('order', jsonb_build_object('number', o.number, 'path', '/orders/' || o.number,
            'total', o.total, 'address', o.shipping_address)),
        kind.subject || o.number, state.state, 1,
        CASE WHEN state.state IN ('failed', 'bounced') THEN '550 5.1.1 No such mailbox' ELSE '' END,
        '<load-' || n || '@load.example>', CASE WHEN state.state IN ('sent', 'bounced') THEN o.created_at END
    FROM generate_series(CAST(:since AS int), CAST(:until AS int)) n
    JOIN orders.orders o ON o.id = md5('order ' || ((n + 1) / 2))::uuid
    JOIN (VALUES (0, 'order_placed', 'Your order ', interval '0'),
        (1, 'order_shipped', 'On its way: ', interval '1 day')) AS kind(half, template, subject, after)
        ON kind.half = n % 2
    CROSS JOIN LATERAL (SELECT CASE WHEN n % 200 = 0 THEN 'failed' WHEN n % 300 = 0 THEN 'bounced'
        WHEN n % 500 = 0 THEN 'suppressed' ELSE 'sent' END AS state) state
    ON CONFLICT DO NOTHING
"""

_LOG = """
    WITH entry AS (
        INSERT INTO shared.audit_entries (id, created_at, staff_id, staff_name, area, action, resource, address,
            request_id)
        SELECT uuidv7(n * interval '-2.6 minutes'), now() - n * interval '2.6 minutes', staff.id, staff.name, of.area,
            of.area || '.update', CASE of.area WHEN 'orders' THEN o.number ELSE md5('log ' || n % 5000)::uuid::text END,
            '192.0.2.' || n % 250, 'load-' || n
        FROM generate_series(CAST(:since AS int), CAST(:until AS int)) n
        CROSS JOIN LATERAL (SELECT (CAST(:areas AS text[]))[1 + n % 5] AS area) of
        CROSS JOIN (SELECT id, name FROM users.staff ORDER BY id LIMIT 1) staff
        LEFT JOIN orders.orders o ON of.area = 'orders' AND o.id = md5('order ' || n)::uuid
        RETURNING id, area, resource
    )
    INSERT INTO shared.audit_changes (entry_id, table_name, row_key, before, after)
    SELECT id, area || '.' || area, resource, jsonb_build_object('state', 'paid', 'updated_at', now(), 'version', 1,
        'note', repeat('before ', 20)), jsonb_build_object('state', 'packed', 'updated_at', now(), 'version', 2,
        'note', repeat('after ', 20))
    FROM entry
"""

_REVIEWS = """
    INSERT INTO reviews.reviews (id, created_at, product_id, shopper_id, email, author, stars, title, words, state,
        reason, reply, helpful, version, written_at)
    SELECT md5('review ' || n)::uuid, at, p.id, s.id, s.email, s.name, 1 + n * 31 % 5, 'Sturdy and well made',
        repeat('It does what it should, and looks as it did in the picture. ', 3), state,
        CASE state WHEN 'refused' THEN 'Names another shop.' ELSE '' END, '', n % 7, 1, at
    FROM generate_series(CAST(:since AS int), CAST(:until AS int)) n
    CROSS JOIN (SELECT least(count(*), 10000) AS count FROM catalog.products) all_products
    JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM catalog.products ORDER BY id LIMIT 10000) p
        ON p.place = n % count
    JOIN users.shoppers s ON s.id = md5('shopper ' || (1 + (n / count + n % count * 31) % :shoppers))::uuid
    CROSS JOIN LATERAL (SELECT now() - n * interval '10 minutes' AS at, CASE WHEN n % 50 = 0 THEN 'pending'
        WHEN n % 40 = 1 THEN 'refused' ELSE 'published' END AS state) one
    ON CONFLICT DO NOTHING
"""

# The newest wait for an answer or for their parcel.
_RETURNS = """
    WITH sent AS (
        SELECT uuidv7(o.created_at - now()) AS id, o.id AS order_id, o.created_at AS at,
            CASE WHEN n <= 40 THEN 'requested' WHEN n <= 120 THEN 'approved'
                WHEN n % 20 = 0 THEN 'refused' ELSE 'received' END AS state
        FROM generate_series(CAST(:since AS int), CAST(:until AS int)) n
        JOIN orders.orders o ON o.id = md5('order ' || (n * 20))::uuid
    ), made AS (
        INSERT INTO orders.returns (id, created_at, order_id, state, reason, answer, decided_at, received_at)
        SELECT id, at, order_id, state, 'It is too large.', '', CASE WHEN state <> 'requested' THEN at END,
            CASE WHEN state = 'received' THEN at END
        FROM sent RETURNING id
    )
    INSERT INTO orders.return_lines (return_id, line_id, quantity, received, restocked)
    SELECT sent.id, l.id, 1, CASE WHEN state = 'received' THEN 1 ELSE 0 END,
        CASE WHEN state = 'received' THEN 1 ELSE 0 END
    FROM sent JOIN made USING (id) JOIN orders.lines l ON l.order_id = sent.order_id AND l.position = 0
"""

_PROMOTIONS = """
    WITH made AS (
        INSERT INTO promotions.promotions (id, created_at, name, kind, basis_points, amount, buy, get, automatic,
            active, priority, exclusive, category_ids, product_ids, min_quantity, min_subtotal, first_order,
            used, version, updated_at)
        SELECT md5('promotion ' || n)::uuid, now(), 'Load ' || n, 'percent', 1000, 0, 0, 0, false, n % 4 > 0, 0, false,
            '{}', '{}', 0, 0, false, 0, 1, now()
        FROM generate_series(CAST(:since AS int), CAST(:until AS int)) n ON CONFLICT DO NOTHING
    )
    INSERT INTO promotions.codes (id, created_at, promotion_id, code)
    SELECT md5('code ' || n)::uuid, now(), md5('promotion ' || n)::uuid, 'LOAD' || n
    FROM generate_series(CAST(:since AS int), CAST(:until AS int)) n ON CONFLICT DO NOTHING
"""

# Half of all uses are of one code, as a shop's welcome code would be.
_USES = """
    WITH made AS (
        INSERT INTO promotions.redemptions (id, created_at, promotion_id, order_id, customer, code, amount)
        SELECT md5('redemption ' || n)::uuid, o.created_at, md5('promotion ' || which)::uuid, o.id, o.email,
            'LOAD' || which, o.subtotal / 10
        FROM generate_series(CAST(:since AS int), CAST(:until AS int)) n
        JOIN orders.orders o ON o.id = md5('order ' || (n * 5))::uuid
        CROSS JOIN LATERAL (SELECT CASE WHEN n % 2 = 0 THEN 1 ELSE 1 + n % 200 END AS which) of
        ON CONFLICT DO NOTHING RETURNING promotion_id, customer
    )
    INSERT INTO promotions.usages AS mine (promotion_id, customer, used)
    SELECT promotion_id, customer, count(*) FROM made GROUP BY 1, 2
    ON CONFLICT (promotion_id, customer) DO UPDATE SET used = mine.used + excluded.used
"""

_IMPORTS = """
    INSERT INTO catalog.imports (id, created_at, file_name, by, state, format, encoding, unread, options, problem,
        rows, products, place, made, changed, same, refused, rows_refused, stock_left, pictures, moved_at)
    SELECT md5('import ' || n)::uuid, now() - n * interval '2 days', 'load-' || n || '.csv', 'Load', 'done', 'own',
        'utf-8', '{}', '{"stock": "leave", "as_drafts": false, "pictures": false}', '', 5000, 5000, 5000, 5000, 0, 0,
        0, 0, 0, 0, now() - n * interval '2 days'
    FROM generate_series(CAST(:since AS int), CAST(:until AS int)) n ON CONFLICT DO NOTHING
"""
_NOTES = """
    INSERT INTO catalog.import_notes (import_id, step, line, level, "column", sku, message, advice)
    SELECT md5('import ' || 1 + n % 5)::uuid, 'write', n, 'said', 'price', 'LOAD-' || n, 'The price has a blank in it.',
        'It was read without.'
    FROM generate_series(CAST(:since AS int), CAST(:until AS int)) n
"""

_STOPPED = """
    INSERT INTO notifications.suppressions (email, reason, detail, created_at)
    SELECT 'shopper-' || n || '@load.example', 'bounce', '550 5.1.1 No such mailbox', now() - n * interval '1 hour'
    FROM generate_series(CAST(:since AS int), CAST(:until AS int)) n ON CONFLICT DO NOTHING
"""
# Of 500 words of a day three in five are those of every day.
_SEARCHES = """
    INSERT INTO analytics.search_facts (day, words, searches, empty)
    SELECT current_date - n / 500, 'words that ' || CASE WHEN n % 5 < 3 THEN n % 500
        ELSE 500 + CAST(n AS bigint) * 7919 % 20000 END || ' look for', 1 + n % 9,
        CASE WHEN n % 3 = 0 THEN 1 + n % 9 ELSE 0 END
    FROM generate_series(CAST(:since AS int), CAST(:until AS int)) n ON CONFLICT DO NOTHING
"""
_VISITS = """
    INSERT INTO analytics.visit_days (day, visitors, saw_product)
    SELECT current_date - n, 9000 + n % 1000, 4000 + n % 1000
    FROM generate_series(CAST(:since AS int), CAST(:until AS int)) n ON CONFLICT DO NOTHING
"""
_ACCOUNTS = """
    INSERT INTO analytics.account_facts (account_id, verified_at)
    SELECT id, created_at FROM users.shoppers JOIN generate_series(CAST(:since AS int), CAST(:until AS int)) n
        ON id = md5('shopper ' || n)::uuid ON CONFLICT DO NOTHING
"""
_ANSWERS = """
    INSERT INTO analytics.opinion_facts (order_id, score, answered_at)
    SELECT o.id, 1 + n * 7 % 5, o.created_at + interval '5 days'
    FROM generate_series(CAST(:since AS int), CAST(:until AS int)) n
    JOIN orders.orders o ON o.id = md5('order ' || (n * 10))::uuid ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Staged:
    """A kind of rows: how many there are for 500,000 orders, or in any shop, and how those that are here are known."""

    what: str
    rows: int
    statement: str
    present: str
    fixed: bool = False


ROWS = (
    Staged("messages", 1_000_000, _MESSAGES, "notifications.messages WHERE provider_id LIKE '<load-%'"),
    Staged("entries of the log", 500_000, _LOG, "shared.audit_entries WHERE request_id LIKE 'load-%'"),
    Staged("reviews", 100_000, _REVIEWS, "reviews.reviews WHERE email LIKE '%@load.example'"),
    Staged("returns", 20_000, _RETURNS, "orders.returns WHERE reason = 'It is too large.'"),
    Staged("promotions", 200, _PROMOTIONS, "promotions.promotions WHERE name LIKE 'Load %'", fixed=True),
    Staged("uses of codes", 100_000, _USES, "promotions.redemptions WHERE code LIKE 'LOAD%'"),
    Staged("imports", 300, _IMPORTS, "catalog.imports WHERE by = 'Load'", fixed=True),
    Staged("remarks of imports", 100_000, _NOTES, "catalog.import_notes WHERE sku LIKE 'LOAD-%'"),
    Staged("stopped addresses", 5_000, _STOPPED, "notifications.suppressions WHERE email LIKE '%@load.example'"),
    Staged("searches", 200_000, _SEARCHES, "analytics.search_facts WHERE words LIKE 'words that %'"),
    Staged("days of visits", 760, _VISITS, "analytics.visit_days", fixed=True),
    Staged("accounts", 50_000, _ACCOUNTS, "analytics.account_facts"),
    Staged("answers", 50_000, _ANSWERS, "analytics.opinion_facts"),
)
USUAL_ORDERS = 500_000


def stage_history(connection: Connection, orders: int, say: Callable[[str], None]) -> int:
    """Bring what is beside the orders to the size that goes with so many; returns how many rows are new.

    The connection commits by itself, so what was made stays when it is broken off.
    """
    made, tables = 0, set()
    for kind in ROWS:
        wanted = kind.rows if kind.fixed else max(kind.rows * orders // USUAL_ORDERS, 1)
        present = connection.scalar(text(f"SELECT count(*) FROM {kind.present}")) or 0  # noqa: S608 - written above
        values = {"areas": list(AREAS), "shoppers": max(orders // 10, 1)}
        used = {name: value for name, value in values.items() if f":{name}" in kind.statement}
        for since in range(present + 1, wanted + 1, CHUNK):
            until = min(since + CHUNK - 1, wanted)
            connection.execute(text(kind.statement), {"since": since, "until": until, **used})
            made += until - since + 1
            tables.add(kind.present.partition(" ")[0])
            say(f"  {kind.what} loaded: {until:,} of {wanted:,}")
    if tables:
        connection.execute(text(f"VACUUM (ANALYZE) {', '.join(sorted(tables))}"))
    return made
