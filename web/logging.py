"""One JSON line for each request and each failure; never a name, an address, a key or a query."""

import logging
import secrets
import sys
import time

import structlog
from flask import Flask, Response

from domain.shared.logs import PROCESSORS, about_nothing
from web.here import asked, notes

log = structlog.get_logger("web")


def init_logging(app: Flask) -> None:
    """Give every request an id and a log line; probes and static files are left out unless they fail."""
    configure()

    @app.before_request
    def start() -> None:
        about_nothing()
        on = notes()
        on.request_id = new_reference()
        on.started = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        on, request = notes(), asked()
        reference = on.get("request_id", "-")
        response.headers["X-Request-Id"] = reference
        endpoint, status = request.endpoint, response.status_code
        if status < 400 and endpoint in QUIET:
            return response
        log_request(
            app=app.name,
            request=reference,
            method=request.method,
            path=loggable_path(),
            endpoint=endpoint,
            status=status,
            started=on.get("started") or time.perf_counter(),
        )
        return response


def loggable_path() -> str:
    """Return the path of this request; where a part of it opens a door, only the rule of its address."""
    request = asked()
    rule = request.url_rule
    return rule.rule if rule is not None and "token" in rule.arguments else request.path


def new_reference() -> str:
    """Return an id for a request, which its answer and its log lines carry."""
    return secrets.token_hex(6)


def log_request(*, started: float, **facts: str | int | None) -> None:
    """Write the line of one request; `started` is when it came, on the clock of `time.perf_counter`."""
    log.info("request", **facts, ms=round((time.perf_counter() - started) * 1000, 1))


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
