"""What breaks first, and at how many shoppers a day: `python infra/scaling.py [--write]` makes docs/scaling.md.

A shop is a row of stations, each a queue with so many servers (M/M/c, by Erlang's formula): web processes, database
cores, workers. What comes in follows from the shoppers and their habits, which the bill uses too; how long one takes
was measured by `./shop bench` (measured.json). A model says where to look, not what will happen.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))

from infra import cost, sizes  # noqa: E402 - the path is known only now
from infra.bill import Habits  # noqa: E402
from infra.stations import CORES, FULL, Station, plain  # noqa: E402

MEASURED: dict[str, Any] = json.loads((HERE / "measured.json").read_text())
HABITS = Habits()
AT_FIRST = "Web tasks, before any is added"
"""The one station that grows by itself; how full it is says how much a sudden rush has to wait for that."""
RUSH = 3.0
"""A sale against the busiest hour: how many more come in its first minutes."""
ON_SALE = 0.5
"""The part of a rush's orders that are for one and the same variant."""


@dataclass(frozen=True)
class Shop:
    """A number of shoppers a day, the size they meet, and what they need instead."""

    shoppers: int
    size: dict[str, Any]
    name: str
    then: tuple[str, ...]


def shops() -> list[Shop]:
    """Return the four steps; the first three are those of the bill."""
    found = [
        Shop(traffic.shoppers, {**sizes.read(traffic.size), **dict(traffic.grown)}, traffic.size, then)
        for traffic, then in zip(cost.TRAFFIC, STEPS, strict=False)
    ]
    last = {**sizes.read("hardened"), **dict(cost.TRAFFIC[-1].grown), "database_class": "db.r7g.4xlarge"}
    return [*found, Shop(20_000_000, last, "hardened", STEPS[-1])]


STEPS = (
    (
        "Nothing for the traffic: what this size has twice, it has so that a zone may fail. What breaks first is a "
        "single part: the one Spot task of the admin, which ECS starts anew, or the one node of the cache, which the "
        "outbox fills again.",
    ),
    (
        "`env/standard.tfvars`: relay and scheduler of their own, larger web tasks, a check from outside.",
        "`./shop audit` every night; the alarms `slow` and `database-credits` say when this size ends.",
    ),
    (
        "`env/hardened.tfvars`, and on top what cost.md says: a `database_class` whose cores may be used all day.",
        "`read_replica = true`: home page, lists, searches and products leave the primary.",
        "`services.worker.most`: jobs follow orders, and the mails of a campaign come on top.",
        "Higher SES and SMS quotas: ask before a campaign, not during it.",
    ),
    (
        "Workers that carry out many jobs in one process: most of what a job takes is the fork and a new connection. "
        "A change of `workers/work.py`, not a switch; until then `services.worker.most = 200`.",
        "The stock of a hot variant in several rows, each with a part of it: one row sells as many a second as the "
        "table says, whatever the machine. A change of `domain/catalog`; until then a waiting room in front of a sale.",
        "`services.storefront.most` and `services.relay.most`. Terraform sizes the pools by them; where that leaves "
        "one connection for each process, RDS Proxy goes between.",
        "More replicas than the one that `read_replica` makes, behind one name.",
        "Search in a store of its own, filled by the events that fill the listing today.",
        "Orders, their lines, the outbox and the stock's ledger partitioned by month, and old months moved away.",
        "A second region: [multi-region.md](multi-region.md).",
    ),
)
"""What to switch on for each, in this order."""


def peak(shoppers: int) -> float:
    """Return how many shoppers come in a second of the busiest hour."""
    return shoppers * float(HABITS.busiest) / 86400


def pages_inside(shoppers: int) -> dict[str, float]:
    """Return how many of each page reach the shop in a second; what is kept is mostly answered by CloudFront."""
    every = peak(shoppers) * float(HABITS.pages)
    pages = MEASURED["pages"]
    kept = sum(page["share"] for page in pages.values() if page["kept"])
    # As many pages reach the shop as the bill says: all that are not kept, and what is missing of the others.
    passed = (float(HABITS.reaches_the_shop) - (1 - kept)) / kept
    return {name: every * page["share"] * (passed if page["kept"] else 1) for name, page in pages.items()}


