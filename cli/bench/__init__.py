"""`./shop bench`: how fast the pages and whole checkouts are, beside a floor measured in the same run.

The app runs on one core, the load comes from another process on another core, and the floor is a Flask "hello" under
the same server. Machines differ and are noisy: the ratio to the floor is what can be compared.
"""

import argparse
import json
import sys
from dataclasses import asdict

from cli.bench.checkout import checkouts
from cli.bench.pages import Row, measure_floor, measure_pages, measure_rush
from cli.bench.stage import stage
from cli.bench.statements import count_statements
from domain.shared.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument("--products", type=int, default=10_000, help="size of the catalogue (default 10,000)")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each figure is measured (default 4)")
    parser.add_argument("--connections", type=int, default=4, help="requests under way at once (default 4)")
    parser.add_argument("--json", action="store_true", help="print JSON on standard output, progress on standard error")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Stage the store under SHOP_VAR/bench, measure it and print the figures."""
    say = _progress(args.json)
    with stage(settings.var / "bench", products=args.products, say=say) as place:
        say("Counting SQL statements")
        counts = count_statements(place)
        say("Measuring the floor")
        floor = measure_floor(place, seconds=args.seconds, connections=args.connections)
        rows: list[Row] = []
        for row in measure_pages(place, floor, counts, seconds=args.seconds, connections=args.connections):
            say(f"  {row.name}: {row.per_second:.0f} per second")
            rows.append(row)
        say("Measuring whole checkouts")
        orders = checkouts(place, seconds=args.seconds * 2, shoppers=args.connections)
        say("Measuring 20 shoppers at once, on every core")
        rush = measure_rush(place, seconds=args.seconds * 2)
    if args.json:
        report = {"products": args.products, "floor": asdict(floor), "pages": [asdict(r) for r in rows],
                  "checkouts": asdict(orders), "checkout_statements": counts["checkout"],
                  "rush": [asdict(r) for r in rush]}  # fmt: skip
        json.dump(report, sys.stdout, indent=2)
        print()
        return 0
    _table(f"On one core, {args.products:,} products", [floor, *rows])
    print(f"\nWhole guest checkouts of one line, paid on the demo gateway: {orders.per_second:.1f} per second, "
          f"p50 {orders.p50:.0f} ms, p95 {orders.p95:.0f} ms, {counts['checkout']} SQL statements each")  # fmt: skip
    _table("20 shoppers at once, everything on all cores", rush)
    return 0


def _progress(quiet_output: bool):  # type: ignore[no-untyped-def]
    target = sys.stderr if quiet_output else sys.stdout

    def say(line: str) -> None:
        print(line, file=target, flush=True)

    return say


def _table(title: str, rows: list[Row]) -> None:
    print(f"\n{title}")
    heads = ("per s", "of floor", "p50 ms", "p95 ms", "p99 ms", "SQL", "bytes")
    print("page".ljust(26) + "".join(head.rjust(9) for head in heads))
    for row in rows:
        share = f"{row.of_floor:.1%}" if row.of_floor is not None else "-"
        sql = str(row.statements) if row.statements is not None else "-"
        times = [f"{value:.2f}" for value in (row.p50, row.p95, row.p99)]
        figures = (f"{row.per_second:.1f}", share, *times, sql, str(row.bytes))
        print(row.name.ljust(26) + "".join(figure.rjust(9) for figure in figures))
