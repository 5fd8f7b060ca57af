"""Faults to order: the gateway that loses questions or answers, is slow or away, and the mail server that is closed.

`POST /gateway/api/faults` with `{"kind": "lose_answer", "seconds": 5, "share": 0.5}` has half of the calls of the next
five seconds fail so. What is under way ends by itself, or all of it at once with `DELETE`.
"""

import contextlib
import hmac
import random
import socket
import threading
import time
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

KINDS = {
    "refuse": "the gateway answers 503 and does nothing",
    "lose_request": "the connection breaks before anything is done",
    "lose_answer": "what was asked is done, and the connection breaks before the answer",
    "delay": "the answer comes up to ten seconds late, which is later than the shop waits",
    "shuffle": "each message is sent up to three times, each time up to four seconds late",
    "mail": "the mail server takes no mail for now",
}
LONGEST_DELAY = 10.0
LONGEST_SHUFFLE = 4.0


class Faults:
    """The faults under way, by kind: until when, and what share of calls they meet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[str, tuple[float, float]] = {}
        self.met: dict[str, int] = dict.fromkeys(KINDS, 0)

    def start(self, kind: str, *, seconds: float, share: float) -> None:
        """Let a kind of fault happen for a while."""
        with self._lock:
            self._under_way[kind] = (time.monotonic() + seconds, share)

    def stop(self) -> None:
        """End all of them."""
        with self._lock:
            self._under_way.clear()

    def strikes(self, kind: str) -> bool:
        """Say whether this call meets such a fault, and count it."""
        with self._lock:
            until, share = self._under_way.get(kind, (0.0, 0.0))
            struck = time.monotonic() < until and random.random() < share  # noqa: S311 - no secret
            self.met[kind] += struck
            return struck

    def shuffled(self) -> list[float]:
        """Return how many seconds later a message is to be sent, once or several times; empty if right now."""
        if not self.strikes("shuffle"):
            return []
        return [random.uniform(0, LONGEST_SHUFFLE) for _ in range(random.randint(1, 3))]  # noqa: S311 - no secret


def blueprint(faults: Faults, *, secret: str) -> Blueprint:
    """Make the switch; every call carries the gateway's secret as a bearer token."""
    bp = Blueprint("faults", __name__, url_prefix="/gateway/api/faults")

    @bp.before_request
    def authenticate() -> ResponseReturnValue | None:
        given = request.headers.get("Authorization", "")
        if hmac.compare_digest(given.encode(), f"Bearer {secret}".encode()):
            return None
        return {"error": "The bearer token is missing or wrong."}, 401

    @bp.get("")
    def show() -> dict[str, Any]:
        return {"kinds": KINDS, "met": faults.met}

    @bp.post("")
    def start() -> ResponseReturnValue:
        asked = request.get_json(silent=True) or {}
        kind, seconds, share = asked.get("kind"), asked.get("seconds", 5), asked.get("share", 1)
        if kind not in KINDS or not isinstance(seconds, int | float) or not isinstance(share, int | float):
            return {"error": f"Name a kind ({', '.join(KINDS)}), the seconds and the share of calls."}, 422
        faults.start(kind, seconds=seconds, share=share)
        return {"kind": kind, "seconds": seconds, "share": share}, 201

    @bp.delete("")
    def stop() -> ResponseReturnValue:
        faults.stop()
        return "", 204

    return bp


def install(bp: Blueprint, faults: Faults) -> None:
    """Let the gateway's API meet the faults."""

    @bp.before_request
    def before() -> ResponseReturnValue | None:
        if faults.strikes("refuse"):
            return {"error": "The gateway is being looked after."}, 503
        if faults.strikes("lose_request"):
            _hang_up()
            return "", 500
        if faults.strikes("delay"):
            time.sleep(random.uniform(0.5, LONGEST_DELAY))  # noqa: S311
        return None

    @bp.after_request
    def after(response: Response) -> Response:
        if response.status_code < 400 and faults.strikes("lose_answer"):
            _hang_up()
        return response


def _hang_up() -> None:
    link = request.environ.get("werkzeug.socket")
    if isinstance(link, socket.socket):
        with contextlib.suppress(OSError):
            link.shutdown(socket.SHUT_RDWR)