def stations(shop: Shop) -> list[Station]:
    """Return every station of a shop, with what comes in at the busiest hour."""
    orders = peak(shop.shoppers) * float(HABITS.orders)
    pages, costs, size = pages_inside(shop.shoppers), MEASURED["pages"], shop.size
    web, worker = size["services"]["storefront"], size["services"]["worker"]
    relay = worker if size["background_together"] else size["services"]["relay"]
    cores = float(web["cpu"]) / 1024
    reads_ms = sum(rate * costs[name]["database_ms"] for name, rate in pages.items() if costs[name]["kept"])
    rest_ms = sum(rate * costs[name]["database_ms"] for name, rate in pages.items() if not costs[name]["kept"])
    jobs, job = orders * MEASURED["jobs_per_order"], MEASURED["job"]
    writes_ms = rest_ms + orders * MEASURED["checkout"]["database_ms"] + jobs * job["database_ms"]
    app_ms = sum(rate * costs[name]["app_ms"] for name, rate in pages.items()) + orders * MEASURED["checkout"]["app_ms"]
    vcpus, baseline = CORES[size["database_class"]]
    replica = size["read_replica"]
    primary_ms = writes_ms + (0 if replica else reads_ms)
    asked = sum(pages.values()) + orders
    found = [
        Station(
            "Web tasks, all that there may be", asked, app_ms / asked, cores * float(web["most"]), "storefront.most"
        ),
        Station(AT_FIRST, asked, app_ms / asked, cores * float(web["least"]), "storefront.least"),
        Station("Database, its cores", asked, primary_ms / asked, vcpus, "database_class, read_replica"),
        Station(
            "Database, CPU credits over the day",
            asked / float(HABITS.busiest),
            primary_ms / asked,
            vcpus * baseline,
            "database_class that is not db.t",
        ),
        Station(
            "Workers, all that there may be",
            jobs,
            job["worker_ms"],
            float(worker["cpu"]) / 1024 * float(worker["most"]),
            "worker.most",
        ),
        Station(
            "Relays",
            orders * float(HABITS.events_per_order),
            MEASURED["event"]["relay_ms"],
            float(relay["cpu"]) / 1024 * float(relay["most"]),
            "relay.most",
        ),
        Station(
            "One hot variant, in the first minutes of a sale",
            orders * RUSH * ON_SALE,
            1000 / MEASURED["hot_variant_per_second"],
            1,
            "its stock in several rows",
        ),
    ]
    if replica:
        found.insert(3, Station("Replica, its cores", asked, reads_ms / asked, vcpus, "more replicas"))
    return found


def first_to_break(found: list[Station]) -> Station:
    """Return the station that is fullest, of those that do not grow by themselves."""
    return max((station for station in found if station.name != AT_FIRST), key=lambda station: station.use)


def lasts_until(shop: Shop, station: Station) -> int:
    """Return the shoppers a day at which a station of this size is full; everything grows with the shoppers."""
    return int(shop.shoppers * FULL / station.use)


def page() -> str:
    """Return docs/scaling.md."""
    head, tail = (HERE / "scaling.head.md").read_text(), (HERE / "scaling.tail.md").read_text()
    return head + "\n\n".join([overview(), *(section(shop) for shop in shops())]) + "\n\n" + tail


def overview() -> str:
    """Return the table of all four."""
    rows = ["| shoppers a day | size | orders an hour, busiest | first to break | how full | the size lasts until |"]
    rows.append("|---:|---|---:|---|---:|---:|")
    for shop in shops():
        worst = first_to_break(stations(shop))
        orders = peak(shop.shoppers) * float(HABITS.orders) * 3600
        rows.append(
            f"| {shop.shoppers:,} | `{shop.name}` | {plain(orders)} | {worst.name} | {plain(worst.use * 100)} % "
            f"| {rounded(lasts_until(shop, worst))} a day |"
        )
    return "\n".join(rows)


def section(shop: Shop) -> str:
    """Return what is known of one shop: its stations, and what to do."""
    grown = f", database `{shop.size['database_class']}`" + (" with a replica" if shop.size["read_replica"] else "")
    rows = [
        f"## {shop.shoppers:,} shoppers a day, `{shop.name}`{grown}",
        "| station | comes in, a second | one takes | servers | how full | waits on average | full at | then |\n"
        "|---|---:|---:|---:|---:|---:|---:|---|\n"
        + "\n".join(
            f"| {s.name} | {plain(s.arrivals)} | {plain(s.takes_ms)} ms | {plain(s.servers)} | {plain(s.use * 100)} % "
            f"| {waiting(s)} | {rounded(lasts_until(shop, s))} | {s.then} |"
            for s in sorted(stations(shop), key=lambda s: -s.use)
        ),
        f"Its disk of at most {size_of_disk(shop):,} GB is full after {plain(years(shop))} years of such orders.",
        "What to switch on:",
        "\n".join(f"- {step}" for step in shop.then),
    ]
    return "\n\n".join(rows)


def size_of_disk(shop: Shop) -> int:
    """Return the GB that the database may grow to."""
    return int(shop.size["database_storage"]["most"])


def years(shop: Shop) -> float:
    """Return how many years of orders the database has room for."""
    gigabytes = shop.shoppers * float(HABITS.orders) * MEASURED["kilobytes_per_order"] / 1_000_000
    return size_of_disk(shop) / gigabytes / 365


def waiting(station: Station) -> str:
    """Return how long one waits, in words."""
    return "grows without end" if station.waits_ms == inf else f"{plain(station.waits_ms)} ms"


def rounded(number: int) -> str:
    """Return a number with two figures that mean something."""
    places = len(str(number)) - 2
    return f"{round(number, -places) if places > 0 else number:,}"


def main() -> int:
    """Print the page, or write it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--write", action="store_true", help="write docs/scaling.md instead of printing it")
    if parser.parse_args().write:
        (HERE.parent / "docs" / "scaling.md").write_text(page())
    else:
        print(page(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
