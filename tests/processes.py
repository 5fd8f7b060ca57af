"""Parts of the store as processes of their own, and waiting for what they do."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import text

from cli.environment import child_environment
from cli.ports import free_port
from domain.shared.db import Sessions
from domain.shared.settings import ROOT, Settings

__all__ = ["answers", "eventually", "free_port", "running", "running_program", "waiting_for_locks"]

T = TypeVar("T")


def running(module: str, settings: Settings, log: Path) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """Run a part of the store, named by its module, for the length of a block."""
    return running_program([sys.executable, "-m", module], settings, log)


@contextmanager
def running_program(argv: list[str], settings: Settings, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a part of the store for the length of a block; it must end by itself within seconds of a SIGTERM."""
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603
            argv, cwd=ROOT, env=child_environment(settings), stdout=output, stderr=output
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE * 15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"{argv} did not end on SIGTERM:\n{log.read_text()}") from None


PATIENCE = 4
"""How many times as long as it takes on a quiet machine is waited for something before it counts as lost."""


def eventually(ask: Callable[[], T], *, seconds: float = 20, every: float = 0.05) -> T:
    """Ask until the answer is true, and return it; fails with the last answer.

    `seconds` is ample on a quiet machine; on a busy one it is waited longer, for no test is about how long it takes.
    """
    deadline = time.monotonic() + PATIENCE * seconds
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"still {answer!r} after {PATIENCE * seconds} s"
        time.sleep(every)
    return answer


def answers(port: int) -> bool:
    """Say whether somebody listens at a port of this machine."""
    with socket.socket() as link:
        link.settimeout(1)
        return link.connect_ex(("127.0.0.1", port)) == 0


def waiting_for_locks(sessions: Sessions, *, saying: str = "") -> int:
    """How many statements of this database wait for a lock, of those that say a word.

    Each call looks in a transaction of its own: PostgreSQL shows one transaction the same activity for as long as
    it lasts, so that one that looked a moment too early would never see what came after.
    """
    asked = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database() AND position(:saying IN query) > 0"
    )
    with sessions() as looking:
        return looking.scalar(asked, {"saying": saying}) or 0
