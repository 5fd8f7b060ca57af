"""`./shop bench import`: how many products a second are taken in, and how long it takes to see that nothing changed."""

import csv
import io
import os
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from cli.bench.cpu import cpu_seconds
from cli.embedded import embedded_postgres
from cli.migrate import migrate
from domain.catalog.imports import run as imports
from domain.catalog.imports.format import Shop
from domain.catalog.imports.plan import Rules
from domain.catalog.queries.imports import ImportView, import_view
from domain.shared.db import Sessions, make_engine, make_sessions, transaction

BUDGET_SECONDS, BUDGET_PRODUCTS = 60, 20_000
COLUMNS = (
    "Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published", "Option1 Name", "Option1 Value",
    "Variant SKU", "Variant Grams", "Variant Inventory Qty", "Variant Price", "Variant Compare At Price", "Image Src",
)  # fmt: skip
COLOURS = ("Moss", "Sand", "Ink")


@dataclass(frozen=True)
class Taken:
    """One import of the bench: how long it took, by the clock and by processor time, and what came of it."""

    seconds: float
    cpu: float
    result: ImportView


def products_csv(products: int) -> Iterator[bytes]:
    """Write a Shopify file of so many products of one to three variants, a piece at a time."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for n in range(products):
        words = f"<p>Thing {n} for the {COLOURS[n % 3].lower()} room.</p><p>Made by hand, {n % 7} days a week.</p>"
        for place in range(n % 3 + 1):
            first = (
                f"Thing {n}",
                words,
                f"Maker {n % 40}",
                f"Room {n % 12} > Shelf {n % 60}",
                f"new, no-{n % 9}",
                "TRUE",
            )
            top = first if place == 0 else ("",) * 6
            option = ("Colour", COLOURS[place]) if n % 3 else ("", "")
            picture = f"https://pictures.example/{n}.jpg" if place == 0 else ""
            writer.writerow((f"thing-{n}", *top, *option, f"T-{n}-{place}", 200 + n % 900, n % 25, f"{n % 90 + 5}.90",
                             f"{n % 90 + 9}.90" if n % 5 == 0 else "", picture))  # fmt: skip
        if buffer.tell() > 1_000_000:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def take_in(sessions: Sessions, file: BinaryIO) -> Taken:
    """Take a file in from its first byte to the last row of the lists."""
    started, before = time.perf_counter(), cpu_seconds(os.getpid())
    means = imports.Means(shop=Shop("EUR", ZoneInfo("Europe/Dublin")))
    with transaction(sessions) as tx:
        import_id = imports.begin(tx, file_name="bench.csv", by="bench", rules=Rules())
    imports.read(sessions, import_id, file, means, then="writing")
    imports.go_on(sessions, import_id, means)
    took, cpu = time.perf_counter() - started, cpu_seconds(os.getpid()) - before
    with sessions() as reader:
        return Taken(took, cpu, import_view(reader, import_id))


def bench_imports(var: Path, *, products: int, say: Callable[[str], None]) -> bool:
    """Import so many products into an empty shop, and once more; say the rates, and whether the budget was kept."""
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(parents=True)
    path = var / "products.csv"
    with path.open("wb") as file:
        file.writelines(products_csv(products))
    with embedded_postgres(var) as url:
        migrate(url)
        engine = make_engine(url, pool_size=2)
        try:
            sessions = make_sessions(engine)
            say(f"Importing {products:,} products ({path.stat().st_size / 1e6:.1f} MB of CSV) into an empty shop")
            with path.open("rb") as file:
                first = take_in(sessions, file)
            say(_line("the first time", first))
            with path.open("rb") as file:
                again = take_in(sessions, file)
            say(_line("the same again", again))
        finally:
            engine.dispose()
    say(f"  the most memory the process held: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")
    allowed = BUDGET_SECONDS * products / BUDGET_PRODUCTS
    kept = again.result.same == products
    in_time = "kept" if first.seconds <= allowed else "not kept by the clock"
    if first.cpu <= allowed < first.seconds:
        in_time += f", but by processor time, with a load of {os.getloadavg()[0]:.0f}"
    say(f"  budget: {BUDGET_PRODUCTS:,} products in {BUDGET_SECONDS} s: {in_time}")
    shutil.rmtree(var, ignore_errors=True)
    return kept and min(first.seconds, first.cpu) <= allowed


def _line(what: str, taken: Taken) -> str:
    result = taken.result
    return (
        f"  {what}: {taken.seconds:.1f} s ({taken.cpu:.1f} s of processor time with the database's), "
        f"{result.products / taken.seconds:,.0f} products and {result.rows / taken.seconds:,.0f} rows per second; "
        f"{result.made:,} new, {result.same:,} as they were"
    )
