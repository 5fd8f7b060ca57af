"""Half a million orders in a minute or two: a history of sales, for measuring what staff see of a shop that is old.

The rows are made inside PostgreSQL, so many at a time, out of the products that are there and names that are not. They
look as orders of two years look, but nothing happened to make them: no stock moved, no event was told, no paper was
written. So this is for shops to measure on, and `./shop audit` says so of them.
"""

from sqlalchemy import text
from sqlalchemy.orm import Session

from cli.errors import CliError
from cli.seed_progress import Progress
from domain.shared.db import Sessions, transaction

CHUNK = 25_000
SHOPPERS_PER_ORDER = 10
"""One account for so many orders; a third of the orders have none."""

_FIRST = (
    "Aoife Brian Ciara Declan Eimear Fionn Grace Hugo Ines Jakub Kasia Liam Maeve Niall Orla Pavel Quinn Roisin Sean"
    " Tomasz"
)
_LAST = (
    "Byrne Carroll Doyle Evans Farrell Garcia Hughes Ivanov Joyce Kelly Lynch Murphy Nolan O’Brien Power Quirke Rossi"
    " Schmidt Tobin Walsh"
)
_CITIES = "Dublin Cork Galway Limerick Waterford"

_SHOPPERS = text("""
INSERT INTO users.shoppers (id, created_at, email, name, password_hash, session_key, verified_at)
SELECT md5('shopper ' || n)::uuid, now() - n * interval '20 minutes', 'shopper-' || n || '@load.example',
    (CAST(:first AS text[]))[1 + n % 20] || ' ' || (CAST(:last AS text[]))[1 + n / 20 % 20], '!', md5(n::text), now()
FROM generate_series(CAST(:since AS int), CAST(:until AS int)) n ON CONFLICT DO NOTHING
""")

_GOODS = text("""
CREATE TEMPORARY TABLE goods ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY v.sku) - 1 AS place, v.id, v.sku, p.slug, p.title, greatest(v.price, 1) AS price
FROM catalog.variants v JOIN catalog.products p ON p.id = v.product_id ORDER BY v.sku LIMIT 20000
""")

_ORDERS = text("""
CREATE TEMPORARY TABLE made ON COMMIT DROP AS
SELECT n, md5('order ' || n)::uuid AS id, now() - (n * 1.3 + n % 7) * interval '2 minutes' AS at,
    1 + n % 3 AS parts, CAST(CAST(n AS bigint) * 7919 % :shoppers AS int) + 1 AS who, n % 3 > 0 AS known,
    CASE WHEN n <= 300 THEN (ARRAY['placed', 'paid', 'paid', 'packed', 'shipped'])[1 + n % 5]
         WHEN n % 23 = 0 THEN 'cancelled' WHEN n % 41 = 0 THEN 'refunded' ELSE 'delivered' END AS state,
    (ARRAY['IE', 'IE', 'IE', 'IE', 'GB', 'GB', 'DE', 'FR', 'ES', 'PL'])[1 + n * 31 % 10] AS country,
    upper(lpad(to_hex(n * 2654435761 % 4294967296), 8, '0')) AS letters
FROM generate_series(CAST(:since AS int), CAST(:until AS int)) n
""")

_LINES = text("""
CREATE TEMPORARY TABLE parts ON COMMIT DROP AS
SELECT m.n, m.id AS order_id, m.state, m.at, i AS position, g.*, 1 + (m.n + i) % 2 AS quantity
FROM made m CROSS JOIN LATERAL generate_series(0, m.parts - 1) i
JOIN goods g ON g.place = (m.n * 13 + i * 101) % (SELECT count(*) FROM goods)
""")

