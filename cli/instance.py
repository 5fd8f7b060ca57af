"""The one running store of a SHOP_VAR: who it is, where it answers, and how to end it."""

import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from cli.embedded.place import wait_until
from cli.errors import CliError

_FILE = "supervisor.pid"


@dataclass(frozen=True)
class Instance:
    """A running supervisor and the addresses it printed; none while it is still starting."""

    pid: int
    addresses: tuple[str, ...]


class AlreadyRunning(Exception):
    """A supervisor runs here already."""

    def __init__(self, instance: Instance) -> None:
        super().__init__(f"process {instance.pid}")
        self.instance = instance


class Claim:
    """The right to be the store of a SHOP_VAR, held until the file is closed or the process ends."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def announce(self, *lines: str) -> None:
        """Write down which process this is and where the store answers."""
        self._file.seek(0)
        self._file.truncate()
        self._file.write("\n".join([str(os.getpid()), *lines]) + "\n")
        self._file.flush()


@contextlib.contextmanager
def claim(var: Path) -> Iterator[Claim]:
    """Become the store of this SHOP_VAR; raise AlreadyRunning if another process is."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / _FILE).open("a+") as file:
        if not _locked(file):
            raise AlreadyRunning(_read(file))
        mine = Claim(file)
        mine.announce()
        yield mine
        if _read(file).pid == os.getpid():  # and not the background process that took over
            file.truncate(0)


def find(var: Path) -> Instance | None:
    """Return the running store of this SHOP_VAR, if there is one."""
    try:
        with (var / _FILE).open("r+") as file:
            return None if _locked(file) else _read(file)
    except FileNotFoundError:
        return None


def end(var: Path, instance: Instance, *, seconds: float = 75.0) -> None:
    """Ask the running store to stop and wait until it has."""
    try:
        os.kill(instance.pid, signal.SIGTERM)
    except PermissionError:
        raise CliError(
            f"The store runs as another user (process {instance.pid})", "Stop it as that user, or as root"
        ) from None
    except ProcessLookupError:
        return
    if not wait_until(lambda: find(var) is None, seconds=seconds, every=0.1):
        raise CliError(f"The store (process {instance.pid}) does not stop", f"End it with: kill -9 {instance.pid}")


def _locked(file: TextIO) -> bool:
    # The lock, not the number in the file, is the proof: the kernel drops it with the process that held it.
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(file: TextIO) -> Instance:
    for _ in range(20):  # its owner may be writing it at this very moment
        file.seek(0)
        pid, *addresses = file.read().splitlines() or [""]
        if pid.isdigit():
            return Instance(int(pid), tuple(addresses))
        time.sleep(0.05)
    raise CliError("Another command is starting or stopping the store", "Wait a moment and try again")
