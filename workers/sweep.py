"""Finding again what Redis or a crash lost, and closing what every handler has dealt with."""

from datetime import timedelta
from uuid import UUID

from redis import Redis

from domain.shared.db import Sessions, transaction
from domain.shared.outbox import claimed, mark_done, mark_relayed, mark_seen, take_lost
from domain.shared.queues import QUEUES
from workers.queues import enqueue_lost, queue
from workers.subscriptions import SUBSCRIBERS

PATIENCE = timedelta(seconds=30)
"""How long a message may be on its way before it is looked for."""

BATCH = 500


def sweep(sessions: Sessions, redis: Redis, *, older_than: timedelta = PATIENCE) -> int:
    """Close the messages that are done, and enqueue again the jobs of others that are nowhere; returns how many."""
    while True:
        with transaction(sessions) as tx:
            if not mark_done(tx, SUBSCRIBERS):
                break
    for name in QUEUES:
        # A job whose worker was killed is tried again, or waits with the failed ones if that was its last try.
        queue(redis, name).started_job_registry.cleanup()
    found = 0
    with transaction(sessions) as tx:
        messages = take_lost(tx, older_than=older_than, limit=BATCH)
        done = claimed(tx, [message.id for message in messages])
        again: list[UUID] = []
        seen: list[UUID] = []
        for message in messages:
            missing = [name for name in SUBSCRIBERS.get(message.name, ()) if (message.id, name) not in done]
            lost = [name for name in missing if enqueue_lost(redis, message.id, name, message.trace)]
            found += len(lost)
            (again if lost else seen).append(message.id)
        if again:
            mark_relayed(tx, again)
        if seen:
            mark_seen(tx, seen)
    return found
