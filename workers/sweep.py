"""Finding again what Redis or a crash lost, and closing what every handler has dealt with."""

import itertools
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from redis import Redis
from redis.exceptions import RedisError
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.registry import FailedJobRegistry
from rq.serializers import JSONSerializer
from sqlalchemy.exc import OperationalError

from domain.notifications.commands import give_up
from domain.notifications.events import MessageQueued
from domain.notifications.handlers import send_message
from domain.notifications.staff import tell_staff
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.outbox import claim, claimed, load, mark_done, mark_relayed, mark_seen, take_lost
from domain.shared.queues import QUEUES
from workers.jobs import UnderWay, sole_run
from workers.process import log
from workers.queues import enqueue_lost, is_job_of, queue
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
    give_up_letters(sessions, redis)
    return found


def give_up_letters(sessions: Sessions, redis: Redis) -> int:
    """Note of messages whose job is out of tries that they failed, and why; staff send them again from their log.

    The job goes, as there would be two ways to send one letter. Whoever runs it at this moment is left alone, and one
    that cannot be dealt with keeps nobody else waiting.
    """
    failed = queue(redis, "notifications").failed_job_registry
    ids, given_up = _out_of_tries(failed), 0
    for id_ in ids:
        try:
            given_up += _give_up(sessions, failed, id_, of=len(ids))
        except (OperationalError, RedisError):
            raise  # That is no fault of this job's: the next round goes on.
        except Exception as problem:
            log.warning("message not given up", job=id_, exc_info=problem)
    return given_up


def _out_of_tries(failed: FailedJobRegistry) -> list[str]:
    """Return the names of some jobs that were to send a message, wherever among all failed ones they are."""
    found: list[str] = []
    for start in itertools.count(0, BATCH):
        page = failed.get_job_ids(start, start + BATCH - 1)
        found += [id_ for id_ in page if is_job_of(id_, send_message.name)]
        if len(page) < BATCH or len(found) >= BATCH:
            return found
    return found


def _give_up(sessions: Sessions, failed: FailedJobRegistry, id_: str, *, of: int) -> bool:
    """Give one message up, of so many that are out of tries; False if it was dealt with or is under way."""
    try:
        job = Job.fetch(id_, connection=failed.connection, serializer=JSONSerializer)
    except NoSuchJobError:
        failed.remove(id_)
        return False
    message_id, result, given_up = UUID(job.args[0]), job.latest_result(), False
    told = (((result.exc_string if result else "") or "").strip() or "its worker was ended").splitlines()[-1]
    with suppress(UnderWay), sole_run(sessions, message_id, send_message.name):
        if id_ not in failed:
            return False
        with transaction(sessions) as tx:
            event = load(tx, message_id)
            if isinstance(event, MessageQueued) and claim(tx, message_id, send_message.name):
                give_up(tx, message_id=event.message_id, reason=told)
                tell_staff(
                    tx,
                    template="staff_failed_messages",
                    wanted_as="staff_failed_jobs",
                    subject_key=f"{utcnow():%Y-%m-%dT%H}",
                    context={"count": of},
                )
                given_up = True
        job.delete()
    return given_up
