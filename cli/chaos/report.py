"""What is printed: one line that moves while the store is broken, and the figures at the end."""

import time
from collections.abc import Mapping, Sequence
from typing import TextIO

from cli.chaos.recovery import Times
from cli.chaos.verdict import Verdict

EVERY = 10.0
"""Seconds between two lines where a line cannot be overwritten, as in a log."""


class Line:
    """One line that is overwritten on a terminal and printed now and then elsewhere."""

    def __init__(self, out: TextIO) -> None:
        self._out, self._live, self._said_at, self._width = out, out.isatty(), 0.0, 0

    def say(self, text: str) -> None:
        """Print a line that stays."""
        self.end()
        print(text, file=self._out, flush=True)

    def now(self, text: str) -> None:
        """Say how things are at this moment."""
        if self._live:
            print(f"\r{text[:110]:<{self._width}}", end="", file=self._out, flush=True)
            self._width = min(len(text), 110)
        elif time.monotonic() - self._said_at >= EVERY:
            self._said_at = time.monotonic()
            print(f"  {text}", file=self._out, flush=True)

    def end(self) -> None:
        """Close the line that moves."""
        if self._width:
            print(file=self._out, flush=True)
            self._width = 0


def show(
    verdict: Verdict,
    times: Sequence[Times],
    *,
    visits: int,
    ends: Mapping[str, int],
    staff: Mapping[str, int],
    quiet_after: float,
) -> None:
    """Print the figures of a run."""
    print(f"\n{visits} visits: {_listed(ends)}")
    print(f"Staff: {_listed(staff)}")
    print(f"{sum(verdict.states.values())} orders: {_listed(verdict.states)}; {verdict.charges} charges at the gateway")
    print(f"{verdict.mails} mails arrived, {verdict.sent_again} of them a second time under the same Message-ID")
    print(f"\n{'fault':<32}{'times':>7}{'serves again':>16}{'all caught up':>16}   (median and longest, seconds)")
    for one in times:
        print(f"{one.kind:<32}{one.count:>7}{_pair(one.serves, one.longest):>16}"
              f"{_pair(one.caught_up, one.longest_caught_up):>16}")  # fmt: skip
    print(f"All was quiet {quiet_after:.0f} s after the last shopper had left.")


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(counts.items(), key=lambda one: -one[1])) or "none"


def _pair(middle: float | None, most: float | None) -> str:
    return "never" if middle is None else f"{middle:.1f} / {most:.1f}"
