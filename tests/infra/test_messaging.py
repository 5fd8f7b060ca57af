"""Outside consumers get by their queues the events that concern them, the failures among them too."""

import json
import re
from dataclasses import fields
from pathlib import Path

import workers.subscriptions  # noqa: F401 - with it every event of the shop is declared
from domain.shared.events import EVENTS

MESSAGING = (Path(__file__).resolve().parents[2] / "infra" / "messaging.tf").read_text()
OURS = {name: kind for name, kind in EVENTS.items() if kind.__module__.startswith("domain.")}


def about_money() -> list[str]:
    found = re.search(r"about_money = (\[.*?\])", MESSAGING, re.DOTALL)
    assert found is not None
    names: list[str] = json.loads(re.sub(r",\s*\]", "]", found[1]))
    return names


def test_what_is_about_money_goes_to_the_queue_of_payments() -> None:
    named = {name: {field.name for field in fields(kind)} for name, kind in OURS.items()}
    money = {name for name, its in named.items() if its & {"payment_id", "refund_id"}}

    assert "orders.refund_failed" in money
    assert about_money() == sorted(money)
    assert re.search(r"payments\s+= local\.about_money\n", MESSAGING)


def test_the_other_queues_go_by_the_beginning_of_the_name() -> None:
    prefixes = dict(re.findall(r'(\w+)\s+= \[\{ prefix = "(\w+)\." \}\]', MESSAGING))

    assert prefixes == {"orders": "orders", "notifications": "notifications"}
    assert set(prefixes.values()) <= {name.partition(".")[0] for name in OURS}
