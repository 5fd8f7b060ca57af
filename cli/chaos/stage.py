"""The store that is to be broken: whole and real, in a place and on ports of its own, with a few goods to sell."""

import contextlib
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from sqlalchemy import Engine

from cli.embedded import postgres, redis
from cli.embedded.place import wait_until
from cli.environment import child_environment, load_settings
from cli.errors import CliError
from cli.lifeline import children_of, die_with_parent
from cli.ports import free_port
from cli.seed_basics import seed_rates
from domain.catalog import commands as catalog
from domain.catalog.commands import NewVariant, listing
from domain.catalog.queries import product_detail
from domain.promotions.commands import create_promotion
from domain.promotions.kinds import PERCENT
from domain.promotions.terms import Terms
from domain.shared.db import Sessions, make_engine, make_sessions, transaction, utcnow
from domain.shared.preferences import let_shoppers_in
from domain.shared.settings import ROOT, Settings

HOT = "last-of-its-kind"
HOT_UNITS = 20
GOODS = 12
UNITS = 100_000
FIRST_FEW = 15
"""How many orders get the discount that everybody wants."""


@dataclass(frozen=True)
class Place:
    """A running store, its supervisor's process, and the ways to look into it."""

    settings: Settings
    supervisor: int
    engine: Engine
    sessions: Sessions
    redis: Redis
    slugs: tuple[str, ...]

    def processes(self, words: str) -> list[int]:
        """Return the store's processes whose command line holds these words."""
        return [pid for pid in children_of(self.supervisor) if words in command_of(pid)]


def command_of(pid: int) -> str:
    """Return a process's command line; empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


@contextlib.contextmanager
def stage(var: Path) -> Iterator[Place]:
    """Start the store under `var`, fill its shelves, and stop it at the end of the block."""
    settings = _settings(var)
    environment = child_environment(settings)
    (var / "log").mkdir(parents=True, exist_ok=True)
    log = var / "log" / "up.log"
    with log.open("wb") as output:
        store = subprocess.Popen(
            [sys.executable, "-m", "cli", "up", "--empty"],
            cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            preexec_fn=die_with_parent(),
        )  # fmt: skip
    engine = make_engine(settings.database_url, pool_size=4, max_overflow=4, application_name="cornershop-chaos")
    connection = Redis.from_url(str(settings.redis_url), socket_timeout=5)
    try:
        wait_until(lambda: store.poll() is not None or is_open(settings), seconds=120, every=0.2)
        if store.poll() is not None or not is_open(settings):
            raise CliError("The store to be broken did not open", f"Read {log} for the reason")
        sessions = make_sessions(engine)
        yield Place(settings, store.pid, engine, sessions, connection, _fill(sessions, settings.currency))
    finally:
        engine.dispose()
        connection.close()
        store.send_signal(signal.SIGTERM)
        try:
            store.wait(90)
        except subprocess.TimeoutExpired:
            store.kill()
            store.wait()


def is_open(settings: Settings) -> bool:
    """Say whether the storefront can serve: its database, its Redis and its schema are there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{settings.storefront_port}/readyz", timeout=3) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _settings(var: Path) -> Settings:
    ports = {f"{name}_port": free_port() for name in ("storefront", "admin", "sandbox", "smtp")}
    own = {f"{name}_url": f"http://localhost:{ports[f'{name}_port']}" for name in ("storefront", "admin", "sandbox")}
    internal = {f"{name}_internal_url": own[f"{name}_url"] for name in ("storefront", "sandbox")}
    before = os.environ.get("SHOP_VAR")
    os.environ["SHOP_VAR"] = str(var)
    try:
        return load_settings(
            keep_secrets=True, database_url=postgres.url(var), redis_url=redis.url(var), smtp_host=None,
            gateways=("demo",), web_workers=2, worker_processes=2, **ports, **own, **internal,
        )  # fmt: skip
    finally:
        os.environ.pop("SHOP_VAR") if before is None else os.environ.update(SHOP_VAR=before)


def _fill(sessions: Sessions, currency: str) -> tuple[str, ...]:
    """Put goods on the shelves; the first is the one that everybody wants and of which there are few."""
    slugs = (HOT, *(f"good-number-{number}" for number in range(1, GOODS)))
    with transaction(sessions) as tx:
        let_shoppers_in(tx)
        seed_rates(tx)
        category = catalog.create_category(tx, slug="goods", name="Goods", parent_id=None)
        for number, slug in enumerate(slugs):
            product = catalog.create_product(
                tx, slug=slug, title=slug.replace("-", " ").capitalize(), category_id=category,
                variants=[NewVariant(sku=f"CHAOS-{number:02}", price=990 + 371 * number)],
            )  # fmt: skip
            variant = product_detail(tx, product, currency=currency).variants[0].id
            catalog.receive(
                tx, quantities={variant: UNITS if number else HOT_UNITS}, actor="chaos", reason="Opening stock"
            )
            catalog.publish(tx, product_id=product, now=utcnow())
        tx.flush()
        listing.refresh_all(tx)
        terms = Terms(name="For the first few", kind=PERCENT, basis_points=1000, automatic=True, limit_total=FIRST_FEW)
        create_promotion(tx, terms=terms)
    return slugs
