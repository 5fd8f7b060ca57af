"""What is broken and when: a plan drawn from the seed, in which every kind comes round before any comes again."""

import contextlib
import json
import os
import random
import signal
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from redis.exceptions import RedisError

from cli.chaos.recovery import Recovery
from cli.chaos.stage import Place, command_of
from cli.embedded import postgres, redis
from cli.lifeline import children_of
from cli.processes import is_healthy

SHORTEST, LONGEST = 1.0, 4.0
"""Seconds from one fault to the next."""

Strike = Callable[[Place, random.Random], Callable[[], bool] | None]
"""Does the damage and returns how to tell that the part is back; None if there was nothing to hit."""


def kill(words: str, role: str | None = None, sent: signal.Signals = signal.SIGKILL) -> Strike:
    """Kill one of the supervisor's own processes; it is back when another one runs in its place."""

    def strike(place: Place, chance: random.Random) -> Callable[[], bool] | None:
        found = place.processes(words)
        if not found:
            return None
        chosen = chance.choice(found)
        if not _send(chosen, sent):
            return None

        def back() -> bool:
            running = place.processes(words)
            return chosen not in running and len(running) >= len(found) and (role is None or healthy(place, role))

        return back

    return strike


def kill_child(words: str, role: str | None = None) -> Strike:
    """Kill a process that one of the supervisor's own has started; a server is back when it has a new one."""

    def strike(place: Place, chance: random.Random) -> Callable[[], bool] | None:
        for parent in chance.sample(found := place.processes(words), len(found)):
            children = [pid for pid in children_of(parent) if "resource_tracker" not in command_of(pid)]
            if children and _send(chance.choice(children), signal.SIGKILL):
                return lambda: role is None or healthy(place, role)
        return None

    return strike


def wipe_redis(place: Place, _chance: random.Random) -> Callable[[], bool] | None:
    """Empty Redis: every job is gone."""
    try:
        place.redis.flushall()
    except RedisError:
        return None
    return lambda: True


def order(kind: str, *, seconds: float, share: float) -> Strike:
    """Have the sandbox fail so for a while."""

    def strike(place: Place, _chance: random.Random) -> Callable[[], bool] | None:
        until = time.monotonic() + seconds
        if not tell_sandbox(place, "POST", {"kind": kind, "seconds": seconds, "share": share}):
            return None
        return lambda: time.monotonic() >= until

    return strike


FAULTS: dict[str, Strike] = {
    "worker killed": kill("workers.work"),
    "job killed": kill_child("workers.work"),
    "relay killed": kill("workers.relay"),
    "scheduler killed": kill("workers.cron"),
    "web process killed": kill_child("wsgi:storefront", "storefront"),
    "web server killed": kill("wsgi:storefront", "storefront"),
    "admin killed": kill("wsgi:admin", "admin"),
    "PostgreSQL restarted": kill("bin/postgres -D", "postgres", signal.SIGINT),
    "PostgreSQL crashed": kill("bin/postgres -D", "postgres", signal.SIGQUIT),
    "Redis wiped": wipe_redis,
    "Redis killed": kill("redis-server", "redis"),
    "gateway and mail server killed": kill("cli.sandbox", "sandbox"),
    "gateway refuses": order("refuse", seconds=3, share=1),
    "gateway loses questions": order("lose_request", seconds=4, share=0.5),
    "gateway loses answers": order("lose_answer", seconds=4, share=0.5),
    "gateway slow": order("delay", seconds=4, share=0.4),
    "webhooks repeated and shuffled": order("shuffle", seconds=8, share=0.8),
    "mail server closed": order("mail", seconds=4, share=1),
}


@dataclass(frozen=True)
class Planned:
    """One fault of the plan, so many seconds after its beginning."""

    after: float
    kind: str


def plan(seed: int, seconds: float) -> Iterator[Planned]:
    """Draw the faults of a run; the same seed gives the same plan."""
    chance = random.Random(f"{seed} faults")  # noqa: S311 - repeatable, not secret
    after = 0.0
    while True:
        kinds = list(FAULTS)
        chance.shuffle(kinds)
        for kind in kinds:
            after += chance.uniform(SHORTEST, LONGEST)
            if after > seconds:
                return
            yield Planned(after, kind)


class Havoc:
    """Carries a plan out in a thread of its own."""

    def __init__(self, place: Place, recovery: Recovery, *, seed: int, seconds: float) -> None:
        self._place, self._recovery = place, recovery
        self._plan = list(plan(seed, seconds))
        self._chance = random.Random(f"{seed} victims")  # noqa: S311 - repeatable, not secret
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.missed: list[str] = []

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wait(self) -> None:
        """Wait for the last fault, and end what the sandbox still has under way."""
        self._thread.join()
        for _ in range(40):
            if tell_sandbox(self._place, "DELETE", None):
                return
            time.sleep(0.5)

    def _run(self) -> None:
        begun = time.monotonic()
        for planned in self._plan:
            time.sleep(max(0.0, begun + planned.after - time.monotonic()))
            at = time.monotonic()
            with self._recovery.about_to_break(planned.kind) as note:
                back = FAULTS[planned.kind](self._place, self._chance)
                if back is None:
                    self.missed.append(planned.kind)
                else:
                    note(at, back)


def healthy(place: Place, role: str) -> bool:
    """Ask a part of the store whether it serves."""
    if role == "postgres":
        return postgres.is_running(place.settings.var)
    if role == "redis":
        return redis.is_running(place.settings.var)
    return is_healthy(role, place.settings)


def tell_sandbox(place: Place, method: str, body: dict[str, object] | None) -> bool:
    """Order faults from the sandbox, or end them; False if it is not there."""
    secret = place.settings.demo_gateway_secret
    assert secret is not None
    request = urllib.request.Request(
        f"http://127.0.0.1:{place.settings.sandbox_port}/gateway/api/faults",
        data=json.dumps(body).encode() if body is not None else None,
        headers={"Authorization": f"Bearer {secret.get_secret_value()}", "Content-Type": "application/json"},
        method=method,
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return bool(answer.status < 300)
    except OSError:
        return False


def _send(pid: int, sent: signal.Signals) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, sent)
        return True
    return False
