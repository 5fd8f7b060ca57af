"""How long the store takes to recover: until it serves again, and until the work that was under way is done."""

import contextlib
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from cli.chaos.stage import Place, is_open
from workers.subscriptions import handler_names

_NEWEST = text("SELECT coalesce(max(position), 0) FROM shared.outbox")
_OLDEST_UNDONE = text(
    """
    SELECT min(o.position) FROM shared.outbox o
    JOIN unnest(CAST(:names AS text[]), CAST(:handlers AS text[])) AS h(name, handler) ON h.name = o.name
    WHERE o.done_at IS NULL
      AND NOT EXISTS (SELECT FROM shared.claims c WHERE c.message_id = o.id AND c.handler = h.handler)
    """
)


@dataclass
class Broken:
    """A fault that happened: how to tell that the part is back, and the newest event of that moment."""

    kind: str
    at: float
    back: Callable[[], bool]
    newest: int
    served: float | None = None
    caught_up: float | None = None


@dataclass(frozen=True)
class Times:
    """The recoveries of one kind of fault, in seconds; None where one never came."""

    kind: str
    count: int
    serves: float | None
    longest: float | None
    caught_up: float | None
    longest_caught_up: float | None


@dataclass
class Recovery:
    """Watches the store in a thread of its own."""

    place: Place
    broken: list[Broken] = field(default_factory=list)
    _newest: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to watch."""
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._stop.set()
        if self._thread:
            self._thread.join()

    @contextlib.contextmanager
    def about_to_break(self, kind: str) -> Iterator[Callable[[float, Callable[[], bool]], None]]:
        """Let a fault happen inside the block, which calls what it is given once it has."""
        newest = self._newest

        def note(at: float, back: Callable[[], bool]) -> None:
            self.broken.append(Broken(kind, at, back, newest))

        yield note

    def times(self) -> list[Times]:
        """Sum up by kind of fault."""
        by_kind: dict[str, list[Broken]] = defaultdict(list)
        for one in self.broken:
            by_kind[one.kind].append(one)
        return [
            Times(kind, len(ones), *_middle_and_most([one.served for one in ones]),
                  *_middle_and_most([one.caught_up for one in ones]))
            for kind, ones in sorted(by_kind.items())
        ]  # fmt: skip

    def _watch(self) -> None:
        pairs = [(name, handler) for name, handlers in handler_names().items() for handler in handlers]
        values = {"names": [name for name, _ in pairs], "handlers": [handler for _, handler in pairs]}
        while not self._stop.wait(0.2):
            waiting = [one for one in self.broken if one.served is None]
            if waiting and is_open(self.place.settings):
                for one in waiting:
                    if one.back():
                        one.served = time.monotonic() - one.at
            try:
                with self.place.engine.connect() as connection:
                    self._newest = connection.scalar(_NEWEST) or 0
                    undone = connection.scalar(_OLDEST_UNDONE, values)
            except (DBAPIError, PoolTimeout):
                continue
            for one in self.broken:
                if one.caught_up is None and one.served is not None and (undone is None or undone > one.newest):
                    one.caught_up = time.monotonic() - one.at


def _middle_and_most(values: list[float | None]) -> tuple[float | None, float | None]:
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None, None
    return round(statistics.median(known), 1), round(max(known), 1)
