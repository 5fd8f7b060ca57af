"""Saying how far a long piece of work has come."""

import sys
import time

EVERY = 2.0
"""Seconds between two lines where lines cannot be overwritten, as in a log."""


class Progress:
    """One line that counts up: overwritten on a terminal, printed now and then elsewhere."""

    def __init__(self, says: str, total: int) -> None:
        self.says, self.total, self.done = says, total, 0
        self._live = sys.stdout.isatty()
        self._said_at = time.monotonic()

    def add(self, count: int = 1) -> None:
        """Count what was done."""
        self.done += count
        now = time.monotonic()
        if now - self._said_at >= (0.1 if self._live else EVERY) or self.done == self.total:
            self._said_at = now
            end = "\n" if not self._live or self.done >= self.total else ""
            print(f"{chr(13) if self._live else ''}  {self.says}: {self.done:,} of {self.total:,}", end=end, flush=True)
