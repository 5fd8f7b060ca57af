"""What open order pages ask for all the time: has anything changed? Many pages share one look at the database.

While few pages are open each look is its own. With more, the newest state of all orders whose pages are open in this
process is read in one statement, four times a second, by whichever request comes first; the others are answered from
what it found. Nothing runs while no page is open. See docs/decisions/live-tracking.md for the figures.
"""

import threading
import time

from sqlalchemy.orm import Session

from domain.orders.errors import NoSuchOrder
from domain.orders.link import opens
from domain.orders.number import clean
from domain.orders.queries import order_versions

ASK_EVERY = 1.2
"""Seconds between two questions of a page; with what is below, a change is seen within two."""
FRESH = 0.25
"""Seconds that a look at the database serves other pages."""
TOO_OLD = 0.7
"""Seconds after which a page looks for itself, should the shared look take long."""
OPEN_FOR = 10.0
"""Seconds after the last question for which a page counts as open."""
FEW = 20
"""Up to so many open pages, each looks for itself."""


class Watched:
    """The orders whose pages are open in this process."""

    def __init__(self) -> None:
        self.asked: dict[str, float] = {}
        self.found: dict[str, tuple[str, str]] = {}
        self.read_at = 0.0
        self.reading = threading.Lock()

    def version(self, session: Session, number: str, *, access_key: str) -> str:
        """Return the version of an order that a link opens, at most TOO_OLD seconds old; raises NoSuchOrder."""
        number, now = clean(number), time.monotonic()
        known = self.asked.get(number)
        if known is None or len(self.asked) <= FEW:
            found = order_versions(session, [number])
        else:
            found = self._shared(session, number, now)
        key, version = found.get(number, ("", ""))
        if not version or not opens(key, access_key):
            raise NoSuchOrder
        if known is None:
            self._forget(now)
        self.asked[number] = now
        return version

    def _shared(self, session: Session, number: str, now: float) -> dict[str, tuple[str, str]]:
        if now - self.read_at > FRESH and self.reading.acquire(blocking=False):
            try:
                self._forget(now)
                self.found = order_versions(session, [*self.asked])
                self.read_at = now
            finally:
                self.reading.release()
        found = self.found
        if now - self.read_at > TOO_OLD or number not in found:
            return order_versions(session, [number])
        return found

    def _forget(self, now: float) -> None:
        for number, at in [*self.asked.items()]:
            if now - at > OPEN_FOR:
                self.asked.pop(number, None)
