"""Handlers of the tests' own, and workers that run for real."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from uuid import UUID

import pytest
from sqlalchemy import func, select

from domain.shared.db import Sessions, transaction
from domain.shared.events import Event
from domain.shared.outbox import Claim, OutboxMessage, record
from domain.shared.settings import Settings
from tests.processes import free_port, running


@dataclass(frozen=True, kw_only=True)
class Nudged(Event):
    """Something that only tests hear of."""

    name: ClassVar[str] = "tests.nudged"
    number: int


def count_handled(sessions: Sessions) -> int:
    """Return how often any handler has dealt with any message."""
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(Claim)) or 0


def count_waiting(sessions: Sessions) -> int:
    """Return how many messages were never relayed."""
    with sessions() as session:
        return session.scalar(select(func.count()).where(OutboxMessage.relayed_at.is_(None))) or 0


def record_all(sessions: Sessions, *events: Event) -> list[UUID]:
    """Record events in a transaction of their own and return their messages' ids, oldest first."""
    with transaction(sessions) as tx:
        before = tx.scalar(select(func.coalesce(func.max(OutboxMessage.position), 0)))
        for event in events:
            record(tx, event)
        tx.flush()
        found = tx.scalars(
            select(OutboxMessage.id).where(OutboxMessage.position > before).order_by(OutboxMessage.position)
        )
        return list(found)


@pytest.fixture
def subscribed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Subscribe handlers, by name, to `Nudged`."""
    from workers import subscriptions

    def subscribe(**handlers: Callable[..., None]) -> None:
        named = {f"tests.{name}": handler for name, handler in handlers.items()}
        for handler in handlers.values():
            handler.__module__ = "domain.tests.handlers"
        monkeypatch.setitem(subscriptions.SUBSCRIBERS, Nudged.name, list(named))
        for name, handler in named.items():
            monkeypatch.setitem(subscriptions.HANDLERS, name, handler)

    return subscribe


@pytest.fixture
def mailing(settings: Settings, tmp_path: Path) -> Settings:
    """Settings whose mail goes to a sandbox of this test's own, which is not running yet."""
    return settings.model_copy(
        update={
            "var": tmp_path, "smtp_host": "127.0.0.1", "smtp_port": free_port(), "sandbox_port": (port := free_port()),
            "sandbox_url": f"http://localhost:{port}", "sandbox_internal_url": f"http://localhost:{port}",
        }
    )  # fmt: skip


@pytest.fixture
def start(mailing: Settings, tmp_path: Path) -> Iterator[Callable[[str], AbstractContextManager[object]]]:
    """Run a part of the store: `with start("workers.relay"): ...`; its log is shown if the test fails."""
    log = tmp_path / "processes.log"
    yield lambda module: running(module, mailing, log)
    if log.exists():
        print(log.read_text())
