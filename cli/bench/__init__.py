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
from dataclasses import asdict

from domain.shared.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    kinds = ("shop", "checkout", "import", "live", "admin", "search", "jobs")
    parser.add_argument(
        "what",
        nargs="?",
        choices=kinds,
        default="shop",
        help="pages and checkouts (default), checkouts alone, taking products in, open order pages, "
        "lists of the admin, lists and searches in the database, or the work behind orders",
    )
    parser.add_argument("--open", type=int, default=500, help="with live: how many order pages are open (default 500)")
    parser.add_argument("--orders", type=int, default=500_000, help="with admin: orders in the shop (default 500,000)")
    parser.add_argument("--products", type=int, default=10_000, help="size of the catalogue (default 10,000)")
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each figure is measured (default 4)")
    parser.add_argument("--connections", type=int, default=4, help="requests under way at once (default 4)")
    parser.add_argument("--json", action="store_true", help="print JSON on standard output, progress on standard error")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Stage the store under SHOP_VAR/bench, measure it and print the figures."""
    from cli.bench.checkout import checkouts
    from cli.bench.imports import bench_imports
    from cli.bench.pages import measure_floor, measure_pages, measure_rush
    from cli.bench.replay import replay
    from cli.bench.report import Report, show
    from cli.bench.stage import stage
    from cli.bench.statements import count_statements

    say = _progress(args.json)
    if args.what == "import":
        return 0 if bench_imports(settings.var / "bench-import", products=args.products, say=say) else 1
    if args.what == "live":
        return _live(args, settings, say)
    if args.what == "jobs":
        return _jobs(args, settings, say)
    if args.what == "checkout":
        return _checkout(args, settings, say)
    if args.what == "search":
        from cli.bench import news, search

        with stage(settings.var / "bench", products=args.products, say=say) as place:
            say("Measuring lists, searches and suggestions")
            kept = search.show(search.measure_search(place, say))
            say("Measuring how soon lists show a change")
            kept = news.show_news(news.measure_news(place, say)) and kept
        return 0 if kept else 1
    how = {"seconds": args.seconds, "connections": args.connections}
    if args.what == "admin":
        return _admin(args, settings, say)
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


def _checkout(args: argparse.Namespace, settings: Settings, say: Callable[[str], None]) -> int:
    from cli.bench.checkout import checkouts
    from cli.bench.report import show_checkouts
    from cli.bench.stage import stage
    from cli.bench.statements import count_statements

    with stage(settings.var / "bench", products=args.products, say=say) as place:
        say("Counting SQL statements")
        counts, _ = count_statements(place)
        say("Measuring whole checkouts")
        orders, hot = checkouts(place, seconds=args.seconds * 2, buyers=args.connections)
    if args.json:
        found = {"statements": counts["checkout"], "checkouts": asdict(orders), "hot_variant": asdict(hot)}
        json.dump(found, sys.stdout, indent=2)
        print()
    else:
        show_checkouts(orders, hot, statements=counts["checkout"])
    return 0


def _live(args: argparse.Namespace, settings: Settings, say: Callable[[str], None]) -> int:
    from cli.bench.live import measure_live, show_live
    from cli.bench.open_admin import measure_open_admin, show_open_admin
    from cli.bench.stage import stage

    with stage(settings.var / "bench", products=1, say=say) as place:
        say("Measuring how soon an open page of the admin tells of orders and low stock")
        staff = measure_open_admin(place)
        found = measure_live(place, pages=args.open, seconds=args.seconds * 5, say=say)
    if args.json:
        json.dump({"orders": [one.as_dict() for one in found], "admin": staff}, sys.stdout, indent=2)
        print()
    else:
        show_live(found, say=say)
        show_open_admin(staff, say=say)
    return 0


def _jobs(args: argparse.Namespace, settings: Settings, say: Callable[[str], None]) -> int:
    from cli.bench.jobs import measure_jobs, show_jobs
    from cli.bench.stage import stage

    with stage(settings.var / "bench", products=args.products, say=say) as place:
        found = measure_jobs(place, orders=max(int(args.seconds * 10), 1), say=say)
    if args.json:
        json.dump(found.as_dict(), sys.stdout, indent=2)
        print()
    else:
        show_jobs(found, say=say)
    return 0


def _admin(args: argparse.Namespace, settings: Settings, say: Callable[[str], None]) -> int:
    from cli.bench.admin import busy_among, measure_admin, show_admin
    from cli.bench.stage import stage

    with stage(settings.var / "bench", products=args.products, say=say) as place:
        times = max(int(args.seconds * 10), 5)
        found = measure_admin(place, orders=args.orders, times=times, say=say)
    if args.json:
        json.dump([asdict(one) for one in found], sys.stdout, indent=2)
        print()
    else:
        show_admin(found, args.orders)
    return 1 if busy_among(found) else 0


def _progress(quiet_output: bool) -> Callable[[str], None]:
    target = sys.stderr if quiet_output else sys.stdout

    def say(line: str) -> None:
        print(line, file=target, flush=True)

    return say
