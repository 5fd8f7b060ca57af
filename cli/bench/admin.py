"""`./shop bench admin`: how long the pages of the admin take in a shop that is old, at its 95th percentile.

Asked in this process, one after another, page and database together: what one member of staff waits for. The floor of
a page is its own statements, sent by the driver alone: what is above it is the app's.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from typing import Any

import psycopg
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, event, text

from cli import demo_accounts
from cli.bench.admin_pages import PAGES
from cli.bench.cpu import process_seconds
from cli.bench.history import stage_history
from cli.bench.stage import Place
from cli.errors import CliError
from cli.seed_orders import TABLES, seed_orders
from domain.analytics.sums import forget, keep_sums
from domain.catalog.commands.worth import keep_all_worth
from domain.promotions.commands import keep_uses
from domain.shared.db import Sessions, make_engine, make_sessions, transaction

BUDGET_MS = 150
MEDIAN, P95 = 0.5, 0.95

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
        SELECT o.id, o.created_at, o.currency, o.shipping_address ->> 'country',
            (SELECT min(code) FROM promotions.redemptions WHERE order_id = o.id), o.total, l.units, o.paid_at,
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
)
"""What the reports count, in a few statements: counting one order after another takes an hour. Of three carts one is
ordered, and one is left at the checkout. Nothing marks what changed: all is summed up anew."""

_VACUUM = """
    VACUUM (ANALYZE) analytics.order_facts, analytics.line_facts, analytics.cart_facts, analytics.kept_shares,
        analytics.kept_figures, analytics.kept_carts, promotions.kept_uses, promotions.use_changes
"""


@dataclass(frozen=True)
class Taken:
    """What one request took, in milliseconds: by the clock and of processors."""

    clock: float
    processors: float


@dataclass(frozen=True)
class Measured:
    """A page: what it takes, what its statements alone take of processors, in milliseconds, and how many those are."""

    path: str
    clock_p50: float
    clock_p95: float
    processors_p50: float
    processors_p95: float
    floor: float
    statements: int

    @property
    def share(self) -> float:
        """How much of the page's processor time its floor is, of 1."""
        return min(self.floor / self.processors_p50, 1.0) if self.processors_p50 else 1.0


def measure_admin(place: Place, *, orders: int, times: int, say: Callable[[str], None]) -> list[Measured]:
    """Bring the staged shop to so many orders and ask for each page so many times."""
    from admin import create_app

    engine = make_engine(place.settings.database_url, pool_size=2)
    sessions = make_sessions(engine)
    known = _bring_to(place, engine, sessions, orders=orders, say=say)
    found = []
    log = place.settings.var / "log" / "bench.log"
    log.parent.mkdir(exist_ok=True)
    # The log lines of this process would be between the figures.
    with (
        log.open("a") as lines,
        redirect_stdout(lines),
        psycopg.connect(_of_driver(place.settings.database_url), autocommit=True) as bare,
    ):
        client = create_app(settings=place.settings, sessions=sessions).test_client()
        answer = client.post(
            "/sign-in", data={"email": demo_accounts.STAFF_EMAIL, "password": demo_accounts.STAFF_PASSWORD}
        )
        if answer.status_code != 303:
            raise CliError("The bench could not sign in to the admin", f"Remove {place.settings.var} and run it again")
        say(f"Asking for {len(PAGES)} pages, {times} times each")
        for path in (pattern.format_map(known) for pattern in PAGES):
            found.append(_measure(client, engine, bare, path, times))
            one = found[-1]
            say(
                f"  {path}: p95 {one.clock_p95:.0f} ms, of processors {one.processors_p95:.0f} ms,"
                f" {one.statements} statements"
            )
    engine.dispose()
    return found


def _bring_to(
    place: Place, engine: Engine, sessions: Sessions, *, orders: int, say: Callable[[str], None]
) -> dict[str, str]:
    """Stage what is missing, and return what stands for the names in the pages' addresses."""
    say(f"Bringing the shop to {orders:,} orders")
    new = seed_orders(sessions, orders, currency=place.settings.currency)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        loyal = connection.scalar(text("SELECT id FROM users.shoppers WHERE email = 'shopper-1@load.example'"))
        moved = connection.execute(_LOYAL, {"loyal": loyal}).rowcount
        if new or moved:
            connection.execute(text(f"VACUUM (ANALYZE) {TABLES}"))
        stage_history(connection, orders, say)
        counted = (connection.scalar(text("SELECT count(*) FROM analytics.cart_facts")) or 0) >= orders
    if not counted:
        say("Counting the orders for the reports")
        for statement in _FACTS:
            with transaction(sessions) as tx:
                tx.execute(text("SET LOCAL session_replication_role = replica"))
                tx.execute(statement)
        with transaction(sessions) as tx:
            forget(tx)
    say("Keeping the sums of what is new")
    with transaction(sessions) as tx:
        keep_uses(tx)
    keep_sums(sessions, timezone=place.settings.timezone)
    keep_all_worth(sessions)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(_VACUUM))
        return _known(connection) | {"loyal": str(loyal)}


