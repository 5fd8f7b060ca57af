"""Reading from a replica of the database: pages that may be a moment old, and nobody who has just written.

A replica says how far it has replayed the primary's log, as a position (LSN). Whoever writes is given the position of
the write in a cookie, and reads from the primary until the replica has got there. For everybody else the replica must
have reached a position that the primary had less than `LAGGING` seconds ago; no clocks are compared for that.
"""

import re
import threading
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, Response, current_app, g, request
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from domain.shared.db import make_engine
from domain.shared.quick import reading_sessions
from domain.shared.settings import Settings
from web.db import PATIENCE, give_back
from web.settings import shop_settings

LAGGING = 10
"""How many seconds behind a replica may be before nobody reads there."""
LOOKED_AT_EVERY = 1
"""Seconds between two looks at how far the replica is; each process looks for itself, when somebody reads."""
LEFT_ALONE = 15
"""Seconds before a replica that does not answer is asked again."""
REMEMBERED = 60
"""Seconds for which a browser keeps its position: longer than a replica that is read may be behind."""
COOKIE = "wrote"
NOWHERE_YET = "FFFFFFFF/FFFFFFFF"
"""A position that no replica ever reaches."""

_POSITION = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}")
_PRIMARY = text("SELECT pg_current_wal_insert_lsn()::text")
_REPLICA = text("SELECT pg_last_wal_replay_lsn()::text FROM (SELECT 1) one WHERE pg_is_in_recovery()")


class Replica:
    """What one process knows of the replica."""

    def __init__(self, primary: Engine, replica: Engine) -> None:
        self._primary, self._replica = primary, replica
        self.sessions = reading_sessions(replica)
        self._looking = threading.Lock()
        self._look_again_at = 0.0
        self._replayed = 0
        self._awaited: tuple[float, int] | None = None
        self._true_at: float | None = None

    def has(self, written: int | None) -> bool:
        """Say whether the replica may be read, by somebody who last wrote at a position."""
        if time.monotonic() >= self._look_again_at or (written is not None and written > self._replayed):
            self._look()
        fresh = self._true_at is not None and time.monotonic() - self._true_at <= LAGGING
        return fresh and (written is None or written <= self._replayed)

    def lost(self) -> None:
        """Note that the replica failed somebody: it is left alone for a while."""
        self._true_at, self._look_again_at = None, time.monotonic() + LEFT_ALONE

    def position(self) -> str:
        """Return where the primary's log ends; beyond everything if the primary does not say."""
        try:
            with self._primary.connect() as connection:
                return str(connection.scalar(_PRIMARY))
        except SQLAlchemyError:
            return NOWHERE_YET

    def _look(self) -> None:
        """See how far the replica is, unless another thread is looking or it is left alone."""
        if (self._true_at is None and time.monotonic() < self._look_again_at) or not self._looking.acquire(False):
            return
        try:
            if self._awaited is None:
                asked = time.monotonic()
                self._awaited = asked, number(self.position())
            with self._replica.connect() as connection:
                replayed = connection.scalar(_REPLICA)
            if replayed is None:  # it has become a primary of its own, and goes its own way
                self.lost()
                return
            self._replayed = number(replayed)
            self._look_again_at = time.monotonic() + LOOKED_AT_EVERY
            if self._replayed >= self._awaited[1]:
                self._true_at, self._awaited = self._awaited[0], None
        except SQLAlchemyError as error:
            current_app.logger.warning("the replica is not read: %s", type(error).__name__)
            self.lost()
        finally:
            self._looking.release()


def number(position: str) -> int:
    """Return a position in the log as a number."""
    high, low = position.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def init_replica(app: Flask, settings: Settings) -> None:
    """Let an app read from the replica, where there is one."""
    url = settings.database_replica_url
    if url is None or url == settings.database_url:
        return
    engine = make_engine(
        url,
        pool_size=settings.database_pool_size,
        application_name=f"{app.name} reading",
        autocommit=True,
        statement_timeout=PATIENCE,
    )
    primary: Engine = app.extensions["read_sessions"].kw["bind"]
    app.extensions["replica"] = Replica(primary, engine)
    app.after_request(_remember)


def may_lag(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let a view that only reads do so from the replica; if that fails, it is asked again of the primary."""

    @wraps(view)
    def lagging(*args: Any, **kwargs: Any) -> Any:
        replica: Replica | None = current_app.extensions.get("replica")
        if replica is None or request.method not in ("GET", "HEAD"):
            return view(*args, **kwargs)
        give_back()  # a thread holds one connection at a time, and looking after the replica takes one
        if not replica.has(_written()):
            return view(*args, **kwargs)
        g.read_sessions = replica.sessions
        try:
            return view(*args, **kwargs)
        except SQLAlchemyError as error:
            current_app.logger.warning("the replica failed a page: %s", type(error).__name__)
            replica.lost()
        finally:
            give_back()
            del g.read_sessions
        return view(*args, **kwargs)

    return lagging


def _written() -> int | None:
    """Return where this browser last wrote, if that was in the last minute."""
    said = request.cookies.get(COOKIE, "")
    return number(said) if _POSITION.fullmatch(said) else None


def _remember(response: Response) -> Response:
    """Give whoever has written the position of it."""
    if g.get("wrote") and not response.cache_control.public:
        replica: Replica = current_app.extensions["replica"]
        give_back()
        response.set_cookie(
            COOKIE, replica.position(), max_age=REMEMBERED, httponly=True, samesite="Lax",
            secure=shop_settings().secure_cookies,
        )  # fmt: skip
    return response
