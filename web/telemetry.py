"""Traces of requests and of their statements, and the figures of a web process; only where SHOP_TELEMETRY asks."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.pool import QueuePool

from domain.shared import telemetry
from domain.shared.logs import HIDDEN
from domain.shared.settings import Settings
from web.logging import loggable_path

PROBES = "healthz,readyz,static/,media/"
ADDRESSES = {"http.url", "http.target", "url.full", "url.path", "url.query"}
VISITORS = {"net.peer.ip", "net.peer.name", "client.address", "network.peer.address"}
"""The attributes of a span that hold the address that was asked for, and that of whoever asked."""


def init_telemetry(app: Flask, settings: Settings) -> None:
    """Have each request be a trace, its statements spans of it; traffic, errors and duration are counted with them."""
    if not telemetry.start(settings, app.name):
        return
    from opentelemetry.instrumentation.flask import FlaskInstrumentor

    FlaskInstrumentor().instrument_app(app, excluded_urls=PROBES, response_hook=_keep_secrets)
    app.wsgi_app = _Unasked(app.wsgi_app)  # type: ignore[method-assign]
    engine: Engine = app.extensions["sessions"].kw["bind"]
    telemetry.watch_statements()

    def connections() -> float | None:
        return engine.pool.checkedout() / engine.pool.size() if isinstance(engine.pool, QueuePool) else None

    telemetry.gauge("database_pool_use", connections, about="Connections in use, as a part of those there are")


def _keep_secrets(span: Any, _status: str, _headers: list[tuple[str, str]]) -> None:
    """Take out of a trace what the log leaves out too: queries, which hold keys and names, and the visitor's address.

    A span that is not recorded has no attributes.
    """
    held = set(getattr(span, "attributes", None) or ())
    for name in ADDRESSES & held:
        span.set_attribute(name, loggable_path())
    for name in VISITORS & held:
        span.set_attribute(name, HIDDEN)


class _Unasked:
    """Drops the traces that browsers send: a stranger decides neither what is kept nor what belongs together."""

    def __init__(self, wsgi: Callable[..., Any]) -> None:
        self._wsgi = wsgi

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        for header in ("HTTP_TRACEPARENT", "HTTP_TRACESTATE", "HTTP_BAGGAGE"):
            environ.pop(header, None)
        return self._wsgi(environ, start_response)
