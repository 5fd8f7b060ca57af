"""One JSON line for each request and each failure; never a name, an address, a key or a query."""

import logging
import secrets
import sys
import time

import structlog
from flask import Flask, Response, g, request

from domain.shared.logs import PROCESSORS

log = structlog.get_logger("web")


def init_logging(app: Flask) -> None:
    """Give every request an id and a log line; probes and static files are left out unless they fail."""
    configure()

    @app.before_request
    def start() -> None:
        g.request_id = secrets.token_hex(6)
        g.started = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        reference = g.get("request_id", "-")
        response.headers["X-Request-Id"] = reference
        if response.status_code < 400 and request.endpoint in QUIET:
            return response
        log.info(
            "request",
            app=app.name,
            request=reference,
            method=request.method,
            path=request.path,
            endpoint=request.endpoint,
            status=response.status_code,
            ms=round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1),
        )
        return response


QUIET = frozenset({"static", "media", "healthz", "readyz"})


def configure() -> None:
    """Write log lines as JSON on the standard output, with the traceback where there is one."""
    structlog.configure(
        processors=PROCESSORS,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=_Stdout,
        cache_logger_on_first_use=True,
    )


class _Stdout:
    """Writes to what is the standard output at that moment, each line in one piece."""

    def __init__(self, *_names: object) -> None:
        pass

    def msg(self, line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    debug = info = warning = error = critical = exception = log = msg
