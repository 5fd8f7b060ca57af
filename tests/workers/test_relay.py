"""Messages reach the queues once, whoever relays them and whatever is away."""

import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from typing import Any
from uuid import uuid4

import pytest
from redis import Redis

from domain.catalog.events import ProductChanged
from domain.shared.db import Sessions
from domain.shared.queues import QUEUES
from domain.shared.settings import Settings
from tests.processes import eventually, free_port
from tests.workers.conftest import Nudged, count_waiting, record_all
from workers.queues import connect, job_id, queue
from workers.relay import relay, run
from workers.subscriptions import SUBSCRIBERS


def nothing(_session: object, _event: object) -> None:
    pass


def nothing_either(_session: object, _event: object) -> None:
    pass


def test_each_handler_gets_a_job_in_plain_json(
    sessions: Sessions, redis: Redis, subscribed: Callable[..., None]
) -> None:
    subscribed(one=nothing, two=nothing_either)
    (message_id,) = record_all(sessions, Nudged(number=1))

    assert relay(sessions, redis) == 1
    assert relay(sessions, redis) == 0
    jobs = queue(redis, "orders").jobs
    assert [job.id for job in jobs] == [f"{message_id}-tests-one", f"{message_id}-tests-two"]
    assert jobs[0].args == [str(message_id), "tests.one"]
    assert redis.hget(jobs[0].key, "data") is not None
    assert count_waiting(sessions) == 0


def test_an_event_that_nobody_hears_is_passed_over(sessions: Sessions, redis: Redis) -> None:
    record_all(sessions, Nudged(number=1))

    assert relay(sessions, redis) == 1
    assert queue(redis, "orders").count == 0


def test_relays_side_by_side_hand_on_each_message_once(
    sessions: Sessions, redis: Redis, subscribed: Callable[..., None]
) -> None:
    subscribed(one=nothing)
    ids = record_all(sessions, *(Nudged(number=number) for number in range(200)))

    def work() -> int:
        moved = 0
        while some := relay(sessions, redis, limit=7):
            moved += some
        return moved

    with ThreadPoolExecutor(4) as pool:
        moved = [future.result() for future in [pool.submit(work) for _ in range(4)]]
    assert sum(moved) == 200
    assert sorted(queue(redis, "orders").job_ids) == sorted(f"{id_}-tests-one" for id_ in ids)


def test_without_redis_nothing_counts_as_relayed(
    sessions: Sessions, redis: Redis, subscribed: Callable[..., None]
) -> None:
    subscribed(one=nothing)
    record_all(sessions, Nudged(number=1))
    away = connect(f"redis://127.0.0.1:{free_port()}/0")

    from redis.exceptions import RedisError

    with pytest.raises(RedisError):
        relay(sessions, away)
    assert count_waiting(sessions) == 1
    assert relay(sessions, redis) == 1


def test_a_commit_rings_and_no_poll_has_to_come_round(
    sessions: Sessions,
    redis: Redis,
    settings: Settings,
    subscribed: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("workers.relay.POLL", 30.0)
    subscribed(one=nothing)
    stop = threading.Event()
    thread = threading.Thread(
        target=run, args=(sessions, redis), kwargs={"database_url": settings.database_url, "stop": stop}
    )
    thread.start()
    try:
        time.sleep(0.5)
        for number in range(3):
            began = time.monotonic()
            record_all(sessions, Nudged(number=number))
            eventually(lambda: count_waiting(sessions) == 0, seconds=20, every=0.01)
            assert time.monotonic() - began < 20, "it waited until it looks by itself"
    finally:
        stop.set()
        record_all(sessions, Nudged(number=99))
        thread.join(10)
    assert queue(redis, "orders").count >= 3


def test_a_relay_survives_the_loss_of_its_connections(
    sessions: Sessions, redis: Redis, start: Callable[[str], AbstractContextManager[object]]
) -> None:
    from sqlalchemy import text

    with start("workers.relay"):
        record_all(sessions, Nudged(number=1))
        eventually(lambda: count_waiting(sessions) == 0)
        with sessions() as session:
            cut = session.scalars(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid <> pg_backend_pid() AND (application_name = 'cornershop-relay' OR query LIKE 'LISTEN%')"
                )
            ).all()
        assert len(cut) == 2
        record_all(sessions, Nudged(number=2))
        eventually(lambda: count_waiting(sessions) == 0)


def test_relay_processes_side_by_side_outlive_one_that_is_killed(
    sessions: Sessions, redis: Redis, start: Callable[[str], AbstractContextManager[Any]]
) -> None:
    ids = record_all(sessions, *(ProductChanged(product_id=uuid4()) for _ in range(1500)))
    with ExitStack() as stack:
        first = stack.enter_context(start("workers.relay"))
        eventually(lambda: count_waiting(sessions) < len(ids), every=0.001)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        assert count_waiting(sessions) > 0
        for _ in range(3):
            stack.enter_context(start("workers.relay"))
        eventually(lambda: count_waiting(sessions) == 0, seconds=60)

    jobs = [job for name in QUEUES for job in queue(redis, name).job_ids]
    handlers = SUBSCRIBERS[ProductChanged.name]
    assert sorted(jobs) == sorted(job_id(id_, handler) for id_ in ids for handler in handlers)
