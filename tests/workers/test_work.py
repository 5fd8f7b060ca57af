"""A real forking worker, a real relay and a real mail server: mails arrive once, whatever goes wrong between."""

import json
import os
import signal
import socket
import threading
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import select, text

from cli.lifeline import children_of
from domain.notifications.models import Message
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.outbox import OutboxMessage
from domain.shared.settings import Settings
from tests.factories.notifications import make_message
from tests.processes import answers, eventually
from tests.workers.conftest import count_waiting
from web import jobs as staff
from workers import queues
from workers.relay import relay
from workers.schedule import Tools, enqueue_retries
from workers.sweep import sweep
from workers.work import ABANDONED_AFTER, make_worker

Start = Callable[[str], AbstractContextManager[Any]]
AT_ONCE = timedelta(0)


def write(sessions: Sessions, *recipients: str) -> None:
    with transaction(sessions) as tx:
        for recipient in recipients:
            make_message(tx, recipient=recipient)


def states(sessions: Sessions) -> list[tuple[str, int]]:
    with sessions() as session:
        return [tuple(row) for row in session.execute(select(Message.state, Message.attempts).order_by(Message.id))]


def mailbox(settings: Settings) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{settings.sandbox_url}/mailbox.json", timeout=5) as answer:  # noqa: S310
        return list(json.load(answer))


def close_circuits(sessions: Sessions) -> None:
    """Forget that a channel gave no answer; three silences in a row would make the next message wait instead."""
    with transaction(sessions) as tx:
        tx.execute(text("DELETE FROM notifications.channels"))


def undone(sessions: Sessions) -> int:
    with sessions() as session:
        return len(session.scalars(select(OutboxMessage.id).where(OutboxMessage.done_at.is_(None))).all())


def sandbox_up(stack: ExitStack, start: Start, settings: Settings) -> None:
    stack.enter_context(start("cli.sandbox"))
    eventually(lambda: answers(settings.smtp_port) and answers(settings.sandbox_port))


def test_mails_go_out_by_relay_and_worker(sessions: Sessions, redis: Redis, mailing: Settings, start: Start) -> None:
    with ExitStack() as stack:
        sandbox_up(stack, start, mailing)
        for module in ("workers.relay", "workers.relay", "workers.work", "workers.work"):
            stack.enter_context(start(module))
        write(sessions, *(f"shopper-{number}@example.com" for number in range(8)))
        eventually(lambda: {state for state, _ in states(sessions)} == {"sent"}, seconds=40)

        mails = mailbox(mailing)
        assert len(mails) == 8
        assert {mail["copies"] for mail in mails} == {1}
        assert states(sessions) == [("sent", 1)] * 8
        with sessions() as session:
            assert set(session.scalars(select(Message.provider_id))) == {mail["message_id"] for mail in mails}
    sweep(sessions, redis)
    assert undone(sessions) == 0
    assert [view.queued + view.started + view.scheduled + view.failed for view in staff.overview(redis)] == [0, 0, 0]


def test_a_wiped_redis_loses_nothing(sessions: Sessions, redis: Redis, mailing: Settings, start: Start) -> None:
    write(sessions, "a@example.com", "b@example.com")
    assert relay(sessions, redis) == 2
    redis.flushall()
    assert sweep(sessions, redis) == 0  # not before its patience is over
    assert sweep(sessions, redis, older_than=AT_ONCE) == 2
    assert sweep(sessions, redis, older_than=AT_ONCE) == 0  # they are in the queue

    with ExitStack() as stack:
        sandbox_up(stack, start, mailing)
        stack.enter_context(start("workers.work"))
        eventually(lambda: states(sessions) == [("sent", 1)] * 2)
        assert len(mailbox(mailing)) == 2


