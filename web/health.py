"""Whether the app is alive, and whether it is ready for shoppers."""

from functools import cache

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask, Response, jsonify
from redis import Redis, RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from domain.shared.settings import ROOT, Settings
from web.db import session
from web.drain import is_draining

PATIENCE = 1
"""How many seconds Redis may take to answer."""


def register(app: Flask, settings: Settings) -> None:
    """Give an app /healthz and /readyz."""

    def alive() -> Response:
        return Response("ok\n", content_type="text/plain; charset=utf-8")

    def ready() -> tuple[Response, int]:
        """Not ready without the database and its migrations; without Redis the shop still sells, and only says so.

        A server that was asked to end is not ready either, though it answers for some seconds more.
        """
        if is_draining():
            return jsonify(status="draining"), 503
        database, migrations = _database()
        found = {"database": database, "migrations": migrations, "redis": _redis(settings.redis_url)}
        fine = database == "ok" and migrations == "ok"
        status = "ready" if all(value == "ok" for value in found.values()) else "degraded" if fine else "not ready"
        return jsonify(status=status, **found), 200 if fine else 503

    app.add_url_rule("/healthz", "healthz", alive)
    app.add_url_rule("/readyz", "readyz", ready)


@cache
def head() -> str | None:
    """Return the migration that this code needs."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config).get_current_head()


def _database() -> tuple[str, str]:
    try:
        present = session().scalar(text("SELECT version_num FROM shared.alembic_version"))
    except SQLAlchemyError:
        try:
            session().rollback()
            session().execute(text("SELECT 1"))
        except SQLAlchemyError:
            return "down", "unknown"
        return "ok", "missing"
    return "ok", "ok" if present == head() else "behind"


def _redis(url: str | None) -> str:
    if url is None:
        return "not configured"
    try:
        with Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as redis:
            redis.ping()
    except (RedisError, OSError):
        return "down"
    return "ok"
