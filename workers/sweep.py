"""Finding again what Redis or a crash lost, and closing what every handler has dealt with."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from redis import Redis
from rq.job import Job
from rq.serializers import JSONSerializer

from domain.notifications.commands import give_up
from domain.notifications.events import MessageQueued
from domain.notifications.handlers import send_message
from domain.notifications.staff import tell_staff
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.outbox import claim, claimed, load, mark_done, mark_relayed, mark_seen, take_lost
from domain.shared.queues import QUEUES
from workers.jobs import UnderWay, sole_run
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
    give_up_letters(sessions, redis)
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


def give_up_letters(sessions: Sessions, redis: Redis) -> int:
    """Note of messages whose job is out of tries that they failed, and why; staff send them again from their log.

    The job goes, as there would be two ways to send one letter. Whoever runs it at this moment is left alone.
    """
    failed, given_up = queue(redis, "notifications").failed_job_registry, 0
    for job in Job.fetch_many(failed.get_job_ids(0, BATCH), connection=redis, serializer=JSONSerializer):
        if job is None or job.description != send_message.name:
            continue
        message_id, result = UUID(job.args[0]), job.latest_result()
        told = ((result.exc_string if result else "") or "its worker was ended").strip().splitlines()[-1]
        with suppress(UnderWay), sole_run(sessions, message_id, send_message.name):
            if job.id not in failed:
                continue
            with transaction(sessions) as tx:
                event = load(tx, message_id)
                if isinstance(event, MessageQueued) and claim(tx, message_id, send_message.name):
                    give_up(tx, message_id=event.message_id, reason=told)
                    tell_staff(
                        tx,
                        template="staff_failed_jobs",
                        subject_key=f"{utcnow():%Y-%m-%dT%H}",
                        context={"count": len(failed), "latest": send_message.name},
                    )
                    given_up += 1
            job.delete()
    return given_up
