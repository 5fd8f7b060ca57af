"""The queues as staff see them: what waits, what runs, what failed, and a second chance for it."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from redis import Redis
from rq import Queue, Worker
from rq.exceptions import InvalidJobOperation, NoSuchJobError
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer
from rq.utils import as_text
from sqlalchemy.orm import Session

from domain.shared.outbox import claim, load
from domain.shared.queues import QUEUES, SCHEDULE_KEY

MOST_RUNNING = 200
"""How many running jobs of a queue are looked at, to name those that have run longest."""


@dataclass(frozen=True, kw_only=True)
class QueueView:
    """How many jobs of a queue wait, run, wait for another try, and failed for good."""

    name: str
    queued: int
    started: int
    scheduled: int
    failed: int


@dataclass(frozen=True, kw_only=True)
class RunningJob:
    """A job that is under way; `host` and `process` say which worker has it, both empty if the worker is gone."""

    id: str
    queue: str
    description: str
    since: datetime
    host: str
    process: str


@dataclass(frozen=True, kw_only=True)
class FailedJob:
    """A job that is out of tries; `error` is the traceback of the last one."""

    id: str
    queue: str
    description: str
    error: str
    failed_at: datetime | None
    attempts: int

    @property
    def reason(self) -> str:
        """The last line of the traceback."""
        return self.error.strip().splitlines()[-1] if self.error.strip() else "No reason was noted."


@dataclass(frozen=True, kw_only=True)
class ScheduledTask:
    """A recurring task and how it last went."""

    name: str
    every: float
    last_run_at: datetime
    next_run_at: datetime
    took_ms: int
    count: int
    error: str


def overview(redis: Redis) -> tuple[QueueView, ...]:
    """Return the length of each queue and of its lists."""
    return tuple(_view(_queue(redis, name)) for name in QUEUES)


def running_jobs(redis: Redis, *, limit: int = 20) -> tuple[RunningJob, ...]:
    """Return jobs that are under way, at most so many, by when they began; three round trips at any number."""
    with redis.pipeline(transaction=False) as asked:
        for name in QUEUES:
            asked.zrange(_queue(redis, name).started_job_registry.key, 0, MOST_RUNNING - 1)
        ids = [as_text(one) for found in asked.execute() for one in found]
    fetched = Job.fetch_many(ids, connection=redis, serializer=JSONSerializer)
    # What a dead worker left behind stays in the list until another one finds it, and what just ended for a moment.
    under_way = [job for job in fetched if job and job.get_status(refresh=False) == JobStatus.STARTED]
    begun = sorted((job.started_at, job.id, job) for job in under_way if job.started_at)[:limit]
    with redis.pipeline(transaction=False) as asked:
        for _, _, job in begun:
            asked.hmget(f"{Worker.redis_worker_namespace_prefix}{job.worker_name}", "hostname", "pid")
        workers = asked.execute()
    return tuple(
        RunningJob(
            id=job.id,
            queue=job.origin,
            description=job.description or job.id,
            since=since,
            host=as_text(host or ""),
            process=as_text(process or ""),
        )
        for (since, _, job), (host, process) in zip(begun, workers, strict=True)
    )


def failed_jobs(redis: Redis, *, limit: int = 100) -> tuple[FailedJob, ...]:
    """Return the jobs that are out of tries, the latest first."""
    found = []
    for name in QUEUES:
        ids = _queue(redis, name).failed_job_registry.get_job_ids(0, limit - 1, desc=True)
        jobs = Job.fetch_many(ids, connection=redis, serializer=JSONSerializer)
        found += [_failed(job) for job in jobs if job is not None]
    return tuple(sorted(found, key=lambda job: job.failed_at.timestamp() if job.failed_at else 0, reverse=True)[:limit])


def schedule(redis: Redis) -> tuple[ScheduledTask, ...]:
    """Return the recurring tasks that have run since Redis was last empty, by name."""
    noted = {as_text(name): json.loads(how) for name, how in redis.hgetall(SCHEDULE_KEY).items()}
    return tuple(_task(name, how) for name, how in sorted(noted.items()))


def retry(redis: Redis, job_id: str) -> bool:
    """Put a failed job back into its queue for one more try; False if it is no longer there."""
    job = _find(redis, job_id)
    if job is None:
        return False
    try:
        _queue(redis, job.origin).failed_job_registry.requeue(job)
    except InvalidJobOperation:
        return False
    return True


def discard(session: Session, redis: Redis, job_id: str) -> bool:
    """Give up a failed job for good; False if it is no longer there.

    Its message is marked as dealt with, so that the sweeper does not bring the job back.
    """
    job = _find(redis, job_id)
    if job is None or job.id not in _queue(redis, job.origin).failed_job_registry:
        return False
    message_id = _message_id(job)
    if message_id is not None and load(session, message_id) is not None:
        claim(session, message_id, job.args[1])
    job.delete()
    return True


def _message_id(job: Job) -> UUID | None:
    try:
        return UUID(str(job.args[0]))
    except (IndexError, ValueError):
        return None  # whatever it is, it is about no message


def _queue(redis: Redis, name: str) -> Queue:
    return Queue(name, connection=redis, serializer=JSONSerializer)


def _find(redis: Redis, job_id: str) -> Job | None:
    try:
        job = Job.fetch(job_id, connection=redis, serializer=JSONSerializer)
    except (NoSuchJobError, ValueError):
        return None
    return job if job.origin in QUEUES else None


def _view(queue: Queue) -> QueueView:
    return QueueView(
        name=queue.name,
        queued=queue.count,
        started=queue.started_job_registry.get_job_count(cleanup=False),
        scheduled=queue.scheduled_job_registry.get_job_count(cleanup=False),
        failed=queue.failed_job_registry.get_job_count(cleanup=False),
    )


def _failed(job: Job) -> FailedJob:
    result = job.latest_result()
    return FailedJob(
        id=job.id,
        queue=job.origin,
        description=job.description or job.id,
        error=(result.exc_string if result else None) or "",
        failed_at=job.ended_at,
        attempts=len(job.retry_intervals or ()) - (job.retries_left or 0) + 1,
    )


def _task(name: str, how: dict[str, object]) -> ScheduledTask:
    return ScheduledTask(
        name=name,
        every=float(str(how["every"])),
        last_run_at=datetime.fromisoformat(str(how["last_run_at"])),
        next_run_at=datetime.fromisoformat(str(how["next_run_at"])),
        took_ms=int(str(how["took_ms"])),
        count=int(str(how["count"])),
        error=str(how["error"]),
    )
