"""`./shop bench`: how fast the pages and whole checkouts are, beside floors measured in the same run.

The app runs on one core, the load comes from another process on another core, and the floor is a Flask "hello" under
the same server. Machines differ and are noisy: the ratio to the floor is what can be compared, by the clock or, where
the machine does other work too, by processor time.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable

from domain.shared.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument("--products", type=int, default=10_000, help="size of the catalogue (default 10,000)")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each figure is measured (default 4)")
    parser.add_argument("--connections", type=int, default=4, help="requests under way at once (default 4)")
    parser.add_argument("--json", action="store_true", help="print JSON on standard output, progress on standard error")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Stage the store under SHOP_VAR/bench, measure it and print the figures."""
    from cli.bench.checkout import checkouts
    from cli.bench.pages import measure_floor, measure_pages, measure_rush
    from cli.bench.replay import replay
    from cli.bench.report import Report, show
    from cli.bench.stage import stage
    from cli.bench.statements import count_statements

    say = _progress(args.json)
    how = {"seconds": args.seconds, "connections": args.connections}
    with stage(settings.var / "bench", products=args.products, say=say) as place:
        say("Counting SQL statements")
        counts, sent = count_statements(place)
        say("Measuring the floor")
        floor = measure_floor(place, **how)
        say("Measuring pages")
        pages = []
        for row in measure_pages(place, counts, **how):
            say(f"  {row.name}: {row.per_second:.0f} per second, {row.cpu_ms:.2f} ms of processor time")
            pages.append(row)
        say("Measuring whole checkouts")
        orders, hot = checkouts(place, seconds=args.seconds * 2, buyers=args.connections)
        say("Replaying the statements of checkouts without the app")
        bare = replay(place, sent, **how)
        say("Measuring 20 shoppers at once, on every core")
        rush = measure_rush(place, seconds=args.seconds * 2)
    report = Report(
        machine={"cores": os.cpu_count() or 1, "python": platform.python_version(), "load": os.getloadavg()[0]},
        products=args.products,
        floor=floor,
        pages=pages,
        checkouts=orders,
        hot_variant=hot,
        checkout_statements=counts["checkout"],
        replay=bare,
        rush=rush,
    )
    if args.json:
        json.dump(report.as_dict(), sys.stdout, indent=2)
        print()
    else:
        show(report)
    return 0


def _progress(quiet_output: bool) -> Callable[[str], None]:
    target = sys.stderr if quiet_output else sys.stdout

    def say(line: str) -> None:
        print(line, file=target, flush=True)

    return say
