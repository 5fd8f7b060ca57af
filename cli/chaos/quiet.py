"""Waiting until nothing is under way any more: in the books, in the queues, and on the way from the gateway."""

import math
import time
from collections.abc import Callable

from redis.exceptions import RedisError
from rq.registry import ScheduledJobRegistry, StartedJobRegistry
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from cli.chaos.outside import Outside
from cli.chaos.stage import Place
from domain.shared.queues import QUEUES
from workers.queues import queue
from workers.subscriptions import handler_names

_UNDER_WAY = {
    "events not yet handled": """
        SELECT count(DISTINCT o.id) FROM shared.outbox o
        JOIN unnest(CAST(:names AS text[]), CAST(:handlers AS text[])) AS h(name, handler) ON h.name = o.name
        WHERE o.done_at IS NULL
          AND NOT EXISTS (SELECT FROM shared.claims c WHERE c.message_id = o.id AND c.handler = h.handler)
        """,
    # What is meant for another day, as the question after the delivery, is not under way.
    "messages not yet sent": """
        SELECT count(*) FROM notifications.messages
        WHERE state = 'queued' AND coalesce(not_before, created_at) < now() + interval '1 hour'
        """,
    "refunds not yet carried out": "SELECT count(*) FROM payments.refunds WHERE state = 'requested'",
}
_OPEN = text("SELECT id::text FROM payments.payments WHERE state IN ('created', 'pending', 'unknown', 'authorised')")


def wait_for_quiet(place: Place, outside: Outside, *, seconds: float, say: Callable[[str], None]) -> list[str]:
    """Wait until all is quiet, and return what is still under way once it has not become less for so many seconds.

    How long a pile of work takes is a matter of the machine; that it becomes less is a matter of the shop.
    """
    deadline, least = time.monotonic() + seconds, math.inf
    while left := under_way(place, outside):
        count = sum(int(word) for line in left for word in line.split()[:1] if word.isdigit()) or math.inf
        if count < least:
            deadline, least = time.monotonic() + seconds, count
        elif time.monotonic() > deadline:
            return left
        say(", ".join(left))
        time.sleep(0.5)
    return []


def under_way(place: Place, outside: Outside) -> list[str]:
    """Return what is under way at this moment."""
    pairs = [(name, handler) for name, handlers in handler_names().items() for handler in handlers]
    values = {"names": [name for name, _ in pairs], "handlers": [handler for _, handler in pairs]}
    counts: dict[str, int] = {}
    try:
        with place.engine.connect() as connection:
            for what, query in _UNDER_WAY.items():
                used = {name: value for name, value in values.items() if f":{name}" in query}
                counts[what] = connection.scalar(text(query), used) or 0
            shop = set(connection.scalars(_OPEN))
        for name in QUEUES:
            found = queue(place.redis, name)
            counts["jobs waiting"] = counts.get("jobs waiting", 0) + len(found)
            for registry in (StartedJobRegistry, ScheduledJobRegistry):
                counts["jobs waiting"] += registry(queue=found).get_job_count(cleanup=False)
    except (DBAPIError, PoolTimeout, RedisError) as error:
        return [type(error).__name__]
    charges = {charge.key: charge for charge in outside.charges()}
    # A payment that nobody has made stays open on both sides until its order's time is over.
    counts["payments decided at the gateway and not here"] = sum(
        1 for id_ in shop if id_ in charges and (charges[id_].status != "pending" or charges[id_].settling)
    )
    counts["messages of the gateway on their way"] = outside.undelivered()
    return [f"{count} {what}" for what, count in counts.items() if count]
