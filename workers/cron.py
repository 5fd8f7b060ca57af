"""`python -m workers.cron`: come round to every task of the schedule when it is due.

A lock in PostgreSQL lets only one scheduler work at a time; others stand by and take over when it is gone. How each
task last went is kept in Redis, for the admin to show.
"""

import contextlib
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

from redis.exceptions import RedisError
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from domain.shared import telemetry
from domain.shared.db import make_engine, make_sessions, utcnow
from domain.shared.queues import SCHEDULE_KEY
from workers.alive import Sign, unwatched
from workers.process import log, ready, stop_on_signals
from workers.schedule import MEASURES, SCHEDULE, Task, Tools

LOCK = 0x636F726E  # "corn"
STAND_BY = 2.0
TICK = 0.25


class Hold:
    """The lock, for as long as the connection that took it lives."""

    def __init__(self, ask: Callable[[], object]) -> None:
        self._ask = ask

    def check(self) -> None:
        """Raise DBAPIError if the lock was lost with its connection."""
        self._ask()


@contextmanager
def sole_scheduler(engine: Engine) -> Iterator[Hold | None]:
    """Hold the schedulers' lock for the length of a block; None if another scheduler has it."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK}):
            yield None
            return
        try:
            yield Hold(lambda: connection.scalar(text("SELECT 1")))
        finally:
            # The pool gives connections on, and would give the lock on with it.
            try:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})
            except SQLAlchemyError:  # not only DBAPIError: a connection that broke before refuses in its own words
                connection.invalidate()


class Rounds:
    """Runs each task when it is due, each in a thread of its own, never twice at once."""

    def __init__(self, tasks: Sequence[Task], tools: Tools) -> None:
        self._tools = tools
        self._due = dict.fromkeys(tasks, 0.0)
        self._running: dict[Task, Future[None]] = {}
        self._troubled: set[str] = set()
        self._pool = ThreadPoolExecutor(max_workers=len(tasks), thread_name_prefix="task")

    def start_due(self) -> None:
        """Start every task whose time has come."""
        now = time.monotonic()
        for task, due in self._due.items():
            if due <= now and (task not in self._running or self._running[task].done()):
                self._due[task] = now + task.every
                self._running[task] = self._pool.submit(self.run, task)

    def run(self, task: Task) -> None:
        """Run a task and note how it went; a failure is logged once until the task works again."""
        started, begun = utcnow(), time.perf_counter()
        count, error = 0, ""
        try:
            count = task.run(self._tools)
            self._troubled.discard(task.name)
        except Exception as problem:
            error = f"{type(problem).__name__}: {problem}".splitlines()[0][:500]
            if task.name not in self._troubled:
                expected = isinstance(problem, DBAPIError | RedisError)
                log.warning("task failed", task=task.name, error=error, exc_info=None if expected else problem)
                self._troubled.add(task.name)
        if count:
            log.info("task done", task=task.name, count=count)
        self._note(task, {
            "every": task.every,
            "last_run_at": started.isoformat(),
            "took_ms": round((time.perf_counter() - begun) * 1000),
            "next_run_at": (started + timedelta(seconds=task.every)).isoformat(),
            "count": count,
            "error": error,
        })  # fmt: skip

    def finish(self) -> None:
        """Wait for what is running and start nothing more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _note(self, task: Task, how: dict[str, object]) -> None:
        # Without Redis only the admin's page misses it, until the next round.
        with contextlib.suppress(RedisError):
            self._tools.redis.hset(SCHEDULE_KEY, task.name, json.dumps(how))


def run(
    engine: Engine,
    tools: Tools,
    stop: threading.Event,
    tasks: Sequence[Task] = SCHEDULE,
    *,
    sign: Callable[[], None] = unwatched,
) -> None:
    """Come round until asked to stop, through any absence of PostgreSQL or Redis."""
    troubled = False
    while not stop.is_set():
        sign()
        try:
            with sole_scheduler(engine) as hold:
                if hold is None:
                    stop.wait(STAND_BY)
                    continue
                log.info("scheduler is in charge")
                troubled = False
                rounds = Rounds(tasks, tools)
                try:
                    while not stop.is_set():
                        sign()
                        hold.check()
                        rounds.start_due()
                        stop.wait(TICK)
                finally:
                    rounds.finish()
        except DBAPIError as error:
            if not troubled:
                log.warning("scheduler waits for PostgreSQL", error=str(error.orig).strip().splitlines()[0])
                troubled = True
            stop.wait(STAND_BY)


def main() -> int:
    """Run until a signal asks to stop."""
    settings, redis = ready("scheduler")
    stop = stop_on_signals()
    engine = make_engine(settings.database_url, pool_size=len(SCHEDULE) + 1, application_name="cornershop-scheduler")
    if telemetry.start(settings, "scheduler"):
        MEASURES.report()
    sign = Sign(settings.var, "scheduler").give
    run(engine, Tools(settings, make_sessions(engine), redis), stop, sign=sign)
    engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
