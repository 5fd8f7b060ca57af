"""Traces and figures by OpenTelemetry: one trace leads from a click by its statements, outbox and job to the mail.

Everything here costs next to nothing until `start` was called, and `start` does nothing unless SHOP_TELEMETRY asks:
`console` prints, `file` writes SHOP_VAR/log/traces.jsonl and metrics.jsonl, `otlp` sends to the collector that the
standard variables OTEL_EXPORTER_OTLP_ENDPOINT and others name. Spans carry names, numbers and statements with
placeholders: nothing that a shopper typed.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from opentelemetry import metrics, trace
from opentelemetry.propagate import extract, inject
from sqlalchemy import Engine, event

from domain.shared.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.metrics.export import MetricExporter
    from opentelemetry.sdk.trace.export import SpanExporter
    from sqlalchemy.engine import ExceptionContext

LONGEST_STATEMENT = 2000
"""Characters of a statement that a span keeps."""

EVERY_FIGURE = {"source": "shop"}
"""The dimension of each figure: the collector hands CloudWatch none that has no dimension; see infra/telemetry.tf."""

_tracer = trace.get_tracer("cornershop")
_meter = metrics.get_meter("cornershop")


def carrier() -> dict[str, str]:
    """Return where the present trace stands, in words that travel with an event or a job; empty without a trace."""
    found: dict[str, str] = {}
    if trace.get_current_span().get_span_context().is_valid:
        inject(found)
    return found


def trace_id() -> str | None:
    """Return the present trace's id, for log lines; None without a trace."""
    context = trace.get_current_span().get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else None


@contextmanager
def span(name: str, *, parent: Mapping[str, str] | None = None, outgoing: bool = False, **about: str) -> Iterator[None]:
    """Have a block be a span of the present trace, or of the one whose carrier is given; `about` are its attributes."""
    context = extract(parent) if parent else None
    kind = trace.SpanKind.CLIENT if outgoing else trace.SpanKind.INTERNAL
    with _tracer.start_as_current_span(name, context=context, kind=kind, attributes=dict(about)):
        yield


def gauge(name: str, read: Callable[[], float | None], *, about: str) -> None:
    """Report what `read` returns, at every report; None leaves one out."""

    def observe(_options: metrics.CallbackOptions) -> list[metrics.Observation]:
        value = read()
        return [] if value is None else [metrics.Observation(value, EVERY_FIGURE)]

    _meter.create_observable_gauge(name, callbacks=[observe], description=about)


def counter(name: str, *, about: str) -> Callable[[int], None]:
    """Return what adds to a figure that only grows."""
    made = _meter.create_counter(name, description=about)
    return lambda amount: made.add(amount, EVERY_FIGURE)


def start(settings: Settings, part: str) -> bool:
    """Begin to export what this process does, as a part of the store with that name; False if none is wanted.

    It starts threads: a process that forks calls it in its children.
    """
    if settings.telemetry == "off":
        return False
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    spans, figures = _exporters(settings)
    resource = Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME", f"cornershop-{part}")})
    tracing = TracerProvider(resource=resource)
    tracing.add_span_processor(BatchSpanProcessor(spans))
    trace.set_tracer_provider(tracing)
    # How often is for the standard variable OTEL_METRIC_EXPORT_INTERVAL to say: each minute without it.
    reader = PeriodicExportingMetricReader(figures)
    metrics.set_meter_provider(MeterProvider(resource=resource, metric_readers=[reader]))
    return True


def watch_statements() -> None:
    """Have every statement of every engine of this process be a span; its values stay out of it."""

    def begin(_connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:
        about = {"db.system": "postgresql", "db.statement": statement[:LONGEST_STATEMENT]}
        name = statement.lstrip()[:30].split(maxsplit=1)[0].upper() if statement.strip() else "SQL"
        context.telemetry_span = _tracer.start_span(name, kind=trace.SpanKind.CLIENT, attributes=about)

    def end(_connection: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool) -> None:
        context.telemetry_span.end()

    def fail(problem: "ExceptionContext") -> None:
        found = getattr(problem.execution_context, "telemetry_span", None)
        if found is not None:
            found.set_status(trace.StatusCode.ERROR, type(problem.original_exception).__name__)
            found.end()

    event.listen(Engine, "before_cursor_execute", begin)
    event.listen(Engine, "after_cursor_execute", end)
    event.listen(Engine, "handle_error", fail)


def flush() -> None:
    """Send what was not sent yet: the last thing a process does that ends without a word."""
    finish = getattr(trace.get_tracer_provider(), "force_flush", None)
    if finish:
        finish(2000)


def _exporters(settings: Settings) -> tuple["SpanExporter", "MetricExporter"]:
    if settings.telemetry == "otlp":
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        return OTLPSpanExporter(), OTLPMetricExporter()
    from opentelemetry.sdk.metrics.export import ConsoleMetricExporter
    from opentelemetry.sdk.trace.export import ConsoleSpanExporter

    def out(name: str) -> IO[str]:
        if settings.telemetry == "console":
            return sys.stdout
        path = settings.var / "log" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("a", encoding="utf-8", buffering=1)

    def line(what: Any) -> str:
        return str(what.to_json(indent=None)) + "\n"

    return (
        ConsoleSpanExporter(out=out("traces.jsonl"), formatter=line),
        ConsoleMetricExporter(out=out("metrics.jsonl"), formatter=line),
    )
