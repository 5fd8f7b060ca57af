"""What the shop costs a month on AWS, line by line: `python infra/cost.py [--write]`.

Sizes come from env/*.tfvars, prices from prices.json with their date. Everything is list price in USD for 730 hours.
"""

import argparse
import sys
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))

from infra import sizes  # noqa: E402 - the path is known only now
from infra.bill import DAYS, SANDBOX, Habits, compute, data, messages, network, running, watching  # noqa: E402
from infra.pricing import Line  # noqa: E402
from infra.report import write_up  # noqa: E402

CAP = Decimal("107.87")
"""What the reference shop claims to cost: one task, one zone, no firewall, no cache. `mvp` stays below it."""


@dataclass(frozen=True)
class Traffic:
    """A number of shoppers a day, the size that serves them, and what is set higher than the size file says."""

    shoppers: int
    size: str
    grown: tuple[tuple[str, Any], ...] = ()

    @property
    def title(self) -> str:
        return f"{self.shoppers:,} shoppers a day, `{self.size}`"


TRAFFIC = (
    Traffic(20, "mvp"),
    Traffic(2_000, "standard"),
    Traffic(
        200_000,
        "hardened",
        (
            ("database_class", "db.r7g.large"),
            ("database_storage", {"first": Decimal(200), "most": Decimal(2000)}),
            ("read_replica", True),
            ("cache_class", "cache.m7g.large"),
        ),
    ),
)


HABITS = Habits()


def bill(traffic: Traffic, habits: Habits = HABITS) -> list[Line]:
    """Return the month's lines for a traffic, in the order of the design."""
    size = {**sizes.read(traffic.size), **dict(traffic.grown)}
    if size.get("demo_image"):
        size["services"] = {**size["services"], "sandbox": SANDBOX}
    shoppers = traffic.shoppers * DAYS
    pages, orders = shoppers * habits.pages, shoppers * habits.orders
    inner = pages * habits.reaches_the_shop
    tasks = running(size, inner, habits)
    return [
        *compute(size, tasks),
        *network(size, tasks, inner, shoppers * (habits.pages + habits.files), shoppers * habits.megabytes / 1024),
        *data(size, orders, habits),
        *watching(traffic.size, size, inner, habits),
        *messages(size, orders, habits),
    ]


def total(lines: list[Line]) -> Decimal:
    """Return the sum of the lines as they are printed, in USD and cents."""
    return sum((line.amount for line in lines), Decimal(0))


def variants() -> list[tuple[str, Decimal]]:
    """Return what single choices change in the smallest size, for 20 shoppers a day."""
    base = TRAFFIC[0]
    choices = {
        "as it is": (),
        "`egress = nat_instance`": (("egress", "nat_instance"),),
        "`egress = nat_gateway`": (("egress", "nat_gateway"),),
        "`read_replica = true`": (("read_replica", True),),
        "`second_region_copy = false`": (("second_region_copy", False),),
        "`multi_az = false`": (("multi_az", False),),
        "`spot = false`": (("spot", False),),
        "`outside_check = true`": (("outside_check", True),),
        "a `demo_image`, to try the shop out": (("demo_image", True),),
    }
    found = [(label, total(bill(replace(base, grown=grown)))) for label, grown in choices.items()]
    larger = [(f"the size `{name}`", total(bill(Traffic(base.shoppers, name)))) for name in ("standard", "hardened")]
    return found + larger


def page() -> str:
    """Return docs/cost.md."""
    bills = [(traffic, bill(traffic)) for traffic in TRAFFIC]
    sections = [(t.title, t.grown, lines, total(lines), t.shoppers) for t, lines in bills]
    return write_up(sections, variants(), CAP, HABITS)


def main() -> int:
    """Print the bill, or write docs/cost.md."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help="write docs/cost.md instead of printing it")
    if parser.parse_args().write:
        (HERE.parent / "docs" / "cost.md").write_text(page())
    else:
        print(page(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
