"""A container's own check tells a background process that goes on from one that hangs, with Redis or without."""

import os
import signal
import time
from pathlib import Path

import pytest

from cli.healthcheck import is_well
from cli.processes import argv_of
from domain.shared.settings import Settings
from tests.processes import eventually, running_program
from workers.alive import STALE


def grow_old(settings: Settings) -> None:
    """Have the only sign of life be from long ago."""
    [sign] = (settings.var / "alive").iterdir()
    long_ago = time.time() - STALE - 1
    os.utime(sign, (long_ago, long_ago))


@pytest.mark.parametrize("role", ["worker", "relay", "scheduler"])
def test_a_process_that_hangs_is_not_well_and_is_again_when_it_goes_on(
    role: str, mailing: Settings, tmp_path: Path
) -> None:
    with running_program(argv_of(role, mailing), mailing, tmp_path / "processes.log") as process:
        eventually(lambda: (mailing.var / "alive").exists() and is_well(process.pid))
        process.send_signal(signal.SIGSTOP)
        grow_old(mailing)
        assert not is_well(process.pid)

        process.send_signal(signal.SIGCONT)
        eventually(lambda: is_well(process.pid), seconds=40)

    assert list((mailing.var / "alive").iterdir()) == [], "who has ended by itself leaves no sign"


def test_a_worker_that_waits_for_its_redis_is_well(mailing: Settings, tmp_path: Path) -> None:
    alone = mailing.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"})
    with running_program(argv_of("worker", alone), alone, log := tmp_path / "processes.log") as process:
        eventually(lambda: log.exists() and "worker waits for Redis" in log.read_text())
        grow_old(alone)
        eventually(lambda: is_well(process.pid))
