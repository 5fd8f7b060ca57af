"""Events on an EventBridge bus, as moto plays it: each arrives, in order, under its own id, in the queues it is for."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import select

from cli.docs.schemas import schema
from domain.orders.events import OrderPaid, OrderPlaced, OrderShipped, PaymentFailed
from domain.shared.db import Sessions, transaction
from domain.shared.events import EVENTS, Event
from domain.shared.money import Money
from domain.shared.outbox import OutboxMessage
from domain.shared.settings import ROOT, Settings
from tests.domain.notifications.aws import aws, moto, service
from tests.factories.orders import make_order
from tests.infra.queues import patterns
from tests.workers.conftest import record_all
from workers import mirror as module
from workers.mirror import mirror

__all__ = ["aws", "moto"]

QUEUES = ("orders", "payments", "notifications")


@pytest.fixture
def bus(aws: Settings) -> Settings:
    """A bus whose rules lead to the three queues, and settings that name it."""
    events, sqs = service("events", aws), service("sqs", aws)
    events.create_event_bus(Name="shop")
    for name, pattern in patterns().items():
        url = sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        rule = json.dumps({"source": ["cornershop"], "detail-type": pattern})
        events.put_rule(Name=name, EventBusName="shop", EventPattern=rule)
        events.put_targets(Rule=name, EventBusName="shop", Targets=[{"Id": "queue", "Arn": arn}])
    return aws.model_copy(update={"event_bus": "shop"})


def arrived(settings: Settings, queue: str) -> list[dict[str, Any]]:
    """Take everything out of a queue, in the order in which the events happened."""
    sqs, found = service("sqs", settings), []
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    while got := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for one in got:
            found.append(json.loads(one["Body"]))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
    return found


def story(order_id: UUID) -> list[Event]:
    return [
        OrderPlaced(order_id=order_id, number="CS-1", total=Money(1200, "EUR"), units=1),
        OrderPaid(order_id=order_id, payment_id=uuid4()),
        OrderShipped(order_id=order_id, shipment_id=uuid4(), complete=True),
    ]


def test_nothing_is_sent_without_a_bus(settings: Settings, sessions: Sessions) -> None:
    record_all(sessions, *story(uuid4()))

    assert mirror(sessions, settings) == 0


def test_the_queues_are_those_of_the_infrastructure() -> None:
    assert tuple(patterns()) == QUEUES


def test_events_arrive_once_each_and_in_order_for_each_order(bus: Settings, sessions: Sessions) -> None:
    assert mirror(sessions, bus) == 0, "a new mirror starts with what comes next"
    orders = [uuid4() for _ in range(4)]
    ids = record_all(sessions, *[event for step in zip(*map(story, orders), strict=True) for event in step])

    assert mirror(sessions, bus) == 12
    assert mirror(sessions, bus) == 0

    found = arrived(bus, "orders")
    assert sorted(one["detail"]["id"] for one in found) == sorted(map(str, ids))
    for order in orders:
        own = [one for one in found if one["detail"]["data"]["order_id"] == str(order)]
        assert [one["detail-type"].split("_")[-1] for one in own] == ["placed", "paid", "shipped"]
    assert {one["source"] for one in found} == {"cornershop"}
    assert {one["detail-type"] for one in arrived(bus, "payments")} == {"orders.order_paid"}
    assert arrived(bus, "notifications") == []


def test_what_the_bus_refuses_comes_later_and_holds_back_its_order_alone(
    bus: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror(sessions, bus)
    refused, other = uuid4(), uuid4()
    record_all(sessions, *story(refused), *story(other))
    real = module.client("events", bus)

    class Picky:
        def put_events(self, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803 - boto3's own name
            results = []
            for entry in Entries:
                if str(refused) in entry["Detail"]:
                    results.append({"ErrorCode": "ThrottlingException"})
                else:
                    results += real.put_events(Entries=[entry])["Entries"]
            return {"Entries": results}

    monkeypatch.setattr(module, "client", lambda *_: Picky())
    assert mirror(sessions, bus) == 3
    monkeypatch.undo()
    assert mirror(sessions, bus) == 3

    own = [one["detail-type"] for one in arrived(bus, "orders") if one["detail"]["data"]["order_id"] == str(refused)]
    assert own == ["orders.order_placed", "orders.order_paid", "orders.order_shipped"]


def test_a_crash_after_the_sending_sends_again_under_the_same_id(
    bus: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirror(sessions, bus)
    (id_,) = record_all(sessions, PaymentFailed(order_id=uuid4(), payment_id=uuid4()))

    def crash(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "mark_mirrored", crash)
    with pytest.raises(KeyboardInterrupt):
        mirror(sessions, bus)
    monkeypatch.undo()

    assert mirror(sessions, bus) == 1
    assert [one["detail"]["id"] for one in arrived(bus, "payments")] == [str(id_)] * 2


def test_what_is_recorded_is_what_the_schemas_say(bus: Settings, sessions: Sessions) -> None:
    mirror(sessions, bus)
    with transaction(sessions) as tx:
        make_order(tx, paid=True)

    assert mirror(sessions, bus) > 0
    found = [one for queue in QUEUES for one in arrived(bus, queue)]
    assert {one["detail-type"] for one in found} >= {"orders.order_placed", "orders.order_paid"}
    for one in found:
        Draft202012Validator(schema(EVENTS[one["detail-type"]])).validate(one["detail"])
    with sessions() as session:
        for name, payload in session.execute(select(OutboxMessage.name, OutboxMessage.payload)):
            data = schema(EVENTS[name])["properties"]["data"]
            Draft202012Validator(data).validate(payload)


def test_every_event_has_its_schema_and_no_schema_is_left_over() -> None:
    kept = {path.stem for path in (ROOT / "docs" / "events").glob("*.json")}

    assert kept == {name for name, event in EVENTS.items() if name and event.__module__.startswith("domain.")}
    for event in EVENTS.values():
        if event.__module__.startswith("domain."):
            Draft202012Validator.check_schema(schema(event))
