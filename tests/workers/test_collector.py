"""What a running store sends to a collector by OTLP: the whole trace of an order, and every figure that alarms read."""

import http.server
import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from redis import Redis
from sqlalchemy import Engine

from cli.embedded import embedded_redis
from domain.notifications.events import MessageFailed
from domain.orders.events import OrderPaid, OrderPlaced, PaymentFailed
from domain.shared import telemetry
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.money import Money
from domain.shared.settings import Settings
from domain.shared.telemetry import EVERY_FIGURE
from tests.factories.cart import make_cart
from tests.faults.conftest import own_engine, own_place
from tests.faults.store import BACKGROUND, Store, buy, settings_of
from tests.processes import eventually
from tests.workers.conftest import record_all
from workers.measures import COUNTS, FIGURES, SETTLED, Measures

__all__ = ["own_engine", "own_place"]

Place = tuple[str, str]
"""The part of the store that something came from, and its name."""


class Collector(http.server.ThreadingHTTPServer):
    """Keeps what it is sent: spans by their trace, figures by their name."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receiver)
        self.traces: dict[bytes, set[Place]] = defaultdict(set)
        self.figures: set[Place] = set()

    def keep(self, path: str, body: bytes) -> None:
        """Decode one request as a collector does."""
        if path == "/v1/traces":
            for sent in ExportTraceServiceRequest.FromString(body).resource_spans:
                for span in (span for scope in sent.scope_spans for span in scope.spans):
                    self.traces[span.trace_id].add((_part(sent.resource), span.name))
        elif path == "/v1/metrics":
            for figures in ExportMetricsServiceRequest.FromString(body).resource_metrics:
                found = (metric.name for scope in figures.scope_metrics for metric in scope.metrics)
                self.figures |= {(_part(figures.resource), name) for name in found}


class _Receiver(http.server.BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        self.server.keep(self.path, self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        pass


def _part(resource: object) -> str:
    names = {one.key: one.value.string_value for one in resource.attributes}  # type: ignore[attr-defined]
    return str(names["service.name"].removeprefix("cornershop-"))


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """A collector that the parts of the store find by the standard variables; figures come every second."""
    with Collector() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("OTEL_METRIC_EXPORT_INTERVAL", "1000")
        yield server
        server.shutdown()


def test_a_collector_gets_one_trace_from_the_click_to_the_mail_and_the_figures(
    own_place: Store, own_engine: Engine, tmp_path: Path, collector: Collector
) -> None:
    store = Store(own_place.settings.model_copy(update={"telemetry": "otlp"}), own_place.log, name="ada-collected")
    of_the_click = {
        ("storefront", "POST /checkout/order"),
        ("storefront", "INSERT"),
        ("storefront", "gateway demo"),
        ("relay", "relay orders.order_placed"),
        ("worker", "job notifications.notify"),
        ("relay", "relay notifications.message_queued"),
        ("worker", "job notifications.send_message"),
        ("worker", "perform notifications.send_message"),
    }
    watched = {("scheduler", name) for name in FIGURES}
    watched |= {("storefront", name) for name in ("http.server.duration", "database_pool_use")}

    def whole() -> bool:
        return any(of_the_click <= trace for trace in list(collector.traces.values()))

    with ExitStack() as stack:
        stack.enter_context(embedded_redis(tmp_path))
        store.start(stack, "sandbox", "storefront", *BACKGROUND)
        buy(store, "harbour-mug")
        store.told_once("Payment received", "Your order")
        eventually(whole, seconds=60, every=0.3)
        eventually(lambda: watched <= set(collector.figures), seconds=60, every=0.3)

    clicks = [trace for trace in collector.traces.values() if ("storefront", "POST /checkout/order") in trace]
    assert len(clicks) == 1
    assert of_the_click <= clicks[0]


def test_spans_go_to_the_log_itself(settings: Settings, tmp_path: Path) -> None:
    store = Store(settings_of(settings, tmp_path, telemetry="console"), tmp_path / "processes.log")

    def spans() -> list[str]:
        lines = store.log.read_text().splitlines() if store.log.exists() else []
        return [json.loads(line)["name"] for line in lines if '"trace_id"' in line]

    with ExitStack() as stack:
        store.start(stack, "storefront")
        assert store.status("/healthz")[0] == store.status("/search?q=mug")[0] == 200
        eventually(lambda: {"GET /search", "SELECT"} <= set(spans()))

    assert "GET /healthz" not in spans()


def test_every_figure_is_reported_by_its_name(
    sessions: Sessions, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = InMemoryMetricReader()
    monkeypatch.setattr(telemetry, "_meter", MeterProvider(metric_readers=[reader]).get_meter("test"))
    measures = Measures()
    measures.report()
    order_id, payment_id = uuid4(), uuid4()
    record_all(
        sessions,
        OrderPlaced(order_id=order_id, number="1", total=Money(100, "EUR"), units=1),
        OrderPaid(order_id=order_id, payment_id=payment_id),
        PaymentFailed(order_id=order_id, payment_id=payment_id),
        MessageFailed(message_id=uuid4()),
    )
    with transaction(sessions) as tx:
        make_cart(tx)

    measures.take(sessions, redis, now=utcnow() + 2 * SETTLED)

    data = reader.get_metrics_data()
    assert data is not None
    scopes = [scope for sent in data.resource_metrics for scope in sent.scope_metrics]
    values = {
        metric.name: [(point.value, dict(point.attributes)) for point in metric.data.data_points]
        for scope in scopes
        for metric in scope.metrics
    }
    assert values.keys() == FIGURES.keys() | COUNTS.keys()
    assert {name: values[name] for name in COUNTS} == {name: [(1, EVERY_FIGURE)] for name in COUNTS}
    [(lag, about)] = values["outbox_lag_seconds"]
    assert lag >= 2 * SETTLED.total_seconds() - 1
    assert about == EVERY_FIGURE
