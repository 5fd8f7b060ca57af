"""The database within a request: one short transaction for a write, one session for all reads."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, current_app, g
from sqlalchemy.orm import Session

import domain.schema  # noqa: F401 - every table must be known before the first flush follows a foreign key
from domain.shared import db as shared
from domain.shared.db import Sessions, make_engine, make_sessions
from domain.shared.events import Event
from domain.shared.outbox import NOTED
from domain.shared.quick import reading_sessions
from domain.shared.settings import Settings
from web.here import notes

PATIENCE = 15
"""How many seconds one statement of a request may take: whoever waits longer has gone, and others want to come in."""


def init_db(app: Flask, settings: Settings, sessions: Sessions | None = None) -> None:
    """Give an app its sessions; without any it makes a pool of its own from the settings."""
    if sessions is None:
        # One pool for both: its connections are set for reading, and a write pays for the change.
        reading = make_engine(
            settings.database_url,
            pool_size=settings.database_pool_size,
            application_name=app.name,
            autocommit=True,
            statement_timeout=PATIENCE,
        )
        sessions = make_sessions(reading.execution_options(isolation_level="READ COMMITTED"))
    else:
        reading = sessions.kw["bind"].execution_options(isolation_level="AUTOCOMMIT")
    app.extensions["sessions"] = sessions
    app.extensions["read_sessions"] = reading_sessions(reading)
    app.teardown_appcontext(give_back)


def session() -> Session:
    """Return this request's session for reading; nothing it does is ever committed by it."""
    on = notes()
    found: Session | None = on.get("read_session")
    if found is None:
        found = on.read_session = (on.get("read_sessions") or current_app.extensions["read_sessions"])()
    return found


def sessions() -> Sessions:
    """Return the factory of sessions, for commands with several transactions; the reading session is given back first.

    A thread holds one connection at a time: the pool is as large as the threads, so a second one could wait for ever.
    """
    give_back()
    g.wrote = True  # whoever asks for these is about to
    factory: Sessions = current_app.extensions["sessions"]
    return factory


@contextmanager
def transaction() -> Iterator[Session]:
    """Open a transaction that commits at the end of the block and rolls back if it raises."""
    with shared.transaction(sessions()) as tx:
        begin: Callable[[Session], None] | None = current_app.extensions.get("begin_transaction")
        if begin:
            begin(tx)
        recorded: list[Event] = []
        tx.info[NOTED] = recorded
        yield tx
    after: Callable[[list[Event]], None] | None = current_app.extensions.get("after_commit")
    if after and recorded:
        after(recorded)


def give_back(_error: BaseException | None = None) -> None:
    """Give the reading session's connection back, if there is one."""
    reader: Session | None = g.pop("read_session", None)
    if reader is not None:
        reader.close()
