"""The same job run many times at once: one letter is written, and it is sent once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import select

from cli.sandbox import mails
from cli.sandbox.store import Store
from domain.shared.db import Sessions, transaction
from domain.shared.outbox import OutboxMessage
from domain.shared.settings import Settings
from tests.domain.orders.books import count, row
from tests.factories.catalog import make_product
from tests.factories.notifications import make_message
from tests.factories.orders import make_order
from tests.processes import free_port
from workers.jobs import UnderWay, run_handler

AT_ONCE = 8


@pytest.fixture
def post(settings: Settings, tmp_path: Path) -> Iterator[tuple[Settings, Store]]:
    """A real mail server that keeps what it is given, and settings that send there."""
    store = Store(tmp_path / "sandbox.sqlite")
    port = free_port()
    controller = mails.serve(store, "127.0.0.1", port)
    yield settings.model_copy(update={"smtp_host": "127.0.0.1", "smtp_port": port}), store
    controller.stop(no_assert=True)


def many_times(deed: Callable[[], None]) -> int:
    """Do the same in several threads that start together, and return how many were told that it is under way."""
    barrier = Barrier(AT_ONCE)

    def run(_: int) -> bool:
        barrier.wait()
        try:
            deed()
        except UnderWay:
            return True
        return False

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sum(pool.map(run, range(AT_ONCE)))


def message_of(sessions: Sessions, name: str) -> UUID:
    with sessions() as session:
        return session.scalars(select(OutboxMessage.id).where(OutboxMessage.name == name)).one()


@pytest.mark.parametrize("run", range(3))
def test_an_event_handled_many_times_at_once_writes_one_letter(
    sessions: Sessions, settings: Settings, run: int
) -> None:
    with transaction(sessions) as tx:
        make_product(tx, sku="MUG")
        make_order(tx, sku="MUG")
    id_ = message_of(sessions, "orders.order_placed")

    many_times(lambda: run_handler(sessions, settings, id_, "notifications.notify"))

    with transaction(sessions) as tx:
        assert row(tx, "SELECT template, count(*) FROM notifications.messages GROUP BY 1") == ("order_placed", 1)
        assert row(tx, "SELECT count(*) FROM shared.outbox WHERE name = 'notifications.message_queued'") == (1,)
        assert count(tx, "shared.claims") == 1


@pytest.mark.parametrize("run", range(3))
def test_a_letter_sent_many_times_at_once_arrives_once(
    sessions: Sessions, post: tuple[Settings, Store], run: int
) -> None:
    settings, store = post
    with transaction(sessions) as tx:
        make_message(tx)
    id_ = message_of(sessions, "notifications.message_queued")

    many_times(lambda: run_handler(sessions, settings, id_, "notifications.send_message"))

    with store.reading() as db:
        assert db.execute("SELECT count(*) FROM mails").fetchone()[0] == 1
    with transaction(sessions) as tx:
        assert row(tx, "SELECT state, attempts FROM notifications.messages") == ("sent", 1)
