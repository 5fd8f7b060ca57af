"""`python -m workers.relay`: hand recorded events to the queues as soon as they are committed.

PostgreSQL's NOTIFY wakes the relay; a look every second catches what was notified while nobody listened. Any number of
relays may run side by side: each takes rows that no other holds. While Redis is away nothing is marked as handed on.
"""

import sys
import threading
from collections.abc import Callable

import psycopg
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from domain.shared import telemetry
from domain.shared.db import Sessions, make_engine, make_sessions, transaction
from domain.shared.outbox import CHANNEL, mark_relayed, take
from workers.alive import Sign, unwatched
from workers.process import log, ready, stop_on_signals
from workers.queues import enqueue
from workers.subscriptions import SUBSCRIBERS

BATCH = 200
POLL = 1.0
LONGEST_PAUSE = 10.0


def relay(sessions: Sessions, redis: Redis, *, limit: int = BATCH) -> int:
    """Enqueue the jobs of the oldest waiting messages and return how many messages there were.

    The messages are marked in the transaction that locks them, after their jobs are in Redis: a crash in between
    enqueues the same jobs again, under the same names.
    """
    with transaction(sessions) as tx:
        messages = take(tx, limit=limit)
        for message in messages:
            with telemetry.span(f"relay {message.name}", parent=message.trace, message=str(message.id)):
                trace = telemetry.carrier()
                for handler in SUBSCRIBERS.get(message.name, ()):
                    enqueue(redis, message.id, handler, trace)
        if messages:
            mark_relayed(tx, [message.id for message in messages])
    return len(messages)


def run(
    sessions: Sessions,
    redis: Redis,
    *,
    database_url: str,
    stop: threading.Event,
    sign: Callable[[], None] = unwatched,
) -> None:
    """Relay until asked to stop, through any absence of PostgreSQL or Redis."""
    pause, troubled = 0.5, False
    while not stop.is_set():
        sign()
        try:
            with psycopg.connect(_plain(database_url), autocommit=True, connect_timeout=5) as bell:
                bell.execute(f"LISTEN {CHANNEL}")
                while not stop.is_set():
                    sign()
                    moved = relay(sessions, redis)
                    if troubled:
                        log.info("relay works again")
                        pause, troubled = 0.5, False
                    if moved < BATCH:
                        _wait(bell)
        except (psycopg.OperationalError, DBAPIError, RedisError) as error:
            if not troubled:
                log.warning("relay waits", reason=str(error).strip().splitlines()[0], error=type(error).__name__)
                troubled = True
            stop.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


def _wait(bell: psycopg.Connection) -> None:
    """Sleep until a commit rings or the time for a look has come; what rang meanwhile counts as one."""
    for _ in bell.notifies(timeout=POLL, stop_after=1):
        pass


def _plain(url: str) -> str:
    """Return the address as psycopg itself reads it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def main() -> int:
    """Run until a signal asks to stop."""
    settings, redis = ready("relay")
    stop = stop_on_signals()
    engine = make_engine(settings.database_url, pool_size=1, application_name="cornershop-relay")
    telemetry.start(settings, "relay")
    log.info("relay started")
    sign = Sign(settings.var, "relay").give
    run(make_sessions(engine), redis, database_url=settings.database_url, stop=stop, sign=sign)
    engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
