"""A worker dies by kill -9 after a mail left and before that was noted: what arrives then, and what is promised."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from redis import Redis
from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.lifeline import children_of
from domain.notifications.models import Message
from domain.shared.db import Sessions, utcnow
from domain.shared.settings import Settings
from tests.processes import eventually, waiting_for_locks
from tests.workers.test_work import AT_ONCE, states, write
from workers import queues
from workers.relay import relay
from workers.sweep import sweep

Start = Callable[[str], AbstractContextManager[Any]]


class Postbox:
    """Takes mail, and before it says so for the first time holds the message's row, so that nobody can note it."""

    def __init__(self, holder: Session) -> None:
        self.holder = holder
        self.taken: list[str] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's
        """Keep the Message-ID of a mail."""
        if not self.taken:
            self.holder.scalars(select(Message).with_for_update()).one()
        self.taken.append(message_from_bytes(envelope.content)["Message-ID"])
        return "250 taken"


@pytest.fixture
def postbox(sessions: Sessions, mailing: Settings) -> Iterator[Postbox]:
    """A mail server of the test's own."""
    with sessions() as holder:
        box = Postbox(holder)
        controller = Controller(box, hostname="127.0.0.1", port=mailing.smtp_port)
        controller.start()
        yield box
        controller.stop()


def test_a_message_whose_sending_could_not_be_noted_comes_again_under_the_same_id(
    sessions: Sessions, redis: Redis, postbox: Postbox, start: Start
) -> None:
    write(sessions, "a@example.com")
    relay(sessions, redis)
    started = queues.queue(redis, "notifications").started_job_registry
    with ExitStack() as stack:
        worker = stack.enter_context(start("workers.work"))
        eventually(lambda: postbox.taken and waiting_for_locks(sessions, saying="notifications.messages"), seconds=30)
        assert len(postbox.taken) == 1
        for pid in (worker.pid, *children_of(worker.pid)):
            os.kill(pid, signal.SIGKILL)
        worker.wait()
        postbox.holder.rollback()
        assert states(sessions) == [("queued", 1)]

        ((execution, _),) = redis.zrange(started.key, 0, -1, withscores=True)
        redis.zadd(started.key, {execution: utcnow().timestamp() - 1})
        sweep(sessions, redis, older_than=AT_ONCE)
        stack.enter_context(start("workers.cron"))
        stack.enter_context(start("workers.work"))
        eventually(lambda: states(sessions) == [("sent", 2)], seconds=30)

    first, second = postbox.taken
    assert first == second
    with sessions() as reading:
        message = reading.scalars(select(Message)).one()
        assert first == message.provider_id == f"<{message.id}@localhost>"
