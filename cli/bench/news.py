"""How soon lists and searches show a new price, and a sale that begins: with relay, worker and scheduler."""

import contextlib
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from cli.bench.stage import Place
from cli.errors import CliError
from cli.lifeline import die_with_parent
from cli.processes import argv_of
from domain.catalog import commands
from domain.catalog.queries import ListingRequest, listing
from domain.shared.db import Sessions, make_engine, make_sessions, transaction
from domain.shared.settings import ROOT

BUDGET = 2.0
"""Seconds within which a list and a search show a change."""
CHANGES = 20
ASK_EVERY = 0.02
PATIENCE = 60.0
PROCESSES = ("relay", "worker", "scheduler")

_SOME = text(
    """
    SELECT v.id, v.product_id, v.sku, v.price, l.category_path
    FROM catalog.listings l JOIN catalog.variants v USING (product_id)
    WHERE l.variants = 1 AND v.price >= 1000 AND v.compare_at IS NULL AND v.sale_price IS NULL
    ORDER BY md5(v.sku) LIMIT :many
    """
)


@dataclass(frozen=True)
class Subject:
    """A variant whose price changes."""

    id: UUID
    product_id: UUID
    sku: str
    price: int
    category_path: str


def measure_news(place: Place, say: Callable[[str], None], *, changes: int = CHANGES) -> dict[str, list[float]]:
    """Change prices one after another and return, by kind, the seconds until a list and a search both showed each."""
    engine = make_engine(place.settings.database_url, pool_size=2)
    sessions, currency = make_sessions(engine), place.settings.currency
    try:
        with sessions() as reader:
            some = [Subject(*row) for row in reader.execute(_SOME, {"many": changes + 1})]
        with _running(place):
            # The first one only shows that everything is up.
            _price(sessions, some[0], currency)
            say(f"  {len(some) - 1} new prices, then as many sales that begin")
            prices = [_price(sessions, one, currency) for one in some[1:]]
            sales = [_sale(sessions, one, currency) for one in some[1:]]
    finally:
        engine.dispose()
    return {"a new price": prices, "a sale that begins": sales}


def show_news(news: dict[str, list[float]]) -> bool:
    """Print how long it took, and say whether the budget was kept."""
    print(f"\n{'seconds until list and search show'.ljust(38)}{'p50':>8}{'p95':>8}{'most':>8}")
    kept = True
    for name, took in news.items():
        ordered = sorted(took)
        p95 = ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]
        kept = kept and p95 <= BUDGET
        print(f"{name.ljust(38)}{ordered[len(ordered) // 2]:8.2f}{p95:8.2f}{ordered[-1]:8.2f}")
    print(f"  {'kept  ' if kept else 'MISSED'}  p95 within {BUDGET:.0f} s")
    return kept


def _price(sessions: Sessions, one: Subject, currency: str) -> float:
    price = one.price - 1
    with transaction(sessions) as tx:
        commands.set_price(tx, variant_id=one.id, price=price, compare_at=None)
    return _until_shown(sessions, one, price, currency, since=time.time())


def _sale(sessions: Sessions, one: Subject, currency: str) -> float:
    with transaction(sessions) as tx:
        now: datetime = tx.scalars(text("SELECT clock_timestamp()")).one()
        starts = now + timedelta(seconds=1.5)
        commands.set_sale(tx, variant_id=one.id, sale_price=one.price - 500, starts_at=starts, ends_at=None)
    since = time.time() + (starts - now).total_seconds()
    took = _until_shown(sessions, one, one.price - 500, currency, since=since)
    with transaction(sessions) as tx:
        commands.set_sale(tx, variant_id=one.id, sale_price=None, starts_at=None, ends_at=None)
        commands.set_price(tx, variant_id=one.id, price=one.price, compare_at=None)
    return took


def _until_shown(sessions: Sessions, one: Subject, price: int, currency: str, *, since: float) -> float:
    while True:
        with sessions() as reader:
            if _shown(reader, one, currency) == [price, price]:
                return max(time.time() - since, 0.0)
        if time.time() - since > PATIENCE:
            raise CliError("A change never came to the lists", "Read the log of the relay and the worker")
        time.sleep(ASK_EVERY)


def _shown(session: Session, one: Subject, currency: str) -> list[int]:
    """Return what it costs in a search for its SKU, and in that search within its category, by price."""
    found = listing(session, ListingRequest(q=one.sku), currency).cards
    listed = listing(session, ListingRequest(q=one.sku, category_path=one.category_path, sort="price"), currency).cards
    return [card.price.amount for card in (*found, *listed) if card.product_id == one.product_id]


@contextlib.contextmanager
def _running(place: Place) -> Iterator[None]:
    log = place.settings.var / "log" / "bench.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(log.open("ab"))
        for role in PROCESSES:
            process = subprocess.Popen(  # noqa: S603
                argv_of(role, place.settings), cwd=ROOT, env=dict(place.environment), preexec_fn=die_with_parent(),
                stdout=output, stderr=output,
            )  # fmt: skip
            stack.callback(process.wait)
            stack.callback(process.terminate)
        yield
