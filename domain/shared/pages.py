"""Which pages have changed: a version of each address, kept in Redis, by which a kept page is known to be current.

All of them stand in one hash beside its epoch, a random word. Whoever drops the hash takes the epoch along, and with it
every page that was kept or tagged before: a lost version can never make an old page look new.
"""

import secrets
import threading
from collections.abc import Iterable
from typing import Any

from redis import ConnectionError as Closed
from redis import Redis, RedisError

VERSIONS = "pages:versions"
EPOCH, EVERY = "", "*"
"""The field with the epoch, and the address that stands for every page there is."""
PATIENCE = 5
"""How many seconds Redis may take to answer a worker."""
MOST = 250_000
"""How many addresses have versions of their own; beyond that all begin anew."""


def forget(redis: Redis, addresses: Iterable[str]) -> None:
    """Say that these addresses show something new: no page of them that was kept before is shown again."""
    with redis.pipeline(transaction=False) as pipeline:
        for address in addresses:
            pipeline.hincrby(VERSIONS, address, 1)
        pipeline.hlen(VERSIONS)
        held = pipeline.execute()[-1]
    if held > MOST:
        redis.delete(VERSIONS)


def forget_at(redis_url: str, addresses: Iterable[str]) -> None:
    """Say the same from a process that has no connection of its own."""
    with Redis.from_url(redis_url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE) as redis:
        forget(redis, addresses)


class Versions:
    """Asks for versions on a connection that each thread keeps to itself: a third of the time that a pool's takes."""

    def __init__(self, redis: Redis) -> None:
        self._redis, self._threads = redis, threading.local()

    def of(self, address: str) -> tuple[str, str]:
        """Return the version of what is on every page and that of one address; both change with the epoch."""
        epoch, every, own = self._fields(address)
        if epoch is None:
            self._redis.hsetnx(VERSIONS, EPOCH, secrets.token_hex(8))
            epoch, every, own = self._fields(address)
        common = f"{epoch!r}.{every!r}"
        return common, f"{common}.{own!r}"

    def _fields(self, address: str) -> list[bytes | None]:
        connection = getattr(self._threads, "connection", None)
        if connection is None:
            connection = self._threads.connection = self._redis.connection_pool.make_connection()
        try:
            return self._ask(connection, address)
        except Closed:
            # Closed while nobody used it, which says nothing of how Redis is now.
            return self._ask(connection, address)

    def _ask(self, connection: Any, address: str) -> list[bytes | None]:
        try:
            connection.send_command("HMGET", VERSIONS, EPOCH, EVERY, address)
            found: list[bytes | None] = connection.read_response()
        except RedisError:
            # Half an answer may still come, which would be taken for the next one's.
            connection.disconnect()
            raise
        return found