_WRITE = (
    text("""
INSERT INTO orders.orders (id, created_at, number, state, checkout_token, cart_id, shopper_id, access_key, email,
    shipping_address, billing_address, delivery_method, delivery_name, delivery_from, delivery_to, gateway, currency,
    tax_included, subtotal, discount, delivery, delivery_tax, tax, total, discounts, paid_at, cancelled_at,
    updated_at, tags)
SELECT m.id, m.at, 'CS-' || substr(m.letters, 1, 4) || '-' || substr(m.letters, 5), m.state, m.id, m.id,
    CASE WHEN m.known THEN md5('shopper ' || m.who)::uuid END, m.id::text, 'shopper-' || m.who || '@load.example',
    address, address, 'standard', 'Standard', m.at + interval '2 days', m.at + interval '4 days', 'demo', :currency,
    true, s.subtotal, 0, 495, 0, 0, s.subtotal + 495, '[]',
    CASE WHEN m.state NOT IN ('placed', 'cancelled') THEN m.at END,
    CASE WHEN m.state = 'cancelled' THEN m.at END, m.at,
    CASE WHEN m.n % 50 = 0 THEN ARRAY['gift'] WHEN m.n % 500 = 1 THEN ARRAY['check address'] ELSE '{}' END
FROM made m JOIN (SELECT n, sum(price * quantity) AS subtotal FROM parts GROUP BY n) s ON s.n = m.n
CROSS JOIN LATERAL (SELECT jsonb_build_object(
    'name', (CAST(:first AS text[]))[1 + m.who % 20] || ' ' || (CAST(:last AS text[]))[1 + m.who / 20 % 20],
    'line1', m.who || ' Long Row', 'city', (CAST(:cities AS text[]))[1 + m.who % 5], 'postcode', 'D02 X285',
    'country', m.country) AS address) a
"""),
    text("""
INSERT INTO orders.lines (id, created_at, order_id, position, variant_id, product_slug, sku, title, options, unit_price,
    quantity, discount, total, tax, tax_basis_points, shipped, returned)
SELECT md5('line ' || n || ' ' || position)::uuid, at, order_id, position, id, slug, sku, title, '', price, quantity, 0,
    price * quantity, 0, 0, CASE WHEN state IN ('shipped', 'delivered') THEN quantity ELSE 0 END, 0
FROM parts
"""),
    text("""
INSERT INTO orders.timeline (order_id, kind, actor, note, public, at)
SELECT id, 'placed', 'shopper', '', true, at FROM made
UNION ALL SELECT id, 'paid', 'gateway', '', true, at FROM made WHERE state NOT IN ('placed', 'cancelled')
"""),
    text("""
INSERT INTO orders.shipments (id, created_at, order_id, carrier, tracking_number, delivered_at)
SELECT md5('parcel ' || n)::uuid, at, id, 'An Post', 'LOAD' || lpad(n::text, 9, '0'),
    CASE WHEN state = 'delivered' THEN at END
FROM made WHERE state IN ('shipped', 'delivered')
"""),
    text("""
INSERT INTO payments.payments
    (id, created_at, order_id, gateway, amount, currency, state, captured, refunded, reference)
SELECT md5('payment ' || m.n)::uuid, m.at, m.id, 'demo', o.total, o.currency, 'captured', o.total,
    CASE WHEN m.state = 'refunded' THEN o.total ELSE 0 END, 'load-' || m.n
FROM made m JOIN orders.orders o ON o.id = m.id WHERE m.state NOT IN ('placed', 'cancelled')
"""),
)

TABLES = "users.shoppers, orders.orders, orders.lines, orders.timeline, orders.shipments, payments.payments"


def seed_orders(sessions: Sessions, count: int, *, currency: str) -> int:
    """Bring the history to so many orders, and return how many are new."""
    with sessions() as session:
        present = session.scalar(text("SELECT count(*) FROM orders.orders WHERE email LIKE '%@load.example'")) or 0
        if not session.scalar(text("SELECT count(*) FROM catalog.variants")):
            raise CliError("There is nothing to sell yet", "Run ./shop seed first")
    shoppers = max(count // SHOPPERS_PER_ORDER, 1)
    words = {"first": _FIRST.split(), "last": _LAST.split()}
    with transaction(sessions) as tx:
        tx.execute(_SHOPPERS, {"since": 1, "until": shoppers, **words})
    progress = Progress("orders loaded", count)
    progress.add(present)
    for since in range(present + 1, count + 1, CHUNK):
        until = min(since + CHUNK - 1, count)
        with transaction(sessions) as tx:
            _chunk(tx, {"since": since, "until": until, "shoppers": shoppers, "currency": currency,
                        "cities": _CITIES.split(), **words})  # fmt: skip
        progress.add(until - since + 1)
    return max(count - present, 0)


def _chunk(session: Session, values: dict[str, object]) -> None:
    for statement in (_GOODS, _ORDERS, _LINES, *_WRITE):
        session.execute(statement, {name: value for name, value in values.items() if f":{name}" in statement.text})
