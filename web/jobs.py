"""The queues as staff see them: what waits, what runs, what failed, and a second chance for it."""

import json
from collections.abc import Sequence
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
    """A job that is out of tries; `error` is the traceback of the last one, `score` its place among the failed ones."""

    id: str
    queue: str
    description: str
    error: str
    failed_at: datetime | None
    attempts: int
    score: float

    @property
    def reason(self) -> str:
        """The last line of the traceback."""
        return self.error.strip().splitlines()[-1] if self.error.strip() else "No reason was noted."

    @property
    def seen(self) -> str:
        """What tells this failure from one of the same job at another time."""
        return f"{self.score:.0f}"


@dataclass(frozen=True)
class FailedPage:
    """Some failed jobs; `after` asks for the next ones, None if there are none."""

    rows: tuple[FailedJob, ...]
    after: str | None


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


def failed_jobs(redis: Redis, *, queue: str = "", oldest: bool = False, after: str = "", limit: int = 50) -> FailedPage:
    """Return jobs that are out of tries, the latest first unless asked otherwise, of one queue or of all.

    Their place is the moment they failed at, and their id where that is the same.
    """
    names = [queue] if queue in QUEUES else list(QUEUES)
    behind = _place(after)
    places = [place for name in names for place in _places(redis, name, oldest, behind, limit + 1)]
    found = sorted(places, reverse=not oldest)[: limit + 1]
    shown = found[:limit]
    scores = {id_: score for score, id_ in shown}
    jobs = Job.fetch_many(list(scores), connection=redis, serializer=JSONSerializer)
    rows = tuple(_failed(job, scores[job.id]) for job in jobs if job is not None)
    return FailedPage(rows, f"{shown[-1][0]} {shown[-1][1]}" if len(found) > limit else None)


def failed_of(redis: Redis, job_ids: Sequence[str]) -> tuple[FailedJob, ...]:
    """Return those of some jobs that are out of tries."""
    fetched = Job.fetch_many(list(job_ids), connection=redis, serializer=JSONSerializer)
    jobs = [job for job in fetched if job and job.origin in QUEUES]
    with redis.pipeline(transaction=False) as asked:
        for job in jobs:
            asked.zscore(_queue(redis, job.origin).failed_job_registry.key, job.id)
        scores = asked.execute()
    return tuple(_failed(job, score) for job, score in zip(jobs, scores, strict=True) if score is not None)


def _place(after: str) -> tuple[float, str] | None:
    score, _, id_ = after.partition(" ")
    try:
        return (float(score), id_) if id_ else None
    except ValueError:
        return None


def _places(
    redis: Redis, name: str, oldest: bool, behind: tuple[float, str] | None, limit: int
) -> list[tuple[float, str]]:
    """Return the places of a queue's failed jobs behind one, at most so many; many can have failed in one second."""
    key, start = _queue(redis, name).failed_job_registry.key, 0
    found: list[tuple[float, str]] = []
    while len(found) < limit:
        if oldest:
            piece = redis.zrangebyscore(key, behind[0] if behind else "-inf", "+inf", start, limit, withscores=True)
        else:
            piece = redis.zrevrangebyscore(key, behind[0] if behind else "+inf", "-inf", start, limit, withscores=True)
        places = [(score, as_text(id_)) for id_, score in piece]
        found += [one for one in places if behind is None or (one > behind if oldest else one < behind)]
        if len(piece) < limit:
            break
        start += limit
    return found[:limit]


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


def _failed(job: Job, score: float) -> FailedJob:
    result = job.latest_result()
    return FailedJob(
        id=job.id,
        queue=job.origin,
        description=job.description or job.id,
        error=(result.exc_string if result else None) or "",
        failed_at=job.ended_at,
        attempts=len(job.retry_intervals or ()) - (job.retries_left or 0) + 1,
        score=score,
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
