"""Check the books on the live database and name each violation.

Each check is one query that returns the rows that break a promise; no row is the only good answer. All of them read
one snapshot, so a shop that is busy meanwhile shows no false alarm. What is merely under way (an event recorded a
moment ago) gets `--grace` seconds to be done.
"""

import argparse
import json
import sys

from sqlalchemy import Connection, text

from cli.audit.check import Check
from cli.audit.news import NEWS
from cli.audit.orders import ORDERS
from cli.audit.payments import PAYMENTS
from cli.audit.promotions import PROMOTIONS
from cli.audit.stock import STOCK
from domain.shared.db import make_engine
from domain.shared.settings import Settings
from workers.subscriptions import handler_names

CHECKS = (*STOCK, *ORDERS, *PAYMENTS, *PROMOTIONS, *NEWS)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument("--grace", type=int, default=60, help="seconds that events and messages may still be under way")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print each violation and return 1 if there is any."""
    engine = make_engine(settings.database_url, pool_size=1)
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        found = audit(connection, grace=args.grace)
    engine.dispose()
    return report(found, as_json=args.json)


def report(found: dict[str, list[tuple[str, str]]], *, as_json: bool = False) -> int:
    """Print what an audit found, a line for each violation, and return 1 if there is any."""
    violations = sum(len(rows) for rows in found.values())
    if as_json:
        json.dump({"violations": violations, "checks": found}, sys.stdout, indent=2)
        print()
        return 1 if violations else 0
    for promise, rows in found.items():
        print(f"{'ok ' if not rows else 'BAD'}  {promise}")
        for where, what in rows:
            print(f"       {where}: {what}")
    print(f"{violations} violation{'' if violations == 1 else 's'} in {len(found)} checks")
    return 1 if violations else 0


def audit(connection: Connection, *, grace: int) -> dict[str, list[tuple[str, str]]]:
    """Return what breaks each promise: pairs of where and what."""
    pairs = [(name, handler) for name, handlers in handler_names().items() for handler in handlers]
    values = {"grace": grace, "names": [name for name, _ in pairs], "handlers": [handler for _, handler in pairs]}
    return {
        check.promise: [
            (str(where), str(what)) for where, what in connection.execute(text(check.query), _used(check, values))
        ]
        for check in CHECKS
    }


def _used(check: Check, values: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in values.items() if f":{name}" in check.query}
