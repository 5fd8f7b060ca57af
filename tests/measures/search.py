"""How well the search answers queries that nobody tuned it to: `python -m tests.measures.search`.

Not part of `./shop test`. It loads the judged electronics (see tests/search) into a shop of its own and prints nDCG@10
of the present weights over all queries, over each half of them, and with one slip in each query. Then it does what
whoever tunes does, but honestly: it tries a grid of weights on one half of the queries, takes the best, and measures
that on the other half, which had no say; and the other way round. It takes some minutes.
"""

import itertools
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from cli.embedded import embedded_postgres
from cli.migrate import migrate
from domain.catalog.queries import answers
from domain.shared.db import make_engine, make_sessions
from tests.search import icecat
from tests.search.quality import with_typo
from tests.search.test_icecat import SEEDS, measure

Weights = tuple[float, float, float]
"""What brand, the rest and prose count: see RANK."""
GRID: list[Weights] = list(itertools.product((0.2, 0.4, 0.8), (0.05, 0.1), (0.05, 0.15, 0.3)))
PRESENT: Weights = (answers.BRAND_COUNTS, answers.REST_COUNTS, answers.PROSE_COUNTS)


def halves(queries: Sequence[str]) -> tuple[list[str], list[str]]:
    """Split the queries in two, at random but always alike."""
    mixed = sorted(queries)
    random.Random(2_011).shuffle(mixed)  # noqa: S311 - the same split each time
    return mixed[::2], mixed[1::2]


def score(session: Session, queries: Sequence[str], place: Path, weights: Weights) -> tuple[float, float]:
    """Return nDCG@10 over the judged answers and over all of them, with these weights."""
    answers.BRAND_COUNTS, answers.REST_COUNTS, answers.PROSE_COUNTS = weights
    for built in (answers.first_answers, answers.exact_answers, answers.other_answers):
        built.cache_clear()
    of_judged, of_all, _ = measure(session, {query: query for query in queries}, place)
    return of_judged, of_all


def report(session: Session, place: Path) -> None:
    """Measure and print."""

    def say(what: str, figures: tuple[float, float]) -> None:
        print(f"  {what.ljust(48)}{figures[0]:.3f}  {figures[1]:.3f}", flush=True)

    queries = list(icecat.judgments(place))
    first, second = halves(queries)
    print(f"nDCG@10, {len(queries)} judged queries{'':18}judged    all", flush=True)
    say("all of them", score(session, queries, place, PRESENT))
    say(f"the first half ({len(first)})", score(session, first, place, PRESENT))
    say(f"the second half ({len(second)})", score(session, second, place, PRESENT))
    for seed in SEEDS:
        chance = random.Random(seed)  # noqa: S311 - it makes slips, it keeps no secret
        of_judged, of_all, _ = measure(session, {query: with_typo(query, chance) for query in queries}, place)
        say(f"one slip in each, seed {seed}", (of_judged, of_all))
    print(f"Tuned on one half over {len(GRID)} weights, measured on the other", flush=True)
    for name, tuned, held_out in (("second", first, second), ("first", second, first)):
        best = max(GRID, key=lambda weights: score(session, tuned, place, weights)[0])
        say(f"{best}, on its own half", score(session, tuned, place, best))
        say(f"{best}, on the {name}, held out", score(session, held_out, place, best))


def main() -> int:
    """Load the shop, measure, print."""
    place = icecat.data()
    if place is None:
        raise SystemExit("The data are not beside the repository: put them there, or name them in SHOP_TEST_DATA.")
    began = time.monotonic()
    with ExitStack() as stack:
        var = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="cornershop-measure-")))
        url = stack.enter_context(embedded_postgres(var, fast=True))
        migrate(url)
        engine = make_engine(url)
        with make_sessions(engine)() as session:
            icecat.ship_synonyms(session)
            print(f"Loading {icecat.load_products(session, place):,} products…", flush=True)
            session.execute(text("ANALYZE catalog.listings, catalog.words"))
            report(session, place)
        engine.dispose()
    print(f"{time.monotonic() - began:.0f} s in all.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
