"""A letter whose job is out of tries: staff see that it failed and why, and it goes out once when they say so."""

from collections.abc import Callable
from contextlib import ExitStack
from uuid import UUID

import pytest
from redis import Redis
from rq.job import JobStatus
from sqlalchemy import select

from domain.notifications.again import send_again
from domain.notifications.log import message_log
from domain.notifications.models import Message
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.errors import RuleBroken
from domain.shared.settings import Settings
from tests.factories.users import make_staff
from tests.processes import eventually
from tests.workers.conftest import Nudged, record_all
from tests.workers.test_work import AT_ONCE, Start, close_circuits, mailbox, sandbox_up, states, undone, write
from web import jobs as staff
from workers import queues
from workers.jobs import sole_run
from workers.news import tell_of_failed_jobs
from workers.relay import relay
from workers.sweep import give_up_letters, sweep


def fail_all(sessions: Sessions, redis: Redis, name: str) -> list[str]:
    """Have every job of a queue be out of tries, without the hours that takes, and return their names."""
    relay(sessions, redis)
    found = queues.queue(redis, name)
    for id_ in (ids := found.job_ids):
        job = found.fetch_job(id_)
        assert job
        found.remove(id_)
        job.set_status(JobStatus.FAILED)
        job.ended_at = utcnow()
        found.failed_job_registry.add(job, ttl=600, exc_string="Refused")
    return ids


def news(sessions: Sessions) -> list[tuple[str, dict[str, object]]]:
    """What was written to staff."""
    with sessions() as session:
        found = select(Message.template, Message.context).where(Message.template.startswith("staff_"))
        return [tuple(row) for row in session.execute(found.order_by(Message.id))]


def test_a_letter_out_of_tries_is_seen_as_failed_and_sent_once_from_its_log(
    sessions: Sessions, redis: Redis, mailing: Settings, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(queues.PAUSES, "notifications", [0])
    with ExitStack() as stack:
        stack.enter_context(start("workers.work"))
        write(sessions, "a@example.com")
        relay(sessions, redis)
        eventually(lambda: len(staff.failed_jobs(redis).rows) == 1)
        (job,) = staff.failed_jobs(redis).rows
        sweep(sessions, redis)

        with sessions() as session:
            (row,) = message_log(session, state="failed").rows
        assert (row.recipient, row.state_label, row.attempts) == ("a@example.com", "Failed", 2)
        assert "ConnectionRefusedError" in row.error
        assert staff.failed_jobs(redis).rows == ()
        assert not staff.retry(redis, job.id)
        close_circuits(sessions)

        sandbox_up(stack, start, mailing)
        with transaction(sessions) as tx:
            assert send_again(tx, message_id=row.id) == row.id
        with pytest.raises(RuleBroken, match="waits to be sent already"), transaction(sessions) as tx:
            send_again(tx, message_id=row.id)
        relay(sessions, redis)
        sweep(sessions, redis, older_than=AT_ONCE)
        eventually(lambda: states(sessions) == [("sent", 3)])
        sweep(sessions, redis, older_than=AT_ONCE)
        assert [mail["copies"] for mail in mailbox(mailing)] == [1]
        assert str(row.id) in mailbox(mailing)[0]["message_id"]
    assert undone(sessions) == 0


def test_a_letter_that_staff_try_again_at_this_moment_is_not_given_up(sessions: Sessions, redis: Redis) -> None:
    write(sessions, "a@example.com")
    (id_,) = fail_all(sessions, redis, "notifications")
    notifications = queues.queue(redis, "notifications")
    job = notifications.fetch_job(id_)
    with sole_run(sessions, UUID(job.args[0]), job.args[1]):
        assert give_up_letters(sessions, redis) == 0
    assert states(sessions) == [("queued", 0)]

    assert give_up_letters(sessions, redis) == 1
    assert states(sessions) == [("failed", 0)]
    assert give_up_letters(sessions, redis) == 0
    sweep(sessions, redis, older_than=AT_ONCE)
    assert notifications.job_ids == []


def test_staff_hear_of_messages_that_were_given_up_and_of_failed_jobs_each_by_itself(
    sessions: Sessions, redis: Redis, subscribed: Callable[..., None]
) -> None:
    with transaction(sessions) as tx:
        make_staff(tx, role="owner")
    subscribed(listen=lambda session, event: None)
    record_all(sessions, Nudged(number=1))
    write(sessions, "a@example.com", "b@example.com")
    fail_all(sessions, redis, "orders")
    fail_all(sessions, redis, "notifications")
    with transaction(sessions) as tx:
        assert tell_of_failed_jobs(tx, redis) == 1

    assert give_up_letters(sessions, redis) == 2

    assert news(sessions) == [
        ("staff_failed_jobs", {"count": 1, "latest": "tests.listen"}), ("staff_failed_messages", {"count": 2}),
    ]  # fmt: skip


def test_failed_jobs_of_other_kinds_are_left_to_staff(
    sessions: Sessions, redis: Redis, subscribed: Callable[..., None]
) -> None:
    subscribed(listen=lambda session, event: None)
    record_all(sessions, Nudged(number=1))
    (id_,) = fail_all(sessions, redis, "orders")

    assert sweep(sessions, redis, older_than=AT_ONCE) == 0
    assert sweep(sessions, redis, older_than=AT_ONCE) == 0

    assert [job.id for job in staff.failed_jobs(redis).rows] == [id_]
    assert undone(sessions) == 1


def test_a_letter_is_found_behind_any_number_of_other_failed_jobs_and_a_bad_one(
    sessions: Sessions, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.sweep.BATCH", 2)
    write(sessions, "a@example.com")
    fail_all(sessions, redis, "notifications")
    notifications = queues.queue(redis, "notifications")
    failed = notifications.failed_job_registry
    others = [f"other-{number}" for number in range(5)]
    bad = f"bad-{queues.job_id(UUID(int=0), 'notifications.send_message')}"
    notifications.create_job(
        "builtins.int", args=("no id",), job_id=bad, description="notifications.send_message"
    ).save()
    # Sooner forgotten, so before it.
    redis.zadd(failed.key, dict.fromkeys([*others, bad], utcnow().timestamp() + 300))

    assert give_up_letters(sessions, redis) == 1

    assert states(sessions) == [("failed", 0)]
    assert sorted(failed.get_job_ids()) == sorted([*others, bad])


def test_no_event_is_lost_while_letters_cannot_be_given_up(
    sessions: Sessions, redis: Redis, subscribed: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> int:
        raise RuntimeError("The registry is broken.")

    monkeypatch.setattr("workers.sweep.give_up_letters", refuse)
    subscribed(listen=lambda session, event: None)
    record_all(sessions, Nudged(number=1))
    relay(sessions, redis)
    redis.flushall()

    with pytest.raises(RuntimeError, match="registry"):
        sweep(sessions, redis, older_than=AT_ONCE)

    assert len(queues.queue(redis, "orders").job_ids) == 1
