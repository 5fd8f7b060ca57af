"""Redis goes away and comes back empty: orders' news waits in PostgreSQL, and every process finds its way back."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import select

from cli.embedded import embedded_redis, redis
from domain.notifications.events import MessageQueued
from domain.shared.db import Sessions
from domain.shared.outbox import OutboxMessage
from domain.shared.settings import Settings
from tests.processes import answers, eventually, running
from tests.workers.test_work import mailbox, states, write
from web import jobs as staff
from workers.queues import connect


def test_work_goes_on_when_redis_is_back(sessions: Sessions, mailing: Settings, tmp_path: Path) -> None:
    settings = mailing.model_copy(update={"redis_url": redis.url(tmp_path)})
    log = tmp_path / "processes.log"
    with ExitStack() as stack:
        for module in ("cli.sandbox", "workers.relay", "workers.work", "workers.cron"):
            stack.enter_context(running(module, settings, log))
        eventually(lambda: answers(settings.smtp_port) and answers(settings.sandbox_port))
        write(sessions, "before@example.com")
        assert states(sessions) == [("queued", 0)]

        with embedded_redis(tmp_path):
            eventually(lambda: states(sessions) == [("sent", 1)], seconds=60)
        write(sessions, "between@example.com")
        waits_for_a_while(lambda: last_letter_waits(sessions))
        assert states(sessions) == [("sent", 1), ("queued", 0)]

        with embedded_redis(tmp_path) as url:
            eventually(lambda: states(sessions) == [("sent", 1)] * 2, seconds=60)
            connection = connect(url)
            eventually(lambda: len(staff.schedule(connection)) >= 2)
            connection.close()
        assert [mail["copies"] for mail in mailbox(settings)] == [1, 1]
    assert log.read_text().count("relay waits") <= 2  # once for each absence, not once for each try


def last_letter_waits(sessions: Sessions) -> bool:
    """See that the newest letter was not relayed. Other news may wait beside it: the scheduler needs no Redis."""
    newest = select(OutboxMessage.relayed_at).where(OutboxMessage.name == MessageQueued.name)
    with sessions() as session:
        return session.scalars(newest.order_by(OutboxMessage.position.desc())).first() is None


def waits_for_a_while(holds: Callable[[], bool]) -> None:
    """See that something is so and stays so."""
    import time

    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        assert holds()
        time.sleep(0.2)
