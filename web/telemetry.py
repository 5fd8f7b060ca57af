"""Traces of requests and of their statements, and the figures of a web process; only where SHOP_TELEMETRY asks."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.pool import QueuePool

from domain.shared import telemetry
from domain.shared.settings import Settings

PROBES = "healthz,readyz,static/,media/"


def init_telemetry(app: Flask, settings: Settings) -> None:
    """Have each request be a trace, its statements spans of it; traffic, errors and duration are counted with them."""
    if not telemetry.start(settings, app.name):
        return
    from opentelemetry.instrumentation.flask import FlaskInstrumentor

    FlaskInstrumentor().instrument_app(app, excluded_urls=PROBES)
    app.wsgi_app = _Unasked(app.wsgi_app)  # type: ignore[method-assign]
    engine: Engine = app.extensions["sessions"].kw["bind"]
    telemetry.watch_statements()

    def connections() -> float | None:
        return engine.pool.checkedout() / engine.pool.size() if isinstance(engine.pool, QueuePool) else None

    telemetry.gauge("database_pool_use", connections, about="Connections in use, as a part of those there are")


class _Unasked:
    """Drops the traces that browsers send: a stranger decides neither what is kept nor what belongs together."""

    def __init__(self, wsgi: Callable[..., Any]) -> None:
        self._wsgi = wsgi

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        for header in ("HTTP_TRACEPARENT", "HTTP_TRACESTATE", "HTTP_BAGGAGE"):
            environ.pop(header, None)
        return self._wsgi(environ, start_response)
