"""`./shop recount`: count the reports' figures and the uses of promotions anew from the orders and the rest."""

import argparse

from domain.analytics.rebuild import rebuild
from domain.promotions.commands import recount_uses
from domain.shared.db import make_engine, make_sessions, transaction
from domain.shared.preferences import preferences
from domain.shared.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options: there are none."""
    parser.epilog = "The shop goes on meanwhile. Visits and searches are kept as they were counted."


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Count anew, saying how far it is."""
    engine = make_engine(settings.database_url, pool_size=1, application_name="cornershop-cli")
    counted: dict[str, int] = {}
    try:
        sessions = make_sessions(engine)
        with sessions() as session:
            timezone = preferences(session).over(settings).timezone
        for what, number in rebuild(sessions, timezone=timezone):
            counted[what] = number
            print(f"  {what}: {number:,}", flush=True)
        with transaction(sessions) as tx:
            counted["promotions"] = recount_uses(tx)
        print(f"  promotions: {counted['promotions']:,}", flush=True)
    finally:
        engine.dispose()
    print(f"Counted anew: {', '.join(f'{number} {what}' for what, number in counted.items())}.")
    return 0
