"""The one job: have a handler deal with a message, in a transaction of its own."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from domain.shared import telemetry
from domain.shared.db import Sessions, make_engine, make_sessions, transaction
from domain.shared.handlers import Outside
from domain.shared.logs import about_nothing
from domain.shared.outbox import claim, is_claimed, load
from domain.shared.preferences import in_force
from domain.shared.settings import Settings
from workers.process import log
from workers.subscriptions import HANDLERS

PATIENCE = 30.0
"""Seconds that a job waits for a database that is away, rather than to fail at once as every other one would."""

T = TypeVar("T")


class UnderWay(Exception):
    """The same handler is dealing with the same message elsewhere: it is tried again in a while."""


@dataclass(frozen=True)
class Context:
    """What a job needs of its process."""

    settings: Settings
    sessions: Sessions


def context() -> Context:
    """Return this process's settings and sessions.

    They are made anew after a fork: two processes on one database connection would garble each other's words.
    """
    return _context_of(os.getpid())


@lru_cache(maxsize=1)
def _context_of(_pid: int) -> Context:
    settings = Settings()  # type: ignore[call-arg]  # the environment gives them
    engine = make_engine(settings.database_url, pool_size=2, application_name="cornershop-worker")
    if telemetry.start(settings, "worker"):
        telemetry.watch_statements()
    return Context(settings, make_sessions(engine))


def handle_event(message_id: str, handler_name: str, trace: dict[str, str] | None = None) -> None:
    """Run one handler for one recorded event, in the event's own trace; safe to run again after any failure."""
    here = context()
    about_nothing()
    started = time.perf_counter()
    try:
        with telemetry.span(f"job {handler_name}", parent=trace, message=message_id):
            run_handler(here.sessions, here.settings, UUID(message_id), handler_name)
            took = round((time.perf_counter() - started) * 1000, 1)
            log.info("job done", handler=handler_name, message=message_id, ms=took)
    finally:
        # The process forked for a job ends without a word to its threads.
        telemetry.flush()


def run_handler(sessions: Sessions, settings: Settings, message_id: UUID, handler_name: str) -> None:
    """Have a handler deal with a message, once, however often this is called."""
    handler = HANDLERS[handler_name]
    if isinstance(handler, Outside):
        with sole_run(sessions, message_id, handler_name):
            _run_outside(sessions, settings, message_id, handler)
        return

    def run() -> None:
        with transaction(sessions) as tx:
            event = load(tx, message_id)
            if event is not None and claim(tx, message_id, handler_name):
                handler(tx, event)

    through_absence(run)


def _run_outside(sessions: Sessions, settings: Settings, message_id: UUID, handler: Outside) -> None:
    def prepare() -> Any | None:
        with transaction(sessions) as tx:
            event = load(tx, message_id)
            if event is None or is_claimed(tx, message_id, handler.name):
                return None
            data = handler.prepare(tx, event)
            if data is None:
                claim(tx, message_id, handler.name)
            return data

    data = through_absence(prepare)
    if data is None:
        return
    with telemetry.span(f"perform {handler.name}", outgoing=True):
        try:
            result = handler.perform(data, through_absence(lambda: in_force(sessions, settings)))
        except Exception:
            if handler.failed is not None:
                with transaction(sessions) as tx:
                    handler.failed(tx, data)
            raise

    def note() -> None:
        with transaction(sessions) as tx:
            if claim(tx, message_id, handler.name):
                handler.finish(tx, result)

    # It is done outside and only to be written down: giving up now would do it a second time.
    through_absence(note)


@contextmanager
def sole_run(sessions: Sessions, message_id: UUID, handler_name: str) -> Iterator[None]:
    """See to it that an effect outside is not had twice at once; raises UnderWay where it is being had.

    A lock of PostgreSQL on a connection of its own does it: no row is locked and no transaction open meanwhile, and
    whoever is killed lets go.
    """
    key = {"name": f"{message_id} {handler_name}"}
    with through_absence(sessions.kw["bind"].connect) as bare:
        connection = bare.execution_options(isolation_level="AUTOCOMMIT")
        if not connection.scalar(text("SELECT pg_try_advisory_lock(hashtextextended(:name, 0))"), key):
            raise UnderWay(handler_name)
        try:
            yield
        finally:
            # The pool gives connections on, and would give the lock on with it.
            try:
                connection.execute(text("SELECT pg_advisory_unlock(hashtextextended(:name, 0))"), key)
            except SQLAlchemyError:
                connection.invalidate()


def through_absence(deed: Callable[[], T], *, patience: float = PATIENCE) -> T:
    """Do something again and again while the database is away; what it does, it does in one transaction."""
    deadline, pause = time.monotonic() + patience, 0.1
    while True:
        try:
            return deed()
        except DBAPIError as error:
            away = error.connection_invalidated or isinstance(error, OperationalError)
            if not away or time.monotonic() + pause > deadline:
                raise
        time.sleep(pause)
        pause = min(pause * 2, 2.0)
