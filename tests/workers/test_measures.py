"""The figures that alarms read, against a real database and real queues."""

import re
from datetime import timedelta
from uuid import uuid4

from redis import Redis

from domain.notifications.events import MessageFailed
from domain.orders.events import OrderPaid
from domain.shared.db import Sessions, utcnow
from domain.shared.settings import ROOT
from tests.workers.conftest import count_waiting, record_all
from workers.measures import COUNTS, FIGURES, SETTLED, Measures
from workers.queues import queue
from workers.relay import relay
from workers.work import make_worker

LATER = SETTLED + timedelta(seconds=1)


def test_an_idle_shop_is_all_zero(sessions: Sessions, redis: Redis) -> None:
    assert Measures().take(sessions, redis) == dict.fromkeys([*FIGURES, *COUNTS], 0)


def test_an_event_is_counted_once_when_it_is_settled(sessions: Sessions, redis: Redis) -> None:
    measures = Measures()
    record_all(sessions, OrderPaid(order_id=uuid4(), payment_id=uuid4()), MessageFailed(message_id=uuid4()))
    now = utcnow()

    assert measures.take(sessions, redis, now=now)["orders_paid"] == 0, "it may not be committed yet"
    settled = measures.take(sessions, redis, now=now + LATER)
    assert (settled["orders_paid"], settled["messages_failed"], settled["orders_placed"]) == (1, 1, 0)
    assert measures.take(sessions, redis, now=now + 2 * LATER)["orders_paid"] == 0


def test_what_waits_is_measured_by_its_oldest(sessions: Sessions, redis: Redis) -> None:
    record_all(sessions, OrderPaid(order_id=uuid4(), payment_id=uuid4()))
    in_a_minute = utcnow() + timedelta(minutes=1)

    assert 59 < Measures().take(sessions, redis, now=in_a_minute)["outbox_lag_seconds"] < 120
    assert relay(sessions, redis) == 1
    assert count_waiting(sessions) == 0
    queued = Measures().take(sessions, redis, now=in_a_minute)
    assert queued["outbox_lag_seconds"] == 0
    assert queued["queue_depth"] >= 1
    assert 1 < queued["queue_age_seconds"] <= 60


def test_a_job_out_of_tries_and_a_living_worker_are_counted_and_a_dead_one_is_not(
    sessions: Sessions, redis: Redis
) -> None:
    failed = queue(redis, "orders").enqueue("builtins.int", args=("no number",))
    worker = make_worker(redis)
    worker.work(burst=True, logging_level="ERROR")
    assert failed.is_failed

    worker.register_birth()
    assert Measures().take(sessions, redis)["workers_alive"] == 1
    redis.delete(worker.key)  # as when it was killed and its record ran out
    figures = Measures().take(sessions, redis)

    assert (figures["workers_alive"], figures["jobs_failed"]) == (0, 1)


def test_the_alarms_read_figures_that_there_are() -> None:
    written = (ROOT / "infra" / "telemetry.tf").read_text()
    named = {name: re.findall(r'"(\w+)"', text) for name, text in re.findall(r"(\w+_metrics)\s*= \[(.*?)\]", written)}

    assert named == {"watched_metrics": [*FIGURES], "kpi_metrics": [*COUNTS]}
