"""`./shop bench admin`: how long the pages of the admin take in a shop that is old, at its 95th percentile.

Asked in this process, one after another, page and database together: what one member of staff waits for.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, event, text

from cli import demo_accounts
from cli.bench.cpu import cpu_seconds
from cli.bench.stage import Place, database_pid
from cli.errors import CliError
from cli.seed_orders import TABLES, seed_orders
from domain.analytics.sums import keep_sums
from domain.catalog.commands.worth import keep_all_worth
from domain.shared.db import make_engine, make_sessions

BUDGET_MS = 150
MEDIAN, P95 = 0.5, 0.95

PAGES = (
    "/", "/orders", "/orders?state=paid", "/orders?state=delivered", "/orders?paid=no", "/orders?country=PL",
    "/orders?tag=gift", "/orders?sort=oldest", "/orders?sort=largest", "/orders?since={since}&until={until}",
    "/orders?state=delivered&country=DE&since={since}", "/orders?after={deep}", "/orders?sort=largest&after={deep}",
    "/orders?state=delivered&after={deep}", "/orders?q={number}", "/orders?q=shopper-77@load.example",
    "/orders?q=aoife", "/orders?q=quirke+t", "/orders?q=nobody", "/orders?q=LOAD000000100", "/orders?q={sku}",
    "/orders?q=aoife&sort=largest", "/orders/{number}", "/returns", "/customers", "/customers?q=byrne",
    "/customers?q=shopper-12", "/customers?q=nobody", "/customers?show=blocked", "/customers?show=noted",
    "/customers?sort=email", "/customers?after={late}", "/customers/{customer}", "/customers/{loyal}",
    "/products", "/products?sort=title", "/products?sort=price", "/products?sort=-stock", "/products?sort=changed",
    "/products?q=throw", "/products?q={sku}", "/products?q=nothing-is-called-so", "/products?status=draft",
    "/products?status=draft&sort=price", "/products?brand={brand}&sort=price", "/products?category={category}",
    "/products?category={category}&sort=changed", "/products?q=throw&sort=stock", "/products?after={product}",
    "/products?sort=price&after={product}", "/products?sort=title&after={product}", "/products/{product}",
    "/inventory", "/inventory?show=all", "/inventory?q=throw", "/inventory?q={sku}", "/inventory?show=all&after={sku}",
    "/inventory/{variant}", "/inventory/value", "/inventory/stocktake", "/categories", "/brands", "/collections",
    "/product-types", "/promotions", "/reviews", "/notifications", "/notifications/stopped", "/log", "/staff", "/jobs",
    "/products/imports", "/reports", "/reports?period=today", "/reports?period=year",
    "/reports?first={year}&last={today}", "/reports?first={start}&last={today}",
)  # fmt: skip

_LOYAL = text(
    """
    UPDATE orders.orders SET shopper_id = :loyal WHERE id IN (
        SELECT id FROM orders.orders WHERE email LIKE '%@load.example' ORDER BY id LIMIT 1000)
    AND shopper_id IS DISTINCT FROM :loyal
    """
)
"""One customer has a thousand orders."""

_FACTS = (
    text(
        """
        INSERT INTO analytics.order_facts (order_id, placed_at, currency, country, code, total, units, paid_at,
            cancelled_at, refunded)
        SELECT o.id, o.created_at, o.currency, o.shipping_address ->> 'country', NULL, o.total, l.units, o.paid_at,
            o.cancelled_at, CASE WHEN o.state = 'refunded' THEN o.total ELSE 0 END
        FROM orders.orders o
        JOIN (SELECT order_id, sum(quantity) AS units FROM orders.lines GROUP BY order_id) l ON l.order_id = o.id
        ON CONFLICT DO NOTHING
        """
    ),
    text(
        """
        INSERT INTO analytics.line_facts (line_id, order_id, sku, title, category_path, units, back, total)
        SELECT l.id, l.order_id, l.sku, l.title, coalesce(c.path, ''), l.quantity, 0, l.total
        FROM orders.lines l LEFT JOIN catalog.variants v ON v.id = l.variant_id
        LEFT JOIN catalog.products p ON p.id = v.product_id LEFT JOIN catalog.categories c ON c.id = p.category_id
        ON CONFLICT DO NOTHING
        """
    ),
    text(
        """
        INSERT INTO analytics.cart_facts (cart_id, opened_at, checkout_at, ordered_at, paid_at)
        SELECT md5(o.order_id::text || n)::uuid, o.placed_at - interval '10 minutes',
            CASE WHEN n < 2 THEN o.placed_at - interval '5 minutes' END, CASE WHEN n = 0 THEN o.placed_at END,
            CASE WHEN n = 0 THEN o.paid_at END
        FROM analytics.order_facts o CROSS JOIN generate_series(0, 2) n ON CONFLICT DO NOTHING
        """
    ),
    text("VACUUM (ANALYZE) analytics.order_facts, analytics.line_facts, analytics.cart_facts"),
)
"""What the reports count, in a few statements: counting one order after another takes an hour. Of three carts one is
ordered, and one is left at the checkout."""


@dataclass(frozen=True)
class Measured:
    """A page: what it takes in milliseconds, by the clock and of processors, and how many statements it sends."""

    path: str
    median_ms: float
    p95_ms: float
    cpu_ms: float
    statements: int


def measure_admin(place: Place, *, orders: int, times: int, say: Callable[[str], None]) -> list[Measured]:
    """Bring the staged shop to so many orders and ask for each page so many times."""
    from admin import create_app

    engine = make_engine(place.settings.database_url, pool_size=2)
    sessions = make_sessions(engine)
    say(f"Bringing the shop to {orders:,} orders")
    new = seed_orders(sessions, orders, currency=place.settings.currency)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        loyal = connection.scalar(text("SELECT id FROM users.shoppers WHERE email = 'shopper-1@load.example'"))
        moved = connection.execute(_LOYAL, {"loyal": loyal}).rowcount
        if new or moved:
            connection.execute(text(f"VACUUM (ANALYZE) {TABLES}"))
        known = _known(connection) | {"loyal": str(loyal)}
        if (connection.scalar(text("SELECT count(*) FROM analytics.cart_facts")) or 0) < orders:
            say("Counting the orders for the reports")
            for statement in _FACTS:
                connection.execute(statement)
        say("Keeping the sums of what is new")
        keep_sums(sessions, timezone=place.settings.timezone)
        keep_all_worth(sessions)
        connection.execute(text("VACUUM (ANALYZE) analytics.kept_shares, analytics.kept_figures, analytics.kept_carts"))
    client = create_app(settings=place.settings, sessions=sessions).test_client()
    answer = client.post(
        "/sign-in", data={"email": demo_accounts.STAFF_EMAIL, "password": demo_accounts.STAFF_PASSWORD}
    )
    if answer.status_code != 303:
        raise CliError("The bench could not sign in to the admin", f"Remove {place.settings.var} and run it again")
    found = []
    processes = (os.getpid(), database_pid(place))
    for path in (pattern.format_map(known) for pattern in PAGES):
        with _counted(engine) as sent:
            status = client.get(path).status_code
        if status != 200:
            raise CliError(f"{path} answered {status}", "See the log above")
        used = cpu_seconds(*processes)
        taken = sorted(_time(lambda path=path: client.get(path)) for _ in range(times))
        used = (cpu_seconds(*processes) - used) * 1000 / times
        p95 = taken[min(int(times * P95), times - 1)]
        found.append(Measured(path, taken[int(times * MEDIAN)], p95, used, len(sent)))
        say(f"  {path}: p95 {p95:.0f} ms, {used:.0f} ms of processors, {len(sent)} statements")
    engine.dispose()
    return found


def show_admin(found: list[Measured], orders: int) -> int:
    """Print the table and return 0 if every page keeps the budget in processor time, which other work cannot spoil."""
    print(f"\nPages of the admin with {orders:,} orders, in milliseconds; budget: {BUDGET_MS} at the 95th percentile")
    print(f"{'page':64}{'median':>8}{'p95':>8}{'CPU':>8}{'SQL':>6}")
    for row in found:
        print(f"{row.path[:62]:64}{row.median_ms:8.0f}{row.p95_ms:8.0f}{row.cpu_ms:8.0f}{row.statements:6}")
    late = [row.path for row in found if row.p95_ms > BUDGET_MS]
    busy = [row.path for row in found if row.cpu_ms > BUDGET_MS]
    print(f"Late by the clock: {', '.join(late) or 'none'}", file=sys.stdout)
    print(f"Over the budget in processor time, whatever else the machine does: {', '.join(busy) or 'none'}")
    return 1 if busy else 0


def _known(connection: Connection) -> dict[str, str]:
    row = connection.execute(
        text(
            """
            SELECT o.number, o.shopper_id AS customer, l.sku, l.variant_id AS variant,
                (o.created_at - interval '30 days')::date AS since, o.created_at::date AS until,
                (now() - interval '364 days')::date AS year, (now() - interval '900 days')::date AS start,
                now()::date AS today,
                (SELECT id FROM orders.orders ORDER BY created_at OFFSET 10000 LIMIT 1) AS deep,
                (SELECT id FROM users.shoppers ORDER BY created_at OFFSET 10000 LIMIT 1) AS late,
                (SELECT id FROM catalog.products ORDER BY id OFFSET 10000 LIMIT 1) AS product,
                (SELECT brand_id FROM catalog.products WHERE brand_id IS NOT NULL LIMIT 1) AS brand,
                (SELECT category_id FROM catalog.products GROUP BY 1 ORDER BY count(*) DESC LIMIT 1) AS category
            FROM orders.orders o JOIN orders.lines l ON l.order_id = o.id
            WHERE o.shopper_id IS NOT NULL ORDER BY o.created_at OFFSET 200 LIMIT 1
            """
        )
    ).one()
    return {name: str(value) for name, value in row._mapping.items()}


def _time(ask: Callable[[], object]) -> float:
    started = time.perf_counter()
    ask()
    return (time.perf_counter() - started) * 1000


@contextmanager
def _counted(engine: object) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
