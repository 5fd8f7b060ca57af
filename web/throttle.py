"""Slowing down whoever guesses: so many failures for a name or an address on the net, then a pause."""

from collections.abc import Mapping
from hashlib import blake2b

from redis import Redis, RedisError

WINDOW = 15 * 60
"""How long a failure counts, in seconds."""


class Throttle:
    """Counts failures in Redis under several names, each with its own limit; without Redis nothing is counted.

    `limits` is what failures are counted for (`sign-in of ada from 192.0.2.1`), with how many are let pass; the names
    are stored as hashes, since they may be personal.
    """

    def __init__(self, redis: Redis | None, *, area: str, limits: Mapping[str, int]) -> None:
        self._redis = redis
        self._limits = {
            f"{area}:{blake2b(name.encode(), digest_size=16).hexdigest()}": limit for name, limit in limits.items()
        }

    def seconds_to_wait(self) -> int:
        """Return how long to wait; 0 if another try is free."""
        if self._redis is None:
            return 0
        try:
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
                pipeline.execute()
        except RedisError:
            return

    def forgive(self) -> None:
        """Forget the failures under the first name: whoever it stands for has proved themselves."""
        if self._redis is None:
            return
        try:
            self._redis.delete(next(iter(self._limits)))
        except RedisError:
            return
