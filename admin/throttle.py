"""Slowing down whoever guesses passwords: so many failures for an address on the net, then a pause."""

from hashlib import blake2b

from redis import Redis, RedisError

WINDOW = 15 * 60
"""How long a failure counts, in seconds."""
PER_ACCOUNT, PER_ADDRESS = 10, 50
"""Failures within the window from one network address: for one account, and for all of them together."""


class Throttle:
    """Counts failures in Redis; without Redis nothing is counted, and only the slow password hash holds guessers up."""

    def __init__(self, redis: Redis | None, *, email: str, address: str) -> None:
        self._redis = redis
        account = blake2b(f"{email.strip().lower()} {address}".encode(), digest_size=16).hexdigest()
        source = blake2b(address.encode(), digest_size=16).hexdigest()
        self._limits = {f"admin:sign-in:{account}": PER_ACCOUNT, f"admin:sign-in:{source}": PER_ADDRESS}

    def seconds_to_wait(self) -> int:
        """Return how long this account must wait from this address; 0 if it may try."""
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
        """Forget the failures of an account that has proved itself."""
        if self._redis is None:
            return
        try:
            self._redis.delete(next(iter(self._limits)))
        except RedisError:
            return
