"""Whole guest checkouts under load: from the product page to the paid order, webhook included."""

import contextlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from cli.bench.stage import APP_CORE, Place, serving, storefront
from cli.processes import argv_of
from cli.shopper import Shopper


@dataclass(frozen=True)
class Checkouts:
    """How many orders were placed and paid per second, and how long one took in milliseconds."""

    orders: int
    per_second: float
    p50: float
    p95: float


@contextlib.contextmanager
def sandbox(place: Place) -> Iterator[None]:
    """Run the demo gateway, off the app's core."""
    with serving(argv_of("sandbox", place.settings), place.environment, port=place.settings.sandbox_port, core=1):
        yield


def buy(place: Place, number: int) -> None:
    """Buy one unit of one product as a guest and pay it; raises cli.shopper.Stuck."""
    shopper = Shopper(place.settings.storefront_url)
    shopper.post("/cart/lines", {"sku": place.skus[number % len(place.skus)], "quantity": "1"})
    shopper.pay(shopper.check_out(email=f"shopper{number}@example.com"))


def checkouts(place: Place, *, seconds: float, shoppers: int) -> Checkouts:
    """Let some shoppers buy one thing after another until the time is up."""
    with sandbox(place), storefront(place, core=APP_CORE):
        buy(place, 0)
        started = time.perf_counter()
        end = started + seconds

        def busy(first: int) -> list[float]:
            taken, number = [], first
            while (begun := time.perf_counter()) < end:
                buy(place, number)
                taken.append((time.perf_counter() - begun) * 1000)
                number += shoppers
            return taken

        with ThreadPoolExecutor(shoppers) as pool:
            taken = sorted(value for values in pool.map(busy, range(shoppers)) for value in values)
        whole = time.perf_counter() - started
    return Checkouts(
        orders=len(taken),
        per_second=round(len(taken) / whole, 1),
        p50=taken[len(taken) // 2],
        p95=taken[len(taken) * 95 // 100],
    )