def test_a_closed_mail_server_delays_and_never_loses(
    sessions: Sessions, redis: Redis, mailing: Settings, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(queues.PAUSES, "notifications", [1, 600])
    write(sessions, "a@example.com")
    relay(sessions, redis)
    notifications = queues.queue(redis, "notifications")
    tools = Tools(mailing, sessions, redis)
    with ExitStack() as stack:
        stack.enter_context(start("workers.work"))
        for attempt, pause in ((1, 1), (2, 600)):
            eventually(lambda: notifications.scheduled_job_registry.count == 1)
            ((_, due),) = redis.zrange(notifications.scheduled_job_registry.key, 0, -1, withscores=True)
            assert pause - 20 < due - utcnow().timestamp() <= pause
            assert states(sessions) == [("queued", attempt)]
            assert sweep(sessions, redis, older_than=AT_ONCE) == 0  # it waits for its next try
            if attempt == 1:
                eventually(lambda: enqueue_retries(tools) == 1)
                eventually(lambda: states(sessions) == [("queued", 2)])

        sandbox_up(stack, start, mailing)
        (id_,) = notifications.scheduled_job_registry.get_job_ids()
        redis.zadd(notifications.scheduled_job_registry.key, {id_: utcnow().timestamp() - 1})
        assert enqueue_retries(tools) == 1
        eventually(lambda: states(sessions) == [("sent", 3)])


def test_a_job_out_of_tries_waits_for_staff(
    sessions: Sessions, redis: Redis, mailing: Settings, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(queues.PAUSES, "notifications", [0])
    with ExitStack() as stack:
        stack.enter_context(start("workers.work"))
        for number, recipient in enumerate(("a@example.com", "b@example.com"), start=1):
            write(sessions, recipient)
            relay(sessions, redis)
            eventually(lambda number=number: len(staff.failed_jobs(redis).rows) == number)
            close_circuits(sessions)

        assert states(sessions) == [("queued", 2)] * 2
        first, second = staff.failed_jobs(redis).rows
        assert (first.queue, first.description, first.attempts) == ("notifications", "notifications.send_message", 2)
        assert "ConnectionRefusedError" in first.reason
        assert "Traceback" in first.error
        assert first.failed_at is not None
        assert [(view.name, view.failed) for view in staff.overview(redis)] == [
            ("orders", 0), ("payments", 0), ("notifications", 2),
        ]  # fmt: skip

        with transaction(sessions) as tx:
            assert staff.discard(tx, redis, second.id)
        with transaction(sessions) as tx:
            assert not staff.discard(tx, redis, second.id)
        sandbox_up(stack, start, mailing)
        assert staff.retry(redis, first.id)
        assert not staff.retry(redis, first.id)
        assert not staff.retry(redis, "no-such-job")
        eventually(lambda: ("sent", 3) in states(sessions))
        assert sorted(states(sessions)) == [("queued", 2), ("sent", 3)]
    sweep(sessions, redis, older_than=AT_ONCE)
    assert undone(sessions) == 0
    assert staff.failed_jobs(redis).rows == ()


def test_a_worker_that_is_killed_with_its_job_loses_nothing(
    sessions: Sessions, redis: Redis, mailing: Settings, start: Start
) -> None:
    write(sessions, "a@example.com")
    relay(sessions, redis)
    id_ = queues.queue(redis, "notifications").job_ids[0]
    # As a worker leaves it that dies after taking the job and before starting it.
    redis.lpop(queues.queue(redis, "notifications").key)
    assert redis.exists(f"rq:job:{id_}")
    assert sweep(sessions, redis, older_than=AT_ONCE) == 1
    assert queues.queue(redis, "notifications").job_ids == [id_]

    with ExitStack() as stack:
        sandbox_up(stack, start, mailing)
        worker = stack.enter_context(start("workers.work"))
        eventually(lambda: states(sessions) == [("sent", 1)])
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        write(sessions, "b@example.com")
        relay(sessions, redis)
        stack.enter_context(start("workers.work"))
        eventually(lambda: states(sessions) == [("sent", 1)] * 2)


def test_a_job_whose_worker_was_killed_in_the_middle_is_taken_up_within_seconds(
    sessions: Sessions, redis: Redis, mailing: Settings, start: Start
) -> None:
    write(sessions, "a@example.com")
    relay(sessions, redis)
    notifications = queues.queue(redis, "notifications")
    started = notifications.started_job_registry
    with ExitStack() as stack:
        with socket.create_server(("127.0.0.1", mailing.smtp_port)):  # it takes the call and says nothing
            worker = stack.enter_context(start("workers.work"))
            eventually(lambda: started.count == 1 and states(sessions) == [("queued", 1)])
            for pid in (worker.pid, *children_of(worker.pid)):
                os.kill(pid, signal.SIGKILL)
            worker.wait()
        sandbox_up(stack, start, mailing)

        ((execution, given_up_at),) = redis.zrange(started.key, 0, -1, withscores=True)
        assert given_up_at - utcnow().timestamp() <= ABANDONED_AFTER
        assert sweep(sessions, redis, older_than=AT_ONCE) == 0  # its worker may still be at it
        assert (started.count, notifications.scheduled_job_registry.count) == (1, 0)
        redis.zadd(started.key, {execution: utcnow().timestamp() - 1})
        sweep(sessions, redis, older_than=AT_ONCE)
        assert (started.count, notifications.scheduled_job_registry.count) == (0, 1)

        stack.enter_context(start("workers.cron"))
        stack.enter_context(start("workers.work"))
        eventually(lambda: states(sessions) == [("sent", 2)])


def test_a_worker_that_is_asked_to_end_finishes_its_job_first(
    sessions: Sessions, redis: Redis, mailing: Settings, start: Start
) -> None:
    write(sessions, "a@example.com", "b@example.com")
    relay(sessions, redis)
    started = queues.queue(redis, "notifications").started_job_registry
    with ExitStack() as stack:
        sandbox_up(stack, start, mailing)
        with sessions() as other:
            other.execute(text("LOCK TABLE notifications.messages IN EXCLUSIVE MODE"))
            worker = stack.enter_context(start("workers.work"))
            eventually(lambda: started.count == 1)
            worker.send_signal(signal.SIGTERM)
            assert worker.poll() is None
        assert worker.wait(20) == 0

        assert sorted(states(sessions)) == [("queued", 0), ("sent", 1)]
        assert [mail["copies"] for mail in mailbox(mailing)] == [1]
    assert staff.failed_jobs(redis).rows == ()
    assert len(queues.queue(redis, "notifications").job_ids) == 1


def test_a_worker_that_is_asked_to_end_while_it_sets_itself_up_takes_no_job(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal that comes before RQ listens for one is heard by the handlers in front of it, and must not be lost."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # the test's own process keeps its handlers
    waiting = queues.queue(redis, "orders").enqueue("builtins.int", args=("1",))
    worker = make_worker(redis)
    worker.stop = threading.Event()
    worker.stop.set()

    worker.work(burst=True, logging_level="ERROR")

    assert worker.asked_to_stop
    assert waiting.get_status() == "queued"


def test_a_worker_comes_back_when_its_connections_are_cut(
    sessions: Sessions, redis: Redis, mailing: Settings, start: Start
) -> None:
    with ExitStack() as stack:
        sandbox_up(stack, start, mailing)
        stack.enter_context(start("workers.work"))
        eventually(lambda: redis.smembers("rq:workers"))
        redis.flushall()
        mine = redis.client_id()
        for client in redis.client_list():
            if int(client["id"]) != mine:
                redis.client_kill_filter(_id=client["id"])
        write(sessions, "a@example.com")
        relay(sessions, redis)
        eventually(lambda: states(sessions) == [("sent", 1)], seconds=40)
    assert count_waiting(sessions) == 0
