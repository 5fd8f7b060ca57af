"""Signs of life of the background processes, which serve no page that one could ask for.

Each has a file of its own in SHOP_VAR/alive that it touches on every round, with PostgreSQL and Redis or without: what
waits for a server that is away is well. One that hangs stops touching it, and whoever runs it may start it anew.
"""

import atexit
import contextlib
import os
import socket
import time
from pathlib import Path

STALE = 90
"""Seconds without a sign after which a process counts as hung. The longest round, with a Redis that hangs, takes 45."""


class Sign:
    """The sign of life of this process; it goes when the process ends by itself."""

    def __init__(self, var: Path, role: str) -> None:
        self._path = _path(var, role, os.getpid())
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.touch()
        atexit.register(self._path.unlink, missing_ok=True)

    def give(self) -> None:
        """Say that the process goes on; a disk that cannot take it lets the sign grow old, and ends nothing."""
        with contextlib.suppress(OSError):
            self._path.touch()


def unwatched() -> None:
    """Give no sign: for a loop that nobody watches from outside its process."""


def is_alive(var: Path, role: str, pid: int) -> bool:
    """Say whether a process of this host has given a sign within the last `STALE` seconds."""
    try:
        return time.time() - _path(var, role, pid).stat().st_mtime < STALE
    except FileNotFoundError:
        return False


def _path(var: Path, role: str, pid: int) -> Path:
    """Containers may share the place, and each numbers its processes from 1: the host's name tells them apart."""
    return var / "alive" / f"{role}-{socket.gethostname()}-{pid}"
