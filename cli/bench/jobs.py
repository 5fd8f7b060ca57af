"""`./shop bench jobs`: what the work behind an order costs: events through the relay, jobs through one worker.

Real orders are placed and paid while nothing works on them. Then a relay hands on what they recorded, and a worker
carries out the jobs, each alone on its core; mails go to a server that throws them away.
"""

import contextlib
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from redis import Redis
from sqlalchemy import Engine, text

from cli.bench.buyers import Buyer
from cli.bench.cpu import cpu_seconds
from cli.bench.stage import APP_CORE, OTHER_CORE, Place, database_off, database_pid, gateway, held_to, storefront
from cli.errors import CliError
from cli.ports import free_port
from cli.processes import argv_of
from domain.shared.db import make_engine
from domain.shared.outbox import CHANNEL
from domain.shared.queues import QUEUES
from domain.shared.settings import ROOT
from workers.queues import connect, queue

_WAITING = text("SELECT count(*) FROM shared.outbox WHERE relayed_at IS NULL")
_EVENTS_AFTER = text("SELECT count(*) FROM shared.outbox WHERE position > :after")
_DONE = text("SELECT count(*) FROM shared.claims")
_PUT_ASIDE = text("UPDATE shared.outbox SET relayed_at = now() WHERE relayed_at IS NULL")
_BRING_BACK = text(
    "WITH back AS (UPDATE shared.outbox SET relayed_at = NULL WHERE position > :after) SELECT pg_notify(:channel, '')"
)
_LAST = text("SELECT coalesce(max(position), 0) FROM shared.outbox")
_LISTENERS = text("SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN ' || :channel")
PATIENCE = 600
"""Seconds after which work that is still not done means that something is wrong."""


@dataclass(frozen=True)
class Background:
    """What came of so many orders; times are milliseconds of processor time for one event or job."""

    orders: int
    events: int
    jobs: int
    failed: int
    events_per_second: float
    event_cpu_ms: float
    jobs_per_second: float
    job_cpu_ms: float
    job_database_cpu_ms: float

    def as_dict(self) -> dict[str, Any]:
        """The figures as JSON holds them, with those that docs/scaling.md is made of."""
        return asdict(self) | {"jobs_per_order": round(self.jobs / self.orders, 1)}


def measure_jobs(place: Place, *, orders: int, say: Callable[[str], None]) -> Background:
    """Have so many orders placed, relayed and worked on, and measure the last two."""
    assert place.settings.redis_url is not None
    redis = connect(place.settings.redis_url)
    # In autocommit, as a question asked again and again must see what is new.
    engine = make_engine(place.settings.database_url, pool_size=1).execution_options(isolation_level="AUTOCOMMIT")
    try:
        redis.flushdb()
        with engine.connect() as connection:
            connection.execute(_PUT_ASIDE)
        say(f"Placing {orders} orders")
        done, last = _count(engine, _DONE), _count(engine, _LAST)
        _place_orders(place, orders)
        with database_off(place, APP_CORE), _mail_server() as port:
            environment = {**place.environment, "SHOP_SMTP_HOST": "127.0.0.1", "SHOP_SMTP_PORT": str(port)}
            say("Measuring the relay")
            relayed = _measure_relay(place, environment, engine, after=last)
            say("Measuring one worker")
            with _running("relay", place, environment, OTHER_CORE):
                worked = _measure_worker(place, environment, engine, redis)
        failed = sum(
            registry.get_job_count(cleanup=False)
            for name in QUEUES
            for registry in (queue(redis, name).failed_job_registry, queue(redis, name).scheduled_job_registry)
        )
        return Background(
            orders,
            _count(engine, _EVENTS_AFTER, after=last),
            _count(engine, _DONE) - done,
            failed,
            *relayed,
            *worked,
        )
    finally:
        engine.dispose()
        redis.close()


