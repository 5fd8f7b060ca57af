"""The one job: have a handler deal with a message, in a transaction of its own."""

import os
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from domain.shared.db import Sessions, make_engine, make_sessions, transaction
from domain.shared.handlers import Outside
from domain.shared.outbox import claim, is_claimed, load
from domain.shared.settings import Settings
from workers.subscriptions import HANDLERS


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
    engine = make_engine(settings.database_url, pool_size=1, application_name="cornershop-worker")
    return Context(settings, make_sessions(engine))


def handle_event(message_id: str, handler_name: str) -> None:
    """Run one handler for one recorded event; safe to run again after any failure."""
    here = context()
    run_handler(here.sessions, here.settings, UUID(message_id), handler_name)


def run_handler(sessions: Sessions, settings: Settings, message_id: UUID, handler_name: str) -> None:
    """Have a handler deal with a message, once, however often this is called."""
    handler = HANDLERS[handler_name]
    if isinstance(handler, Outside):
        _run_outside(sessions, settings, message_id, handler)
        return
    with transaction(sessions) as tx:
        event = load(tx, message_id)
        if event is not None and claim(tx, message_id, handler_name):
            handler(tx, event)


def _run_outside(sessions: Sessions, settings: Settings, message_id: UUID, handler: Outside) -> None:
    with transaction(sessions) as tx:
        event = load(tx, message_id)
        if event is None or is_claimed(tx, message_id, handler.name):
            return
        data = handler.prepare(tx, event)
        if data is None:
            claim(tx, message_id, handler.name)
            return
    result = handler.perform(data, settings)
    with transaction(sessions) as tx:
        if claim(tx, message_id, handler.name):
            handler.finish(tx, result)
