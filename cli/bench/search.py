"""`./shop bench search`: how long lists, searches and suggestions take in the database, by statement.

What is asked is made of the shop's own titles, brands, part numbers and categories, a fifth of it misspelt. Each
request is sent several times and its best time counts. The time is what the kernel counted for the database's process:
on a machine that does other work too, the clock is noise.
"""

import os
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session

from cli.bench.stage import Place
from domain.catalog.queries import ListingRequest, listing, suggest
from domain.shared.db import make_engine, make_sessions
from domain.shared.quick import glance

BUDGETS = {"listing": 25.0, "listing, narrowed": 25.0, "search": 40.0, "suggestions": 15.0}
"""The longest p95 of each kind, in milliseconds of the database for 100,000 products on two cores."""
TIMES = 3
"""How often each request is sent; the best time counts."""
TITLES = 40

Ask = Callable[[Session], object]


@dataclass(frozen=True)
class Kind:
    """The best times of one kind of request, in milliseconds: whole, by statement in their order, and by the clock."""

    name: str
    whole: list[float] = field(default_factory=list)
    statements: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    clock: list[float] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")


def measure_search(place: Place, say: Callable[[str], None]) -> list[Kind]:
    """Send every request several times and return the best times, by kind."""
    engine = make_engine(place.settings.database_url, pool_size=1, autocommit=True)
    found = []
    with glance(make_sessions(engine)) as session:
        clock = _Clock(engine, session.scalar(text("SELECT pg_backend_pid()")) or 0)
        for name, requests in _requests(session, place.settings.currency).items():
            say(f"  {name}: {len(requests)} requests, {TIMES} times each")
            found.append(_measure(session, clock, name, requests))
    engine.dispose()
    return found


def show(kinds: list[Kind]) -> bool:
    """Print the times by kind and statement, and say whether every budget was kept."""
    kept = True
    print(
        f"\nA load of {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores (beside other work processor time grows too)"
    )
    print(f"{'processor ms in PostgreSQL'.ljust(30)}{'p50':>8}{'p95':>8}{'most':>8}   slowest")
    for kind in kinds:
        budget = BUDGETS[kind.name]
        p95 = _share(kind.whole, 0.95)
        kept = kept and p95 <= budget
        print(_line(kind.name, kind.whole) + f"   {kind.slowest[1]}")
        print(_line("  by the clock, with Python", kind.clock))
        for number, times in sorted(kind.statements.items()):
            print(_line(f"  statement {number + 1} of {len(times)}", times))
        print(f"  {'kept  ' if p95 <= budget else 'MISSED'}  p95 of {p95:.1f} ms (≤ {budget:.0f} ms)")
    return kept


def _measure(session: Session, clock: "_Clock", name: str, requests: dict[str, Ask]) -> Kind:
    kind, slowest = Kind(name), (0.0, "")
    for words, ask in requests.items():
        best: list[float] = []
        took: list[float] = []
        for _ in range(TIMES):
            clock.times.clear()
            began = time.perf_counter()
            ask(session)
            took.append((time.perf_counter() - began) * 1000)
            if not best or sum(clock.times) < sum(best):
                best = list(clock.times)
        kind.whole.append(sum(best))
        kind.clock.append(min(took))
        slowest = max(slowest, (sum(best), words))
        for number, spent in enumerate(best):
            kind.statements[number].append(spent)
    return Kind(name, kind.whole, kind.statements, kind.clock, slowest)


class _Clock:
    """Times every statement of an engine by the processor time of the database's process, in milliseconds."""

    def __init__(self, engine: Engine, pid: int) -> None:
        self.times: list[float] = []
        self._spent = Path(f"/proc/{pid}/schedstat")
        self._begun = 0.0
        event.listen(engine, "before_cursor_execute", self._begin)
        event.listen(engine, "after_cursor_execute", self._end)

    def _begin(self, *_: Any) -> None:
        self._begun = self._now()

    def _end(self, *_: Any) -> None:
        self.times.append(self._now() - self._begun)

    def _now(self) -> float:
        return int(self._spent.read_text().split()[0]) / 1e6


def _requests(session: Session, currency: str) -> dict[str, dict[str, Ask]]:
    """Make requests of what the shop has, the same ones for the same shop."""
    chance = random.Random(11)  # noqa: S311 - it makes up questions, it keeps no secret
    rows = session.execute(
        text("SELECT title, brand_name, skus[1], category_path FROM catalog.listings ORDER BY md5(slug) LIMIT :most"),
        {"most": TITLES},
    ).all()
    paths = list(session.scalars(text("SELECT path FROM catalog.categories ORDER BY path")))

    def lists(**values: Any) -> Ask:
        return lambda session: listing(session, ListingRequest(**values), currency)

    plain = {f"{path or 'everything'} by {sort}, page {page}": lists(category_path=path or None, sort=sort, page=page)
             for path in ("", *paths) for sort, page in (("featured", 1), ("price", 2), ("newest", 30))}  # fmt: skip
    narrowed: dict[str, Ask] = {}
    for _, brand, _, path in rows[:12]:
        for facets in (
            {"brand": (brand,)},
            {"price": ("2000-5000", "5000-10000")},
            {"brand": (brand,), "colour": ("Oat",)},
        ):
            top = path.partition("/")[0]
            narrowed[f"{top}, {facets}"] = lists(category_path=top, facets=facets)
            narrowed[f"everything, {facets}"] = lists(facets=facets, in_stock_only=True)
    searches = {q: lists(q=q) for row in rows for q in _queries(chance, *row[:3])}
    begun = {q[:end]: q[:end] for q in searches for end in (2, 3, 5, 8, 13) if len(q) >= end}
    return {
        "listing": plain,
        "listing, narrowed": narrowed,
        "search": searches,
        "suggestions": {q: _suggesting(q, currency) for q in list(begun)[:200]},
    }


def _suggesting(q: str, currency: str) -> Ask:
    return lambda session: suggest(session, q, currency)


def _queries(chance: random.Random, title: str, brand: str, sku: str) -> Iterator[str]:
    words = [word for word in title.lower().split() if word.isalpha() and word != "no"] or [title]
    yield chance.choice(words)
    yield " ".join(words[-2:])
    yield f"{brand} {words[-1]}"
    yield sku
    word = chance.choice(words)
    at = chance.randrange(max(len(word) - 1, 1))
    yield word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]


def _line(name: str, times: list[float]) -> str:
    return f"{name.ljust(30)}{_share(times, 0.5):8.1f}{_share(times, 0.95):8.1f}{max(times):8.1f}"


def _share(times: list[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
