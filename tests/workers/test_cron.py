"""One scheduler works at a time, each task comes round when it is due, and staff can see how it went."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from redis import Redis
from sqlalchemy import Engine, select, text

from domain.shared.db import Sessions, utcnow
from domain.shared.outbox import OutboxMessage
from domain.shared.settings import Settings
from tests.processes import eventually
from tests.workers.conftest import Nudged, record_all
from web import jobs as staff
from workers.cron import LOCK, run, sole_scheduler
from workers.queues import connect
from workers.relay import relay
from workers.schedule import SCHEDULE, Task, Tools, purge_outbox
from workers.sweep import sweep


def scheduler(engine: Engine, tools: Tools, *tasks: Task) -> tuple[threading.Thread, threading.Event]:
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(engine, tools, stop, tasks))
    thread.start()
    return thread, stop


def test_one_scheduler_at_a_time(engine: Engine) -> None:
    with sole_scheduler(engine) as first, sole_scheduler(engine) as second:
        assert first is not None
        assert second is None
    with sole_scheduler(engine) as third:
        assert third is not None


def test_the_scheduler_goes_on_when_its_connection_breaks(
    engine: Engine, sessions: Sessions, redis: Redis, settings: Settings
) -> None:
    rounds: list[float] = []

    def task(_tools: Tools) -> int:
        rounds.append(time.monotonic())
        return 0

    thread, stop = scheduler(engine, Tools(settings, sessions, redis), Task("works", 0.2, task))
    eventually(lambda: len(rounds) >= 2)
    with engine.connect() as connection:
        holder = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = :key"
        assert connection.scalar(text(holder), {"key": LOCK})
    broken_at = time.monotonic()

    eventually(lambda: rounds[-1] > broken_at + 2)
    assert thread.is_alive()
    stop.set()
    thread.join(5)


def test_tasks_come_round_and_a_failure_stops_none(
    engine: Engine, sessions: Sessions, redis: Redis, settings: Settings
) -> None:
    rounds: list[str] = []

    def works(_tools: Tools) -> int:
        rounds.append("works")
        return 2

    def fails(_tools: Tools) -> int:
        rounds.append("fails")
        raise RuntimeError("the bank is closed")

    tools = Tools(settings, sessions, redis)
    thread, stop = scheduler(engine, tools, Task("works", 0.3, works), Task("fails", 0.3, fails))
    eventually(lambda: rounds.count("works") >= 2 and rounds.count("fails") >= 2)
    stop.set()
    thread.join(5)

    bad, good = staff.schedule(redis)
    assert (good.name, good.every, good.count, good.error) == ("works", 0.3, 2, "")
    assert (bad.name, bad.count, bad.error) == ("fails", 0, "RuntimeError: the bank is closed")
    assert good.next_run_at - good.last_run_at == timedelta(seconds=0.3)
    assert utcnow() - good.last_run_at < timedelta(seconds=20)


def test_a_task_is_never_run_twice_at_once(
    engine: Engine, sessions: Sessions, redis: Redis, settings: Settings
) -> None:
    inside, most = [0], [0]

    def slow(_tools: Tools) -> int:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        time.sleep(0.4)
        inside[0] -= 1
        return 0

    tools = Tools(settings, sessions, redis)
    both = [scheduler(engine, tools, Task("slow", 0.05, slow)) for _ in range(2)]
    time.sleep(1.5)
    for _, stop in both:
        stop.set()
    for thread, _ in both:
        thread.join(5)
    assert most == [1]


def test_tasks_run_without_redis(engine: Engine, sessions: Sessions, settings: Settings) -> None:
    ran = threading.Event()

    def task(_tools: Tools) -> int:
        ran.set()
        return 0

    tools = Tools(settings, sessions, connect("redis://127.0.0.1:9/0"))
    thread, stop = scheduler(engine, tools, Task("task", 1, task))
    assert ran.wait(5)
    stop.set()
    thread.join(15)
    assert not thread.is_alive()


def test_the_schedule_runs_as_a_process(
    sessions: Sessions, redis: Redis, start: Callable[[str], AbstractContextManager[Any]]
) -> None:
    with start("workers.cron"), start("workers.cron"):
        eventually(lambda: len(staff.schedule(redis)) == len(SCHEDULE))
    assert {task.name: task.error for task in staff.schedule(redis)} == {task.name: "" for task in SCHEDULE}


def test_only_what_was_done_long_ago_is_deleted(sessions: Sessions, redis: Redis, settings: Settings) -> None:
    old, fresh, undone = record_all(sessions, *(Nudged(number=number) for number in range(3)))
    relay(sessions, redis)
    sweep(sessions, redis)
    with sessions() as session, session.begin():
        for message in session.scalars(select(OutboxMessage)):
            assert message.done_at is not None
            long_ago = utcnow() - timedelta(days=15)
            message.done_at = {old: long_ago, fresh: utcnow(), undone: None}[message.id]

    assert purge_outbox(Tools(settings, sessions, redis)) == 1
    with sessions() as session:
        assert set(session.scalars(select(OutboxMessage.id))) == {fresh, undone}
