"""How much processor time processes have used: steadier than the clock on a machine that does other work too."""

import os
from collections.abc import Iterable
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(*roots: int) -> float:
    """Return the processor time that processes with all below them, the ended ones too, have used, in seconds."""
    below, used = _table()
    return sum(used.get(pid, 0) for root in roots for pid in (root, *_below(root, below))) / TICK


def process_seconds(pids: Iterable[int]) -> float:
    """Return the processor time that these processes have used, to the microsecond; those below them left out."""
    return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in pids) / 1e9


def children(root: int) -> list[int]:
    """Return the processes below a process."""
    return _below(root, _table()[0])


def _below(root: int, below: dict[int, list[int]]) -> list[int]:
    found, waiting = [], list(below.get(root, ()))
    while waiting:
        found.append(waiting.pop())
        waiting += below.get(found[-1], ())
    return found


def _table() -> tuple[dict[int, list[int]], dict[int, int]]:
    """Read from the kernel which processes there are below which, and the ticks each has used."""
    below: dict[int, list[int]] = {}
    used: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(path.parent.name)
        below.setdefault(int(fields[1]), []).append(pid)
        # utime, stime, and the same of children that were waited for.
        used[pid] = sum(int(value) for value in fields[11:15])
    return below, used
