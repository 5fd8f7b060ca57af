"""What a running store tells of itself: one trace from the click to the mail, and lines that name it."""

import json
import re
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from cli.embedded import embedded_redis
from tests.faults.conftest import own_engine, own_place
from tests.faults.store import BACKGROUND, Store, buy
from tests.processes import eventually

__all__ = ["own_engine", "own_place"]


def spans(store: Store) -> list[dict[str, Any]]:
    """Return the spans that all parts of the store have written."""
    path = store.settings.var / "log" / "traces.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_one_trace_leads_from_the_click_to_the_mail(own_place: Store, own_engine: Engine, tmp_path: Path) -> None:
    settings = own_place.settings.model_copy(update={"telemetry": "file"})
    store = Store(settings, own_place.log, name="ada-traced")
    with ExitStack() as stack:
        stack.enter_context(embedded_redis(tmp_path))
        store.start(stack, "sandbox", "storefront", *BACKGROUND)
        buy(store, "harbour-mug")
        store.told_once("Payment received", "Your order")

        def click() -> dict[str, Any] | None:
            return next((span for span in spans(store) if span["name"] == "POST /checkout/order"), None)

        placed = eventually(click, seconds=30)
        wanted = {
            "POST /checkout/order": "storefront",
            "relay orders.order_placed": "relay",
            "job notifications.notify": "worker",
            "relay notifications.message_queued": "relay",
            "job notifications.send_message": "worker",
            "perform notifications.send_message": "worker",
        }

        def of_the_click() -> dict[str, str]:
            same = [span for span in spans(store) if span["context"]["trace_id"] == placed["context"]["trace_id"]]
            return {span["name"]: span["resource"]["attributes"]["service.name"] for span in same}

        eventually(lambda: wanted.keys() <= of_the_click().keys(), seconds=60, every=0.3)
        found = of_the_click()

    assert {name: f"cornershop-{part}" for name, part in wanted.items()}.items() <= found.items()
    assert {"gateway demo"} <= found.keys(), "the call to the gateway is part of it"
    assert {"SELECT", "INSERT", "UPDATE"} & found.keys(), "and so are the statements"
    assert not any(span["name"] == "GET /healthz" for span in spans(store)), "probes would drown the rest"
    trace = placed["context"]["trace_id"].removeprefix("0x")
    lines = [json.loads(line) for line in store.log.read_text().splitlines() if line.startswith("{")]
    of_trace = {line["event"] for line in lines if line.get("trace") == trace}
    assert {"request", "job done"} <= of_trace
    of_order = [line for line in lines if line.get("trace") == trace and "order" in line]
    assert {line["event"] for line in of_order} == {"request", "job done"}, "both name the order they are about"
    assert len({line["order"] for line in of_order}) == 1
    written = (tmp_path / "log" / "traces.jsonl").read_text()
    assert store.email not in written, "nothing that a shopper typed is in a trace"
    assert "GET /orders/<number>" in written
    assert "key=" not in written, "and nothing that opens an order"
    assert set(re.findall(r'"net.peer.ip": "([^"]*)"', written)) == {"(hidden)"}, "nor where anybody came from"
