"""From a message and a handler to a job in a queue, and back again to whether that job is still there."""

import contextlib
from collections.abc import Mapping
from uuid import UUID

from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.retry import Retry as ConnectionRetry
from rq import Queue, Retry
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer

from domain.shared.handlers import Outside
from domain.shared.queues import QUEUES
from workers.subscriptions import HANDLERS, Subscriber, name_of

PAUSES: dict[str, list[int]] = {
    "orders": [1, 5, 15, 60, 300, 900],
    "payments": [1, 5, 15, 60, 300, 900],
    "notifications": [5, 15, 60, 300, 900, 1800, 3600, 7200, 14400],
}
"""Seconds before each new try of a job that failed; after the last the job waits in its queue's failed jobs."""

TIMEOUT = 60
"""Seconds after which a job is ended and counts as failed."""


def connect(url: str, *, longest_answer: float = 10) -> Redis:
    """Connect to Redis so that a server that is away is noticed within seconds; `longest_answer` is in seconds."""
    retry = ConnectionRetry(ExponentialBackoff(cap=0.5, base=0.05), retries=2)
    return Redis.from_url(
        url, socket_connect_timeout=3, socket_timeout=longest_answer, health_check_interval=30, retry=retry
    )


def queue_of(handler: Subscriber) -> str:
    """Return the queue of a handler: its context's own, that of payments where it speaks to a gateway, or orders."""
    context = name_of(handler).split(".")[0]
    if context == "orders" and isinstance(handler, Outside):
        return "payments"
    return context if context in QUEUES else "orders"


def queue(redis: Redis, name: str) -> Queue:
    """Return a queue whose jobs are plain JSON."""
    return Queue(name, connection=redis, serializer=JSONSerializer, default_timeout=TIMEOUT)


def job_id(message_id: UUID, handler: str) -> str:
    """Return the one name of the job that has a handler deal with a message (RQ takes no dots in it)."""
    return f"{message_id}-{handler.replace('.', '-')}"


def is_job_of(id_: str, handler: str) -> bool:
    """Say by a job's name alone whether it is this handler's."""
    return id_.endswith(f"-{handler.replace('.', '-')}")


def enqueue(redis: Redis, message_id: UUID, handler: str, trace: Mapping[str, str] | None = None) -> bool:
    """Put the job into its queue; False if it is there, under way, waiting for another try or failed already.

    `trace` says which trace the job belongs to.
    """
    name = queue_of(HANDLERS[handler])
    try:
        queue(redis, name).enqueue(
            "workers.jobs.handle_event",
            args=(str(message_id), handler, *([dict(trace)] if trace else [])),
            job_id=job_id(message_id, handler),
            description=handler,
            retry=Retry(max=len(PAUSES[name]), interval=PAUSES[name]),
            result_ttl=0,
            unique=True,
        )
    except DuplicateJobError:
        return False
    return True


def enqueue_lost(redis: Redis, message_id: UUID, handler: str, trace: Mapping[str, str] | None = None) -> bool:
    """Put a job into its queue that may have been lost on the way; False if it is somewhere still."""
    if enqueue(redis, message_id, handler, trace):
        return True
    if _is_somewhere(redis, job_id(message_id, handler)):
        return False
    # A worker that dies between taking a job and starting it leaves its record behind, in no list.
    with contextlib.suppress(NoSuchJobError):
        Job.fetch(job_id(message_id, handler), connection=redis, serializer=JSONSerializer).delete()
    return enqueue(redis, message_id, handler, trace)


def _is_somewhere(redis: Redis, id_: str) -> bool:
    try:
        job = Job.fetch(id_, connection=redis, serializer=JSONSerializer)
    except NoSuchJobError:
        return False
    found = queue(redis, job.origin)
    match job.get_status(refresh=False):
        case JobStatus.QUEUED:
            return found.get_job_position(id_) is not None or id_ in found.started_job_registry
        case JobStatus.STARTED:
            return id_ in found.started_job_registry
        case JobStatus.SCHEDULED:
            return id_ in found.scheduled_job_registry
        case JobStatus.FAILED | JobStatus.STOPPED:
            return id_ in found.failed_job_registry
        case _:
            return False
