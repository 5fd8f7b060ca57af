"""What every log line goes through before it is written, in whichever process: one JSON object on one line."""

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

from domain.shared.telemetry import trace_id


def _add_trace(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Name the trace that a line belongs to, where there is one."""
    found = trace_id()
    if found is not None:
        event["trace"] = found
    return event


PROCESSORS: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    _add_trace,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    # Without local variables: they hold what shoppers typed.
    structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
    structlog.processors.JSONRenderer(),
)
