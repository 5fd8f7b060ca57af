"""`./shop import`: take products in from a file of another shop, or from our own export.

Interrupted, it goes on where it was when the same file is given again; given a third time, it changes nothing.
"""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from cli.errors import CliError
from cli.imports.archive import Files, opened
from cli.imports.report import Terminal, print_report, write_csv
from domain.catalog.imports import run as imports
from domain.catalog.imports.format import Shop
from domain.catalog.imports.frame import AFTER, FIRST, take_frame, take_links
from domain.catalog.imports.plan import STOCK_OF_ALL, STOCK_OF_NEW, Rules
from domain.catalog.media import make_storage
from domain.catalog.models.imports import FAILED
from domain.catalog.queries.imports import import_view, unfinished
from domain.shared.db import Sessions, make_engine, make_sessions, transaction
from domain.shared.preferences import in_force
from domain.shared.settings import Settings

BY = "./shop import"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument("file", type=Path, help="a Shopify, WooCommerce or Google Merchant file, or an export of ours")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
    parser.add_argument("--stock", choices=(STOCK_OF_NEW, STOCK_OF_ALL), default=STOCK_OF_NEW,
                        help="set the stock of SKUs that are new to the shop (default), or of all")  # fmt: skip
    parser.add_argument("--drafts", action="store_true", help="keep new products off sale until you publish them")
    parser.add_argument("--no-pictures", action="store_true", help="leave pictures out")
    parser.add_argument("--report", type=Path, metavar="CSV", help="write every remark to this file")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Take the file in; 0 if every row was taken, 1 if some were refused."""
    if not args.file.exists():
        raise CliError(f"There is no file {args.file}", "Check the path")
    engine = make_engine(settings.database_url, pool_size=2, application_name="cornershop-import")
    started, terminal = time.monotonic(), Terminal()
    rules = Rules(stock=args.stock, as_drafts=args.drafts, pictures=not args.no_pictures)
    storage = make_storage(settings)
    try:
        sessions = make_sessions(engine)
        settings = in_force(sessions, settings)
        with opened(args.file) as files:
            if not args.dry_run and rules.pictures:
                files.store_pictures(storage)
            means = imports.Means(
                shop=Shop(settings.currency, settings.zone),
                has_file=files.holds(storage, args.dry_run),
                report=terminal.report,
            )
            if not args.dry_run:
                _frame(sessions, files, FIRST)
            import_id = _begin(sessions, files, rules, dry_run=args.dry_run)
            then = "looking" if args.dry_run else "writing"
            imports.read(sessions, import_id, files.products, means, then=then)
            imports.go_on(sessions, import_id, means)
            if not args.dry_run:
                _links(sessions, files)
        terminal.end()
        with sessions() as reader:
            found = import_view(reader, import_id)
            if args.report:
                write_csv(reader, import_id, args.report)
            print_report(reader, found, args.report, dry_run=args.dry_run)
        if args.dry_run:
            with transaction(sessions) as tx:
                imports.stop(tx, import_id)
    finally:
        engine.dispose()
    if found.state == FAILED:
        raise CliError(found.problem.rstrip("."), "Nothing was changed")
    rate = found.products / max(time.monotonic() - started, 0.001)
    print(f"  {found.products:,} products in {time.monotonic() - started:.1f} s, {rate:,.0f} per second.")
    return 1 if found.rows_refused else 0


def _frame(sessions: Sessions, files: Files, kinds: Sequence[str]) -> None:
    for kind in kinds:
        if kind in files.frame:
            with transaction(sessions) as tx:
                take_frame(tx, kind, files.frame[kind])


def _links(sessions: Sessions, files: Files) -> None:
    """Take what leads from product to product, when all of them are there."""
    if files.frame:
        with transaction(sessions) as tx:
            take_links(tx, files.products)
    _frame(sessions, files, AFTER)


def _begin(sessions: Sessions, files: Files, rules: Rules, *, dry_run: bool) -> UUID:
    """Go on with the same file if it was interrupted, else begin."""
    mark = "" if dry_run else files.digest()
    with transaction(sessions) as tx:
        before = unfinished(tx, mark) if mark else None
        if before is not None:
            print(f"  Going on with the import of {files.name} where it was interrupted.")
            return before
        return imports.begin(tx, file_name=files.name, by=BY, rules=rules, mark=mark)
