"""A letter whose job is out of tries: staff see that it failed and why, and it goes out once when they say so."""

from contextlib import ExitStack
from uuid import UUID

import pytest
from redis import Redis

from domain.notifications.again import send_again
from domain.notifications.log import message_log
from domain.shared.db import Sessions, transaction
from domain.shared.errors import RuleBroken
from domain.shared.settings import Settings
from tests.processes import eventually
from tests.workers.test_work import AT_ONCE, Start, close_circuits, mailbox, sandbox_up, states, undone, write
from web import jobs as staff
from workers import queues
from workers.jobs import sole_run
from workers.relay import relay
from workers.sweep import give_up_letters, sweep


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
    relay(sessions, redis)
    notifications = queues.queue(redis, "notifications")
    (id_,) = notifications.job_ids
    notifications.remove(id_)
    job = notifications.fetch_job(id_)
    notifications.failed_job_registry.add(job, ttl=600, exc_string="Refused")
    with sole_run(sessions, UUID(job.args[0]), job.args[1]):
        assert give_up_letters(sessions, redis) == 0
    assert states(sessions) == [("queued", 0)]

    assert give_up_letters(sessions, redis) == 1
    assert states(sessions) == [("failed", 0)]
    assert give_up_letters(sessions, redis) == 0
    sweep(sessions, redis, older_than=AT_ONCE)
    assert notifications.job_ids == []
