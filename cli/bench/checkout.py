"""Whole guest checkouts under load: from the cart to the page of the paid order, webhook included."""

from dataclasses import dataclass

from cli.bench.cpu import cpu_seconds
from cli.bench.pages import client
from cli.bench.stage import APP_CORE, Place, database_pid, gateway, storefront


@dataclass(frozen=True)
class Checkouts:
    """How many orders were placed and paid per second; times in milliseconds for one order.

    `cpu_ms` is the app's processor time, `database_cpu_ms` PostgreSQL's.
    """

    orders: int
    per_second: float
    p50: float
    p95: float
    cpu_ms: float
    database_cpu_ms: float


def checkouts(place: Place, *, seconds: float, buyers: int) -> tuple[Checkouts, Checkouts]:
    """Let some buyers buy one thing after another until the time is up: each its own, then all of them the same."""
    with gateway(place), storefront(place, core=APP_CORE) as server:

        def measured(skus: tuple[str, ...]) -> Checkouts:
            plan = {"store": server.base, "skus": skus, "buyers": buyers}
            client("cli.bench.buyers", seconds=2.0, **plan)
            app, database = cpu_seconds(server.pid), cpu_seconds(database_pid(place))
            result = client("cli.bench.buyers", seconds=seconds, **plan)
            orders = int(result["orders"])
            return Checkouts(
                orders=orders,
                per_second=result["per_second"],
                p50=result["p50"],
                p95=result["p95"],
                cpu_ms=round(1000 * (cpu_seconds(server.pid) - app) / orders, 1),
                database_cpu_ms=round(1000 * (cpu_seconds(database_pid(place)) - database) / orders, 1),
            )

        return measured(place.skus), measured(place.skus[:1])
