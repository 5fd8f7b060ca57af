"""Slowing down whoever guesses: so many failures for a name or an address on the net, then a pause."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b

from redis import Redis, RedisError

WINDOW = 15 * 60
"""How long a failure counts, in seconds."""


class Throttle:
    """Counts failures in Redis under several names, each with its own limit; without Redis nothing is counted.

    `limits` is what failures are counted for (`sign-in of ada from 192.0.2.1`), with how many are let pass; the names
    are stored as hashes, since they may be personal. With `first_pause`, in seconds, the pause starts as short as that
    and doubles with each further failure; without it, it lasts to the end of the window.
    """

    def __init__(
        self, redis: Redis | None, *, area: str, limits: Mapping[str, int], first_pause: int | None = None
    ) -> None:
        self._redis, self._first_pause = redis, first_pause
        self._limits = {
            f"{area}:{blake2b(name.encode(), digest_size=16).hexdigest()}": limit for name, limit in limits.items()
        }

    def seconds_to_wait(self) -> int:
        """Return how long to wait; 0 if another try is free."""
        if self._redis is None:
            return 0
        try:
            if self._first_pause is not None:
                return max(0, *(int(self._redis.ttl(_pause(key))) for key in self._limits))
            waits = [
                max(int(self._redis.ttl(key)), 1)
                for key, limit in self._limits.items()
                if int(self._redis.get(key) or 0) >= limit
            ]
        except RedisError:
            return 0
        return max(waits, default=0)

    def note_failure(self) -> None:
        """Count a failure; the window starts with the first."""
        if self._redis is None:
            return
        try:
            with self._redis.pipeline() as pipeline:
                for key in self._limits:
                    pipeline.set(key, 0, ex=WINDOW, nx=True)
                    pipeline.incr(key)
                counts = pipeline.execute()[1::2]
            self._pause_after(counts)
        except RedisError:
            return

    def forgive(self) -> None:
        """Forget the failures under the first name: whoever it stands for has proved themselves."""
        if self._redis is None:
            return
        try:
            first = next(iter(self._limits))
            self._redis.delete(first, _pause(first))
        except RedisError:
            return

    def _pause_after(self, counts: Iterable[int]) -> None:
        if self._redis is None or self._first_pause is None:
            return
        for (key, limit), count in zip(self._limits.items(), counts, strict=True):
            if count >= limit:
                seconds = min(WINDOW, self._first_pause * 2 ** min(count - limit, 10))
                self._redis.set(_pause(key), 1, ex=seconds)
                # While somebody goes on guessing, what they have done is not forgotten.
                self._redis.expire(key, WINDOW)


def _pause(key: str) -> str:
    return f"{key}:pause"
