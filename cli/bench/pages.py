"""Pages under load: requests per second and latencies, each beside the floor."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

from cli.bench.stage import APP_CORE, Place, floor, storefront
from cli.errors import CliError
from domain.shared.settings import ROOT


@dataclass(frozen=True)
class Row:
    """One page's figures; latencies in milliseconds, `of_floor` as a share of the floor's requests per second."""

    name: str
    per_second: float
    of_floor: float | None
    p50: float
    p95: float
    p99: float
    statements: int | None
    bytes: int


def page_urls(place: Place) -> dict[str, list[str]]:
    """Return the paths that each kind of page is measured by."""
    return {
        "home": ["/"],
        "listing with facets": [f"/c/{place.category}"],
        "search": ["/search?q=mug"],
        "product": [f"/p/{slug}" for slug in place.slugs[:50]],
        "empty cart": ["/cart"],
    }


def load(
    urls: list[str], *, headers: dict[str, str] | None = None, connections: int, seconds: float
) -> dict[str, float]:
    """Run the load client in a process of its own, off the app's core, and return what it measured."""
    plan = {"urls": urls, "headers": headers or {}, "connections": connections, "seconds": seconds}

    def prepare() -> None:
        if (os.cpu_count() or 1) > 1:
            os.sched_setaffinity(0, set(range(os.cpu_count() or 1)) - {APP_CORE})

    done = subprocess.run(
        [sys.executable, "-m", "cli.bench.client"],
        cwd=ROOT, input=json.dumps(plan), capture_output=True, text=True, check=False, preexec_fn=prepare,
    )  # fmt: skip
    if done.returncode != 0:
        raise CliError(f"The load client failed: {done.stderr.strip().splitlines()[-1:]}", "Run the bench again")
    result: dict[str, float] = json.loads(done.stdout)
    return result


def measure_floor(place: Place, *, seconds: float, connections: int) -> Row:
    """Measure the Flask "hello"."""
    with floor(place, core=APP_CORE) as base:
        load([f"{base}/"], connections=connections, seconds=1)
        return _row("floor: Flask hello", load([f"{base}/"], connections=connections, seconds=seconds), None, None)


def measure_pages(
    place: Place, floor_row: Row, counts: dict[str, int], *, seconds: float, connections: int
) -> Iterator[Row]:
    """Measure each page as it is rendered, then as a 304."""
    with storefront(place, core=APP_CORE) as base:
        for name, paths in page_urls(place).items():
            urls = [base + path for path in paths]
            load(urls, connections=connections, seconds=min(1.0, seconds))
            result = load(urls, connections=connections, seconds=seconds)
            yield _row(name, result, floor_row, counts.get(name))
        for name in ("listing with facets", "product"):
            url = base + page_urls(place)[name][0]
            with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - our own address
                tag = answer.headers["ETag"]
            result = load([url], headers={"If-None-Match": tag}, connections=connections, seconds=seconds)
            yield _row(f"{name}, 304", result, floor_row, None)


def measure_rush(place: Place, *, seconds: float) -> list[Row]:
    """Measure every page with 20 shoppers at once and nothing held to a core."""
    with storefront(place, core=None) as base:
        return [
            _row(name, load([base + path for path in paths], connections=20, seconds=seconds / 2), None, None)
            for name, paths in page_urls(place).items()
        ]


def _row(name: str, result: dict[str, float], floor_row: Row | None, statements: int | None) -> Row:
    return Row(
        name=name,
        per_second=result["per_second"],
        of_floor=result["per_second"] / floor_row.per_second if floor_row else None,
        p50=result["p50"],
        p95=result["p95"],
        p99=result["p99"],
        statements=statements,
        bytes=int(result["bytes"]),
    )