def show_jobs(found: Background, *, say: Callable[[str], None]) -> None:
    """Print the figures."""
    each = found.as_dict()["jobs_per_order"]
    say(f"\n{found.orders} orders: {found.events} events, {found.jobs} jobs ({each} an order), {found.failed} failed")
    say(f"  relay:  {found.events_per_second:,.0f} events per second, {found.event_cpu_ms:.1f} ms of processor time")
    say(
        f"  worker: {found.jobs_per_second:.1f} jobs per second, {found.job_cpu_ms:.0f} ms of processor time "
        f"and {found.job_database_cpu_ms:.1f} ms in PostgreSQL"
    )


def _place_orders(place: Place, orders: int) -> None:
    with gateway(place), storefront(place, core=OTHER_CORE) as server:
        buyer = Buyer(server.base)
        for number in range(orders):
            buyer.buy(place.skus[number % len(place.skus)], f"buyer{number}@example.com")
        buyer.close()


def _measure_relay(place: Place, environment: Mapping[str, str], engine: Engine, *, after: int) -> tuple[float, float]:
    """Return the events a second of a relay that is awake already, and the processor time of each."""
    channel = {"channel": CHANNEL}
    with engine.connect() as connection:
        connection.execute(_PUT_ASIDE)
    with _running("relay", place, environment, APP_CORE) as pid:
        _until(lambda: _count(engine, _LISTENERS, **channel) > 0)
        started, used = time.perf_counter(), cpu_seconds(pid)
        with engine.connect() as connection:
            connection.execute(_BRING_BACK, channel | {"after": after})
        events = _count(engine, _EVENTS_AFTER, after=after)
        _until(lambda: _count(engine, _WAITING) == 0)
        took, cpu = time.perf_counter() - started, cpu_seconds(pid) - used
    return round(events / took, 1), round(1000 * cpu / events, 2)


def _measure_worker(
    place: Place, environment: Mapping[str, str], engine: Engine, redis: Redis
) -> tuple[float, float, float]:
    """Return the jobs a second, the processor time of each, and PostgreSQL's, from the first job on to the last."""
    before = _count(engine, _DONE)
    database = database_pid(place)
    with _running("worker", place, environment, APP_CORE) as pid:
        _until(lambda: _count(engine, _DONE) > before)
        first, started = _count(engine, _DONE), time.perf_counter()
        used, in_database = cpu_seconds(pid), cpu_seconds(database)
        _until(lambda: _idle(engine, redis))
        took, jobs = time.perf_counter() - started, _count(engine, _DONE) - first
        cpu, database_cpu = cpu_seconds(pid) - used, cpu_seconds(database) - in_database
    return round(jobs / took, 1), round(1000 * cpu / jobs, 1), round(1000 * database_cpu / jobs, 1)


def _idle(engine: Engine, redis: Redis) -> bool:
    """Say whether no event waits and no job waits or is under way; one that is tried again later is not waited for."""
    if _count(engine, _WAITING):
        return False
    return not any(
        queue(redis, name).count or queue(redis, name).started_job_registry.get_job_count(cleanup=False)
        for name in QUEUES
    )


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            raise CliError("The work behind the orders does not end", "Read bench.log")
        time.sleep(0.05)


def _count(engine: Engine, question: Any, **values: Any) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(question, values) or 0)


@contextlib.contextmanager
def _running(role: str, place: Place, environment: Mapping[str, str], core: int) -> Iterator[int]:
    """Run a part of the store that serves no port on a core of its own, and give its process id."""
    log = Path(environment["SHOP_VAR"]) / "log" / "bench.log"
    with (
        log.open("ab") as output,
        subprocess.Popen(  # noqa: S603 - our own modules
            argv_of(role, place.settings), cwd=ROOT, env=dict(environment), preexec_fn=held_to(core), stdout=output,
            stderr=output,
        ) as process,
    ):  # fmt: skip
        try:
            yield process.pid
        finally:
            process.terminate()


class _NoReader:
    """Takes every letter and keeps none."""

    async def handle_DATA(self, *_: Any) -> str:  # noqa: N802 - aiosmtpd's name
        return "250 Taken"


@contextlib.contextmanager
def _mail_server() -> Iterator[int]:
    port = free_port()
    controller = Controller(_NoReader(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()
