"""What the bench found, as a table or as JSON, with the budgets it is held to."""

from dataclasses import asdict, dataclass
from typing import Any

from cli.bench.checkout import Checkouts
from cli.bench.pages import Row
from cli.bench.replay import Replay

MOST_STATEMENTS, MOST_CHECKOUT_STATEMENTS = 3, 60
LEAST_OF_FLOOR = {
    "listing with facets": 0.07, "listing with facets, kept": 0.5, "listing with facets, 304": 0.6,
    "product": 0.15, "product, kept": 0.5, "product, 304": 0.6,
    "API: list": 0.25, "API: product": 0.25,
}  # fmt: skip
LEAST_CHECKOUTS, LEAST_HOT, SLOWEST = 30.0, 0.5, 200.0
"""The budgets: shares of the floor, orders per second, a share of those, and the p95 of a rush in milliseconds."""


@dataclass(frozen=True)
class Budget:
    """One promise about speed, and whether it was kept in this run."""

    name: str
    wanted: str
    measured: str
    met: bool


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything one run measured."""

    machine: dict[str, Any]
    products: int
    floor: Row
    pages: list[Row]
    checkouts: Checkouts
    hot_variant: Checkouts
    checkout_statements: int
    replay: Replay | None
    rush: list[Row]

    def budgets(self) -> list[Budget]:
        """Hold the figures to the budgets; shares of the floor by processor time, which other work disturbs least."""
        found = [
            _most(f"{row.name}: SQL statements", MOST_STATEMENTS, row.statements)
            for row in self.pages
            if row.statements is not None
        ]
        for row in self.pages:
            least = LEAST_OF_FLOOR.get(row.name)
            if least is not None and row.of_floor is not None and row.cpu_of_floor is not None:
                share = f"{row.cpu_of_floor:.1%} by processor time, {row.of_floor:.1%} by the clock"
                found.append(
                    Budget(f"{row.name}: share of the floor", f"≥ {least:.0%}", share, row.cpu_of_floor >= least)
                )
        found.append(_most("checkout: SQL statements", MOST_CHECKOUT_STATEMENTS, self.checkout_statements))
        orders, hot = self.checkouts.per_second, self.hot_variant.per_second
        found.append(
            Budget("checkouts per second", f"≥ {LEAST_CHECKOUTS:.0f}", f"{orders:.1f}", orders >= LEAST_CHECKOUTS)
        )
        share = hot / orders if orders else 0.0
        found.append(Budget("one hot variant", f"≥ {LEAST_HOT:.0%} of that", f"{share:.0%}", share >= LEAST_HOT))
        worst = max(self.rush, key=lambda row: row.p95)
        found.append(
            Budget("20 shoppers at once, slowest p95", f"< {SLOWEST:.0f} ms", f"{worst.p95:.0f} ms ({worst.name})",
                   worst.p95 < SLOWEST)
        )  # fmt: skip
        return found

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON writes it, the budgets included."""
        return asdict(self) | {"budgets": [asdict(budget) for budget in self.budgets()]}


def show(report: Report) -> None:
    """Print it for people."""
    _table(f"On one core, {report.products:,} products", [report.floor, *report.pages])
    show_checkouts(report.checkouts, report.hot_variant, statements=report.checkout_statements)
    if report.replay:
        print(f"  the same {report.checkout_statements} statements by {report.replay.by}, with no app: "
              f"{report.replay.per_second:.0f} per second")  # fmt: skip
    _table("20 shoppers at once, everything on all cores", report.rush)
    print("\nBudgets")
    for budget in report.budgets():
        print(f"  {'kept  ' if budget.met else 'MISSED'}  {budget.name}: {budget.measured} ({budget.wanted})")


def show_checkouts(each: Checkouts, hot: Checkouts, *, statements: int) -> None:
    """Print what whole checkouts took."""
    print(f"\nWhole guest checkouts of one line, from cart to paid order, webhook included: {statements} statements")
    for name, one in (("each its own variant", each), ("all the same variant", hot)):
        print(f"  {name}: {one.per_second:.1f} per second, p50 {one.p50:.0f} ms, p95 {one.p95:.0f} ms; processor time "
              f"{one.cpu_ms:.1f} ms in the app, {one.database_cpu_ms:.1f} ms in PostgreSQL")  # fmt: skip


def _most(name: str, wanted: int, measured: int) -> Budget:
    return Budget(name, f"≤ {wanted}", str(measured), measured <= wanted)


def _table(title: str, rows: list[Row]) -> None:
    print(f"\n{title}")
    heads = ("per s", "of floor", "CPU ms", "of floor", "p50 ms", "p95 ms", "p99 ms", "SQL", "bytes")
    print("page".ljust(26) + "".join(head.rjust(9) for head in heads))
    for row in rows:
        sql = "-" if row.statements is None else str(row.statements)
        times = [f"{value:.2f}" for value in (row.p50, row.p95, row.p99)]
        cpu = (f"{row.cpu_ms:.2f}", _share(row.cpu_of_floor))
        figures = (f"{row.per_second:.1f}", _share(row.of_floor), *cpu, *times, sql, str(row.bytes))
        print(row.name.ljust(26) + "".join(figure.rjust(9) for figure in figures))


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.1%}"
