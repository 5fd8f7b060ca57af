"""A child that does not outlive its parent, even when the parent is killed without a chance to say so."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(sent: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """Return what a child runs before its program: the kernel then sends it this signal when its parent dies.

    Where the kernel has no such thing (outside Linux) nothing happens.
    """
    parent = os.getpid()

    def before_program() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(sent), 0, 0, 0)
            if os.getppid() != parent:  # it died in between
                os._exit(1)

    return before_program


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends first."""
    if _libc is not None:
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def children_of(parent: int) -> list[int]:
    """Return the processes whose parent is this one."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name, in brackets, may hold anything; the parent is the second word after it.
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
        except OSError:  # it ended while we looked
            continue
    return found
