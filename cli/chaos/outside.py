"""What the world outside the shop has on record: charges and refunds at the gateway, mails that arrived."""

import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_OURS = re.compile(r"<([0-9a-f-]{36})@")


@dataclass(frozen=True)
class Charge:
    """A payment as the gateway keeps it; amounts in minor units. `key` is the shop's id of it."""

    id: str
    key: str
    status: str
    amount: int
    captured: int
    refunded: int
    settling: bool


class Outside:
    """Reads the sandbox's own file, in which the gateway and the mail server keep what they took."""

    def __init__(self, var: Path) -> None:
        self._path = var / "sandbox.sqlite"
        self.copies: Counter[str] = Counter()
        self.strangers: list[str] = []
        self._last = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._collect, daemon=True)

    def start(self) -> None:
        """Begin to count mails; the mailbox itself keeps only the newest."""
        self._thread.start()

    def stop(self) -> None:
        """Count the last ones."""
        self._stop.set()
        self._thread.join()
        self._count()

    def charges(self) -> list[Charge]:
        """Return every payment the gateway was asked for."""
        with self._reading() as db:
            rows = db.execute(
                "SELECT id, idempotency_key, status, amount, captured, refunded, settles_at IS NOT NULL FROM payments"
            ).fetchall()
        return [Charge(*row[:6], settling=bool(row[6])) for row in rows]

    def refunds(self) -> dict[str, int]:
        """Return the amounts given back, by the shop's id of each refund."""
        with self._reading() as db:
            return dict(db.execute("SELECT idempotency_key, amount FROM refunds").fetchall())

    def undelivered(self) -> int:
        """Return how many messages the gateway has still to deliver."""
        with self._reading() as db:
            found: int = db.execute("SELECT count(*) FROM deliveries WHERE delivered_at IS NULL").fetchone()[0]
        return found

    def _collect(self) -> None:
        while not self._stop.wait(1.0):
            self._count()

    def _count(self) -> None:
        with self._reading() as db:
            rows = db.execute("SELECT id, message_id FROM mails WHERE id > ? ORDER BY id", (self._last,)).fetchall()
        for id_, message_id in rows:
            self._last = id_
            found = _OURS.match(message_id)
            if found:
                self.copies[found[1]] += 1
            else:
                self.strangers.append(message_id)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=15)
        try:
            yield connection
        finally:
            connection.close()
