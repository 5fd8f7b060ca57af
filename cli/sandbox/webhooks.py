"""Telling the shop what happened to a payment: signed messages over HTTP, tried until they are taken.

As with real gateways a message may come twice, and after a younger one. Which ones do is settled by the payment's
idempotency key, so that a test can choose: see `manners`.
"""

import hashlib
import hmac
import json
import secrets
import sqlite3
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

from cli.sandbox.store import Store

TIMEOUT = 10.0
MAX_ATTEMPTS = 40
LONGEST_PAUSE = 120.0


@dataclass(frozen=True)
class Manners:
    """How the messages about one payment travel: held back at first, or sent a second time later on, in seconds."""

    delay: float
    repeat_after: float | None


def manners(idempotency_key: str) -> Manners:
    """Return how messages travel: a third of payments hear twice, a fifth hear late and so out of order."""
    number = int.from_bytes(hashlib.sha256(idempotency_key.encode()).digest()[:4])
    return Manners(delay=1.5 if number % 5 == 0 else 0.0, repeat_after=2.0 if number % 3 == 0 else None)


def queue(db: sqlite3.Connection, payment: sqlite3.Row, kind: str) -> None:
    """Keep a message in the transaction of the change it tells of."""
    body = json.dumps(
        {
            "id": "evt_" + secrets.token_hex(12),
            "type": kind,
            "payment": {
                "id": payment["id"],
                "idempotency_key": payment["idempotency_key"],
                "status": payment["status"],
                "captured": payment["captured"],
                "refunded": payment["refunded"],
            },
            "created": int(time.time()),
        }
    )
    how = manners(payment["idempotency_key"])
    first = time.time() + how.delay
    moments = [first] if how.repeat_after is None else [first, first + how.repeat_after]
    for moment in moments:
        db.execute(
            "INSERT INTO deliveries (url, body, next_at) VALUES (?, ?, ?)", (payment["webhook_url"], body, moment)
        )


def sign(secret: str, body: bytes, now: float) -> str:
    """Return the signature header: the time, and an HMAC-SHA256 over time and body."""
    stamp = str(int(now))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest}"


def deliver_next(store: Store, secret: str) -> bool:
    """Send the message that has been due longest; False if none is due."""
    now = time.time()
    with store.reading() as db:
        waiting = "SELECT id FROM deliveries WHERE delivered_at IS NULL AND next_at <= ? AND attempts < ?"
        if not db.execute(waiting, (now, MAX_ATTEMPTS)).fetchone():
            return False
    with store.writing() as db:
        # Whoever takes a message puts it off first: a sender that dies on the way leaves it to be tried again.
        row = db.execute(
            "UPDATE deliveries SET attempts = attempts + 1, next_at = ? WHERE id = ("
            " SELECT id FROM deliveries WHERE delivered_at IS NULL AND next_at <= ? AND attempts < ?"
            " ORDER BY next_at LIMIT 1) RETURNING *",
            (now + TIMEOUT + 5, now, MAX_ATTEMPTS),
        ).fetchone()
    if row is None:
        return False
    if row["attempts"] == 1 and (later := store.faults.shuffled()):
        _put_off(store, row, [now + seconds for seconds in later])
        return True
    error = _send(row["url"], row["body"].encode(), secret)
    with store.writing() as db:
        if error is None:
            db.execute("UPDATE deliveries SET delivered_at = ?, error = NULL WHERE id = ?", (time.time(), row["id"]))
        else:
            pause = min(0.5 * 2 ** min(row["attempts"], 10), LONGEST_PAUSE)
            db.execute(
                "UPDATE deliveries SET next_at = ?, error = ? WHERE id = ?", (time.time() + pause, error, row["id"])
            )
    return True


def _put_off(store: Store, row: sqlite3.Row, moments: list[float]) -> None:
    first, *more = moments
    with store.writing() as db:
        db.execute("UPDATE deliveries SET next_at = ? WHERE id = ?", (first, row["id"]))
        for moment in more:
            db.execute(
                "INSERT INTO deliveries (url, body, next_at, attempts) VALUES (?, ?, ?, 1)",
                (row["url"], row["body"], moment),
            )


def _send(url: str, body: bytes, secret: str) -> str | None:
    headers = {"Content-Type": "application/json", "X-Demo-Signature": sign(secret, body, time.time())}
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310 - http(s) was checked
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
            return None if 200 <= response.status < 300 else f"answered {response.status}"
    except urllib.error.HTTPError as error:
        return f"answered {error.code}"
    except (OSError, ValueError) as error:
        return str(error)[:300] or type(error).__name__
