"""How good “bought together” is, on the receipts of a supermarket: `python -m tests.measures.recommendations`.

Not part of `./shop test`. It learns from the receipts of the first weeks, with the very statement the shop uses. Then
it takes each later receipt of at least two products, hides one of them drawn at random, recommends ten from the rest,
and counts how often the hidden one is among them. Beside it stand the ten best sellers of the first weeks that are not
in the rest, which everybody would get. A hidden product that was never sold before counts as missed by both.

The data is Complete Journey (`transactions.parquet`), looked for in `../shared/data/completejourney`, or in the folder
that SHOP_TEST_DATA names. Reading it takes pyarrow, which is installed into an environment of its own
(requirements/measure.lock).
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
import venv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import text

from cli.embedded import embedded_postgres
from domain.recommendations.commands import FEW
from domain.recommendations.together import TOGETHER_SQL
from domain.shared.db import make_engine
from domain.shared.settings import ROOT

TEN = 10
SEED = 20_171
Baskets = dict[int, list[int]]

_READ = """
import sys, pyarrow.parquet as parquet
table = parquet.read_table(sys.argv[1], columns=["basket_id", "product_id", "week"])
columns = [column.to_pylist() for column in table.columns]
sys.stdout.writelines("%d %d %d\\n" % row for row in zip(*columns))
"""


def data_folder() -> Path:
    """Return where the receipts are; says so if they are not there."""
    place = Path(os.environ.get("SHOP_TEST_DATA") or ROOT.parent / "shared" / "data") / "completejourney"
    if not (place / "transactions.parquet").exists():
        raise SystemExit(f"There is no transactions.parquet in {place}. Set SHOP_TEST_DATA to the folder above it.")
    return place


def receipts(environment: Path) -> Iterator[tuple[int, int, int]]:
    """Read basket, product and week of every line, with a pyarrow of its own."""
    python = environment / "bin" / "python"
    if not python.exists():
        print(f"Installing pyarrow into {environment}…", flush=True)
        venv.create(environment, with_pip=True)
        pip = [environment / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check"]
        lock = ROOT / "requirements" / "measure.lock"
        subprocess.run([*pip, "--require-hashes", "-r", lock], check=True)  # noqa: S603
    reader = [python, "-c", _READ, data_folder() / "transactions.parquet"]
    with subprocess.Popen(reader, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        for line in process.stdout:
            basket, product, week = line.split()
            yield int(basket), int(product), int(week)
    if process.returncode:
        raise SystemExit("The receipts could not be read.")


def learn(early: Mapping[int, tuple[int, set[int]]], last_week: int) -> dict[int, list[tuple[int, float]]]:
    """Have PostgreSQL work out what is bought together, by the shop's own statement."""
    with ExitStack() as stack:
        var = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cornershop-measure-")))
        engine = make_engine(stack.enter_context(embedded_postgres(var, fast=True)))
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL work_mem = '256MB'"))
            connection.execute(text("CREATE TEMPORARY TABLE baskets (basket bigint, product bigint, days real)"))
            raw = connection.connection.driver_connection
            assert raw is not None
            with raw.cursor().copy("COPY baskets FROM STDIN") as copy:
                for basket, (week, products) in early.items():
                    for product in products:
                        copy.write_row((basket, product, 7.0 * (last_week - week)))
            connection.execute(text("ANALYZE baskets"))
            least = 1 if len(early) < FEW else 2
            rows = connection.execute(text(TOGETHER_SQL), {"least": least})
            found = {row.product: list(zip(row.others, row.scores, strict=True)) for row in rows}
        engine.dispose()
    return found


def recommend(
    neighbours: Mapping[int, Sequence[tuple[int, float]]], rest: Sequence[int], best_sellers: Sequence[int]
) -> list[int]:
    """Return ten products for a basket as the cart does: scores added up, then the best sellers."""
    scores: dict[int, float] = defaultdict(float)
    for product in rest:
        for other, score in neighbours.get(product, ()):
            scores[other] += score
    known = set(rest)
    ranked = sorted((other for other in scores if other not in known), key=lambda other: (-scores[other], other))[:TEN]
    for product in best_sellers:
        if len(ranked) == TEN:
            break
        if product not in known and product not in ranked:
            ranked.append(product)
    return ranked


def main() -> int:
    """Measure, print, and fail if popularity is not clearly beaten."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weeks", type=int, default=32, help="learn from the weeks up to this one (default 32)")
    parser.add_argument("--environment", type=Path, default=ROOT / "var" / "measure")
    args = parser.parse_args()
    started = time.monotonic()
    early: dict[int, tuple[int, set[int]]] = {}
    later: Baskets = defaultdict(list)
    for basket, product, week in receipts(args.environment):
        if week <= args.weeks:
            early.setdefault(basket, (week, set()))[1].add(product)
        elif product not in later[basket]:
            later[basket].append(product)
    sold: dict[int, int] = defaultdict(int)
    for _, products in early.values():
        for product in products:
            sold[product] += 1
    best_sellers = sorted(sold, key=lambda product: (-sold[product], product))[:500]
    print(f"Learning from {len(early):,} receipts of weeks 1 to {args.weeks}…", flush=True)
    neighbours = learn(early, args.weeks)
    learned = time.monotonic()
    draw, asked, hits, popular_hits = random.Random(SEED), 0, 0, 0  # noqa: S311 - the same draw each time
    for _, products in sorted(later.items()):
        if len(products) < 2:
            continue
        hidden = draw.choice(sorted(products))
        rest = [product for product in products if product != hidden]
        asked += 1
        hits += hidden in recommend(neighbours, rest, best_sellers)
        popular_hits += hidden in recommend({}, rest, best_sellers)
    print(f"{asked:,} later receipts, one product of each hidden; hit rate@{TEN}:")
    print(f"  bought together  {hits / asked:.4f}")
    print(f"  best sellers     {popular_hits / asked:.4f}")
    print(f"Learned in {learned - started:.0f} s, {time.monotonic() - started:.0f} s in all.")
    if hits < 2 * popular_hits:
        print("The neighbours no longer beat the best sellers by two to one.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
