"""Pages under load: requests per second and latencies, each beside the floor."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from cli.bench.buyers import STEPS, Buyer
from cli.bench.cpu import cpu_seconds
from cli.bench.stage import APP_CORE, Place, Server, floor, gateway, storefront
from cli.errors import CliError
from domain.shared.settings import ROOT

FLOOR = "floor: Flask hello"
SHOPPERS = 20
"""How many shoppers make the rush."""


@dataclass(frozen=True)
class Row:
    """One page's figures; times in milliseconds.

    `of_floor` is its requests per second as a share of the floor's. `cpu_ms` is the processor time of the app for one
    request, and `cpu_of_floor` how that compares: the floor's by the page's. It is the same measure, and steady.
    """

    name: str
    per_second: float
    of_floor: float | None
    p50: float
    p95: float
    p99: float
    statements: int | None
    bytes: int
    cpu_ms: float
    cpu_of_floor: float | None


def page_urls(place: Place) -> dict[str, list[str]]:
    """Return the paths that each kind of page is measured by."""
    return {
        "home": ["/"],
        "listing with facets": [f"/c/{place.category}"],
        "search": ["/search?q=mug"],
        "product": [f"/p/{slug}" for slug in place.slugs[:50]],
        "empty cart": ["/cart"],
        "API: list": [f"/api/v1/products?category={place.category}"],
        "API: product": [f"/api/v1/products/{slug}" for slug in place.slugs[:50]],
    }


def load(
    urls: list[str], *, headers: Sequence[dict[str, str]] = ({},), connections: int, seconds: float
) -> dict[str, float]:
    """Run the load client in a process of its own and return what it measured; `headers` go by connection, in turn."""
    return client("cli.bench.client", urls=urls, headers=headers, connections=connections, seconds=seconds)


def client(module: str, **plan: Any) -> dict[str, float]:
    """Run a module that takes a plan and prints a result, off the app's core."""

    def prepare() -> None:
        if (os.cpu_count() or 1) > 1:
            os.sched_setaffinity(0, set(range(os.cpu_count() or 1)) - {APP_CORE})

    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", module],
        cwd=ROOT, input=json.dumps(plan), capture_output=True, text=True, check=False, preexec_fn=prepare,
    )  # fmt: skip
    if done.returncode != 0:
        raise CliError(f"The load client failed: {done.stderr.strip().splitlines()[-1:]}", "Run the bench again")
    result: dict[str, float] = json.loads(done.stdout)
    return result


def measure_floor(place: Place, *, seconds: float, connections: int) -> Row:
    """Measure the Flask "hello"."""
    with floor(place, core=APP_CORE) as server:
        urls = [f"{server.base}/"]
        load(urls, connections=connections, seconds=1)
        return _measured(FLOOR, server, urls, None, None, connections=connections, seconds=seconds)


def measure_pages(place: Place, counts: dict[str, int], *, seconds: float, connections: int) -> Iterator[Row]:
    """Measure each page as it is rendered, then kept and as a 304; each beside the floor as it is at that very moment.

    Other work slows the machine for seconds at a time: a floor measured a minute ago would say nothing.
    """
    how: dict[str, Any] = {"connections": connections, "seconds": seconds}

    def floor_now(bare: Server) -> Row:
        return _measured(FLOOR, bare, [f"{bare.base}/"], None, None, connections=connections, seconds=seconds / 2)

    with floor(place, core=APP_CORE) as bare:
        with storefront(place, core=APP_CORE) as server:
            for name, paths in page_urls(place).items():
                urls = [server.base + path for path in paths]
                load(urls, connections=connections, seconds=min(1.5, seconds))
                yield _measured(name, server, urls, floor_now(bare), counts.get(name), **how)
        with storefront(place, core=APP_CORE, keeps_pages=True) as server:
            for name in ("listing with facets", "product"):
                urls = [server.base + path for path in page_urls(place)[name]]
                load(urls, connections=connections, seconds=min(1.5, seconds))
                yield _measured(f"{name}, kept", server, urls, floor_now(bare), None, **how)
                with urllib.request.urlopen(urls[0], timeout=30) as answer:  # noqa: S310 - our own address
                    headers = [{"If-None-Match": answer.headers["ETag"]}]
                yield _measured(f"{name}, 304", server, urls[:1], floor_now(bare), None, headers=headers, **how)


def measure_rush(place: Place, *, seconds: float) -> list[Row]:
    """Measure every page with 20 shoppers at once and nothing held to a core; each has a cart and an order."""
    with gateway(place), storefront(place, core=None) as server:
        orders, carts = _shoppers(place, server)
        nobody: Sequence[dict[str, str]] = ({},)
        pages = {name: (paths, nobody) for name, paths in page_urls(place).items()}
        pages |= {f"own {path.rpartition('/')[2]}": ([path], carts) for path in STEPS}
        pages["own order"] = (orders, nobody)  # which its address opens
        rows = []
        for name, (paths, headers) in pages.items():
            urls = [urljoin(server.base, path) for path in paths]
            load(urls, headers=headers, connections=SHOPPERS, seconds=0.5)
            rows.append(
                _measured(name, server, urls, None, None, headers=headers, connections=SHOPPERS, seconds=seconds / 2)
            )
        return rows


def _shoppers(place: Place, server: Server) -> tuple[list[str], list[dict[str, str]]]:
    """Let every shopper order something, and then come as far as ordering again: their orders, and their cookies."""
    orders, carts = [], []
    for number in range(SHOPPERS):
        buyer, sku = Buyer(server.base), place.skus[number % len(place.skus)]
        orders.append(buyer.buy(sku, f"rush{number}@example.com"))
        buyer.come_to_order(sku, f"rush{number}@example.com")
        carts.append({"Cookie": buyer.cookie})
        buyer.close()
    return orders, carts


def _measured(
    name: str,
    server: Server,
    urls: list[str],
    floor_row: Row | None,
    statements: int | None,
    *,
    connections: int,
    seconds: float,
    headers: Sequence[dict[str, str]] = ({},),
) -> Row:
    before = cpu_seconds(server.pid)
    result = load(urls, headers=headers, connections=connections, seconds=seconds)
    cpu_ms = 1000 * (cpu_seconds(server.pid) - before) / result["requests"]
    return Row(
        name=name,
        per_second=result["per_second"],
        of_floor=result["per_second"] / floor_row.per_second if floor_row else None,
        p50=result["p50"],
        p95=result["p95"],
        p99=result["p99"],
        statements=statements,
        bytes=int(result["bytes"]),
        cpu_ms=round(cpu_ms, 3),
        cpu_of_floor=floor_row.cpu_ms / cpu_ms if floor_row and cpu_ms else None,
    )