def _measure(client: FlaskClient, engine: Engine, bare: "psycopg.Connection[Any]", path: str, times: int) -> Measured:
    client.get(path)
    with _sent(engine) as sent:
        status = client.get(path).status_code
    if status != 200:
        raise CliError(f"{path} answered {status}", "Read log/bench.log beside the staged database")
    with engine.connect() as connection:
        backends = _backends(connection)
    pages = [_take(lambda: client.get(path), backends) for _ in range(times)]
    reads = [one for one in sent if one[0].lstrip().upper().startswith(("SELECT", "WITH"))]
    alone = [_take(lambda: _replay(bare, reads), (bare.info.backend_pid,)) for _ in range(max(times // 2, 3))]
    return Measured(
        path,
        _percentile([one.clock for one in pages], MEDIAN),
        _percentile([one.clock for one in pages], P95),
        _percentile([one.processors for one in pages], MEDIAN),
        _percentile([one.processors for one in pages], P95),
        _percentile([one.processors for one in alone], MEDIAN),
        len(sent),
    )


def busy_among(found: list[Measured]) -> list[str]:
    """Name the pages that break the budget in processor time, which other work cannot spoil, and by how much."""
    return [f"{row.path} ({row.processors_p95:.0f})" for row in found if row.processors_p95 > BUDGET_MS]


def show_admin(found: list[Measured], orders: int) -> None:
    """Print the table, and which pages break the budget."""
    print(f"\nPages of the admin with {orders:,} orders, in milliseconds; budget: {BUDGET_MS} at the 95th percentile")
    print(f"{'':64}{'clock':>14}{'processors':>14}{'floor':>8}{'of':>6}{'SQL':>5}")
    print(f"{'page':64}{'p50':>7}{'p95':>7}{'p50':>7}{'p95':>7}{'p50':>8}{'it':>6}")
    for row in found:
        print(
            f"{row.path[:62]:64}{row.clock_p50:7.0f}{row.clock_p95:7.0f}{row.processors_p50:7.0f}"
            f"{row.processors_p95:7.0f}{row.floor:8.1f}{row.share:6.0%}{row.statements:5}"
        )
    late = [f"{row.path} ({row.clock_p95:.0f})" for row in found if row.clock_p95 > BUDGET_MS]
    print(f"Over the budget by the clock: {', '.join(late) or 'none'}")
    print(
        f"Over the budget in processor time, whatever else the machine does: {', '.join(busy_among(found)) or 'none'}"
    )


def _known(connection: Connection) -> dict[str, str]:
    row = connection.execute(
        text(
            """
            SELECT o.number, o.shopper_id AS customer, l.sku, l.variant_id AS variant,
                (o.created_at - interval '30 days')::date AS since, o.created_at::date AS until,
                (now() - interval '364 days')::date AS year, (now() - interval '900 days')::date AS start,
                now()::date AS today,
                (SELECT id FROM orders.orders ORDER BY created_at OFFSET far.orders LIMIT 1) AS deep,
                (SELECT id FROM users.shoppers ORDER BY created_at OFFSET far.shoppers LIMIT 1) AS late,
                (SELECT id FROM catalog.products ORDER BY id OFFSET far.products LIMIT 1) AS product,
                (SELECT brand_id FROM catalog.products WHERE brand_id IS NOT NULL LIMIT 1) AS brand,
                (SELECT category_id FROM catalog.products GROUP BY 1 ORDER BY count(*) DESC LIMIT 1) AS category,
                (SELECT id FROM orders.returns ORDER BY id LIMIT 1) AS return,
                (SELECT id FROM orders.returns ORDER BY id DESC OFFSET far.returns LIMIT 1) AS returned_late,
                (SELECT number FROM orders.orders WHERE id = (SELECT order_id FROM orders.returns ORDER BY id LIMIT 1))
                    AS returned,
                (SELECT promotion_id FROM promotions.kept_uses ORDER BY uses DESC LIMIT 1) AS promotion,
                (SELECT id FROM reviews.reviews WHERE state = 'published' ORDER BY written_at LIMIT 1) AS review,
                (SELECT id FROM notifications.messages ORDER BY id OFFSET far.messages LIMIT 1) AS message,
                (SELECT id FROM shared.audit_entries ORDER BY id OFFSET far.entries LIMIT 1) AS entry,
                (SELECT resource FROM shared.audit_entries WHERE area = 'products' AND request_id LIKE 'load-%' LIMIT 1)
                    AS logged,
                (SELECT id FROM users.staff ORDER BY id LIMIT 1) AS staff,
                (SELECT import_id FROM catalog.import_notes ORDER BY id LIMIT 1) AS import
            FROM (SELECT least(10000, (SELECT count(*) FROM orders.orders) / 2) AS orders,
                least(10000, (SELECT count(*) FROM users.shoppers) / 2) AS shoppers,
                least(10000, (SELECT count(*) FROM catalog.products) / 2) AS products,
                least(5000, (SELECT count(*) FROM orders.returns) / 2) AS returns,
                least(500, (SELECT count(*) FROM notifications.messages) / 2) AS messages,
                least(500, (SELECT count(*) FROM shared.audit_entries) / 2) AS entries) far
            CROSS JOIN LATERAL (SELECT * FROM orders.orders WHERE shopper_id IS NOT NULL ORDER BY created_at
                OFFSET far.orders LIMIT 1) o
            JOIN orders.lines l ON l.order_id = o.id LIMIT 1
            """
        )
    ).one()
    return {name: str(value) for name, value in row._mapping.items()}


def _take(ask: Callable[[], object], backends: Iterable[int]) -> Taken:
    used, started = process_seconds(backends), time.perf_counter()
    own = time.process_time()
    ask()
    own = time.process_time() - own
    clock = time.perf_counter() - started
    return Taken(clock * 1000, (process_seconds(backends) - used + own) * 1000)


def _replay(bare: "psycopg.Connection[Any]", sent: Iterable[tuple[str, Any]]) -> None:
    for statement, values in sent:
        bare.execute(statement, values).fetchall()


def _backends(connection: Connection) -> tuple[int, ...]:
    """Return the server processes that work for this one."""
    ids = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name = 'cornershop'"
    return tuple(connection.scalars(text(ids)))


def _of_driver(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _percentile(values: list[float], part: float) -> float:
    return sorted(values)[min(int(len(values) * part), len(values) - 1)]


@contextmanager
def _sent(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    sent: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: object, *_rest: object) -> None:
        sent.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
