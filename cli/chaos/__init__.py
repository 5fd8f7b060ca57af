"""`./shop chaos`: break parts of a busy store on purpose, and hold its books against what the world saw.

Shoppers buy, change their minds and pay with every kind of card; staff ship, cancel and refund; meanwhile, by a plan
drawn from the seed, processes are killed, PostgreSQL and Redis fall over, and the gateway and its messages misbehave.
Then all goes quiet, and nothing may be lost, charged twice or told twice.
"""

import argparse
import random
import shutil
import sys
import time
from datetime import timedelta
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from cli.chaos.faults import Havoc
from cli.chaos.outside import Outside
from cli.chaos.quiet import wait_for_quiet
from cli.chaos.recovery import Recovery
from cli.chaos.report import Line, show
from cli.chaos.shoppers import Crowd
from cli.chaos.staff import Staff
from cli.chaos.stage import stage
from cli.chaos.verdict import Verdict, books, judge
from domain.orders.commands import expire_unpaid
from domain.payments.gateways import make_gateways
from domain.shared.db import utcnow
from domain.shared.settings import Settings

LATER = timedelta(hours=3)
"""After this time every order is decided, whoever has left it and whatever the gateway did not answer."""

OFTEN = 5.0
"""Seconds between two looks into the books of the busy store."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's own options."""
    parser.add_argument("--seed", type=int, help="draw this plan again (default: a new one, which is printed)")
    parser.add_argument("--minutes", type=float, default=1.0, help="how long things are broken (default 1)")
    parser.add_argument("--shoppers", type=int, default=8, help="how many shoppers at once (default 8)")
    parser.add_argument("--quiet", type=float, default=330.0, help="seconds that work may stand still (default 330)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Break a store under SHOP_VAR/chaos and return 1 if anything came out wrong."""
    seed = args.seed if args.seed is not None else random.randrange(1_000_000)  # noqa: S311 - a number to repeat
    var = settings.var / "chaos"
    line = Line(sys.stdout)
    line.say(f"Seed {seed}, {args.minutes:g} minutes, {args.shoppers} shoppers; the store and its logs are in {var}")
    verdict, wrong = _break(var, seed=seed, minutes=args.minutes, shoppers=args.shoppers, quiet=args.quiet, line=line)
    if wrong:
        print(f"\n{len(wrong)} things are wrong; repeat with --seed {seed}")
        for one in wrong:
            print(f"  {one}")
        return 1
    print(f"\nNothing was lost, charged twice or told twice ({sum(verdict.states.values())} orders).")
    return 0


def _break(
    var: Path, *, seed: int, minutes: float, shoppers: int, quiet: float, line: Line
) -> tuple[Verdict, list[str]]:
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(parents=True)
    line.say("Opening the store that is to be broken…")
    with stage(var) as place:
        outside, recovery = Outside(var), Recovery(place)
        crowd, staff = Crowd(place, shoppers=shoppers, seed=seed), Staff(place, seed=seed)
        havoc = Havoc(place, recovery, seed=seed, seconds=minutes * 60)
        wrong: list[str] = []
        outside.start()
        recovery.start()
        crowd.open()
        staff.start()
        havoc.start()
        begun = time.monotonic()
        while (left := begun + minutes * 60 - time.monotonic()) > 0:
            line.now(f"{left:4.0f} s left, {len(crowd.visits)} visits, {len(recovery.broken)} faults, "
                     f"last: {recovery.broken[-1].kind if recovery.broken else 'none'}")  # fmt: skip
            time.sleep(min(left, OFTEN))
            try:
                wrong += [f"in the middle of it: {one}" for one in books(place)]
            except (DBAPIError, PoolTimeout):
                continue
        havoc.wait()
        line.say("Waiting for the last shoppers…")
        crowd.close()
        staff.stop()
        calm = time.monotonic()
        wrong += [f"still under way: {one}" for one in wait_for_quiet(place, outside, seconds=quiet, say=line.now)]
        took = time.monotonic() - calm
        recovery.stop()
        # The time to pay runs out for whoever is left, and so does the patience with answers that never came.
        expire_unpaid(place.sessions, make_gateways(place.settings), now=utcnow() + LATER, limit=100_000)
        wrong += [f"still under way: {one}" for one in wait_for_quiet(place, outside, seconds=quiet, say=line.now)]
        outside.stop()
        verdict = judge(place, outside, crowd.visits)
        wrong += verdict.wrong + [f"a shopper was told what is not so: {visit.email}: {visit.end}"
                                  for visit in crowd.visits if visit.end.startswith(("stuck", "failed"))]  # fmt: skip
        wrong += [f"staff could not go on: {failure}" for failure in staff.failures]
        wrong += [f"never came back: {one.kind}" for one in recovery.broken if one.served is None]
        line.end()
        show(verdict, recovery.times(), visits=len(crowd.visits), ends=crowd.ends, staff=staff.done, quiet_after=took)
    return verdict, list(dict.fromkeys(wrong))
