"""Outside consumers get by their queues the events that concern them, the failures among them too."""

from dataclasses import fields

import workers.subscriptions  # noqa: F401 - with it every event of the shop is declared
from domain.shared.events import EVENTS
from tests.infra.queues import patterns

OURS = {name: kind for name, kind in EVENTS.items() if kind.__module__.startswith("domain.")}


def test_what_is_about_money_goes_to_the_queue_of_payments() -> None:
    named = {name: {field.name for field in fields(kind)} for name, kind in OURS.items()}
    money = {name for name, its in named.items() if its & {"payment_id", "refund_id"}}

    assert "orders.refund_failed" in money
    assert patterns()["payments"] == sorted(money)


def test_the_other_queues_go_by_the_beginning_of_the_name() -> None:
    others = {name: pattern for name, pattern in patterns().items() if name != "payments"}

    assert others == {name: [{"prefix": f"{name}."}] for name in ("orders", "notifications")}
    assert others.keys() <= {name.partition(".")[0] for name in OURS}
