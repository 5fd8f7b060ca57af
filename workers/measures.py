"""The figures that alarms and scaling read, taken by the one scheduler that is in charge; see infra/telemetry.tf."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from redis import Redis
from rq.registry import BaseRegistry
from rq.worker_registration import get_keys

from domain.analytics.pulse import pulse
from domain.shared import telemetry
from domain.shared.backlog import backlog
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.queues import QUEUES
from workers.queues import queue

SETTLED = timedelta(seconds=15)
"""How old an event must be to be counted: a transaction that takes longer would slip through between two counts."""

FIGURES = {
    "queue_depth": "Jobs that wait to be run",
    "queue_age_seconds": "How long the oldest of them waits",
    "jobs_failed": "Jobs that are out of tries",
    "workers_alive": "Workers that gave a sign of life lately",
    "outbox_lag_seconds": "How long the oldest event waits for the relay",
}
COUNTS = {
    "orders_placed": "Orders placed",
    "orders_paid": "Orders paid",
    "payments_failed": "Payments that failed",
    "carts_opened": "Carts opened",
    "messages_failed": "Messages given up",
}


class Measures:
    """Takes the figures, and counts what happened since it last did."""

    def __init__(self) -> None:
        self.latest: dict[str, float] = {}
        self._counted_until = utcnow() - SETTLED
        self._add: dict[str, Callable[[int], None]] = {}

    def report(self) -> None:
        """Have every figure be reported from now on."""
        for name, about in FIGURES.items():
            telemetry.gauge(name, lambda name=name: self.latest.get(name), about=about)
        self._add = {name: telemetry.counter(name, about=about) for name, about in COUNTS.items()}

    def take(self, sessions: Sessions, redis: Redis, *, now: datetime | None = None) -> dict[str, float]:
        """Take all figures and return them, the counts as how much was added."""
        now = now or utcnow()
        until = now - SETTLED
        with transaction(sessions) as tx:
            waiting = backlog(tx)
            counts = pulse(tx, since=self._counted_until, until=until)
        self._counted_until = until
        for name, count in counts.items():
            if count and name in self._add:
                self._add[name](count)
        self.latest = {"outbox_lag_seconds": _age(waiting.oldest, now), **_of_queues(redis, now)}
        return self.latest | counts


def _of_queues(redis: Redis, now: datetime) -> dict[str, float]:
    depth, oldest, failed = 0, 0.0, 0
    for name in QUEUES:
        found = queue(redis, name)
        depth += found.count
        failed += _count(found.failed_job_registry)
        first = found.get_jobs(0, 1)
        if first:
            oldest = max(oldest, _age(first[0].enqueued_at, now))
    # A worker that was killed stays on the list; only its own record runs out.
    alive = sum(int(redis.exists(key)) for key in get_keys(connection=redis))
    return {"queue_depth": depth, "queue_age_seconds": oldest, "jobs_failed": failed, "workers_alive": alive}


def _count(registry: BaseRegistry) -> int:
    return int(registry.get_job_count(cleanup=False))


def _age(since: datetime | None, now: datetime) -> float:
    """Return how many seconds ago something was; RQ's own moments are UTC without saying so."""
    if since is not None and since.tzinfo is None:
        since = since.replace(tzinfo=UTC)
    return max(0.0, (now - since).total_seconds()) if since else 0.0
