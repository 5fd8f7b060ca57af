"""`./shop bench admin`: how long the lists of the admin take in a shop that is old, at its 95th percentile.

Asked in this process, one after another, page and database together: what one member of staff waits for.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import event, text

from cli import demo_accounts
from cli.bench.stage import Place
from cli.errors import CliError
from cli.seed_orders import TABLES, seed_orders
from domain.shared.db import make_engine, make_sessions

BUDGET_MS = 150
MEDIAN, P95 = 0.5, 0.95

LISTS = (
    "/orders", "/orders?state=paid", "/orders?state=delivered", "/orders?paid=no", "/orders?country=PL",
    "/orders?tag=gift", "/orders?sort=oldest", "/orders?sort=largest", "/orders?since={since}&until={until}",
    "/orders?state=delivered&country=DE&since={since}", "/orders?after={after}", "/orders?q={number}",
    "/orders?q=shopper-77@load.example", "/orders?q=aoife", "/orders?q=quirke+t", "/orders?q=nobody",
    "/orders?q=LOAD000000100", "/orders?q={sku}", "/orders/{number}", "/customers", "/customers?q=byrne",
    "/customers?q=shopper-12", "/customers/{customer}", "/products", "/products?q=throw",
    "/inventory?show=all", "/returns",
)  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """A list: how long it takes in milliseconds, and how many statements it sends."""

    path: str
    median_ms: float
    p95_ms: float
    statements: int


def measure_admin(place: Place, *, orders: int, times: int, say: Callable[[str], None]) -> list[Measured]:
    """Bring the staged shop to so many orders and ask for each list so many times."""
    from admin import create_app

    engine = make_engine(place.settings.database_url, pool_size=2)
    sessions = make_sessions(engine)
    say(f"Bringing the shop to {orders:,} orders")
    new = seed_orders(sessions, orders, currency=place.settings.currency)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if new:
            connection.execute(text(f"VACUUM (ANALYZE) {TABLES}"))
        known = _known(connection)
    client = create_app(settings=place.settings, sessions=sessions).test_client()
    answer = client.post(
        "/sign-in", data={"email": demo_accounts.STAFF_EMAIL, "password": demo_accounts.STAFF_PASSWORD}
    )
    if answer.status_code != 303:
        raise CliError("The bench could not sign in to the admin", f"Remove {place.settings.var} and run it again")
    found = []
    for path in (pattern.format_map(known) for pattern in LISTS):
        with _counted(engine) as sent:
            status = client.get(path).status_code
        if status != 200:
            raise CliError(f"{path} answered {status}", "See the log above")
        taken = sorted(_time(lambda path=path: client.get(path)) for _ in range(times))
        found.append(Measured(path, taken[int(times * MEDIAN)], taken[min(int(times * P95), times - 1)], len(sent)))
        say(f"  {path}: p95 {found[-1].p95_ms:.0f} ms")
    engine.dispose()
    return found


def show_admin(found: list[Measured], orders: int) -> int:
    """Print the table and return 0 if every list keeps the budget."""
    print(f"\nLists of the admin with {orders:,} orders, in milliseconds; budget: {BUDGET_MS} at the 95th percentile")
    print(f"{'list':64}{'median':>8}{'p95':>8}{'SQL':>6}")
    for row in found:
        print(f"{row.path[:62]:64}{row.median_ms:8.0f}{row.p95_ms:8.0f}{row.statements:6}")
    over = [row.path for row in found if row.p95_ms > BUDGET_MS]
    print(f"Not kept: {', '.join(over)}" if over else "Every list keeps its budget.", file=sys.stdout)
    return 1 if over else 0


def _known(connection: object) -> dict[str, str]:
    row = connection.execute(  # type: ignore[attr-defined]
        text(
            "SELECT o.number, o.id AS after, o.shopper_id AS customer, l.sku,"
            " (o.created_at - interval '30 days')::date AS since, o.created_at::date AS until"
            " FROM orders.orders o JOIN orders.lines l ON l.order_id = o.id"
            " WHERE o.shopper_id IS NOT NULL ORDER BY o.created_at OFFSET 200 LIMIT 1"
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
