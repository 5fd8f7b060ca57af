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
        database, schema = _database()
        found = {"database": database, "migrations": schema, "redis": _redis(settings.redis_url)}
        fine = database == "ok" and schema in ("ok", "ahead")
        status = "ready" if all(value == "ok" for value in found.values()) else "degraded" if fine else "not ready"
        return jsonify(status=status, **found), 200 if fine else 503

    app.add_url_rule("/healthz", "healthz", alive)
    app.add_url_rule("/readyz", "readyz", ready)


@cache
def revisions() -> tuple[str, ...]:
    """Return every migration that this code knows, the one it needs first."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return tuple(script.revision for script in ScriptDirectory.from_config(config).walk_revisions())


def migrations(present: str | None) -> str:
    """Say how the schema stands to this code; "ahead" is as good as "ok".

    While a release rolls, its migrations have run and the version before still serves: they only add.
    """
    if present is None:
        return "missing"
    return "ok" if present == revisions()[0] else "behind" if present in revisions() else "ahead"


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
    return "ok", migrations(present)


def _redis(url: str | None) -> str:
    if url is None:
        return "not configured"
    try:
        with Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as redis:
            redis.ping()
    except (RedisError, OSError):
        return "down"
    return "ok"
