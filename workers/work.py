"""`python -m workers.work`: carry out jobs, each in a process forked for it.

SIGTERM ends the worker after the job at hand. When Redis comes back after an absence, so does the worker.
"""

import sys
import threading
from collections.abc import Callable
from types import FrameType

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import Worker
from rq.exceptions import StopRequested
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy.orm import configure_mappers

from domain.notifications.adapters import templates
from domain.shared.queues import QUEUES
from workers import jobs
from workers.alive import Sign, unwatched
from workers.process import log, ready, stop_on_signals
from workers.queues import queue

SIGN_OF_LIFE = 10
"""Seconds between two signs of life that a worker gives for the job it has under way."""

ABANDONED_AFTER = 25
"""Seconds without such a sign after which a job counts as abandoned, and is taken up by another worker."""

WORKER_TTL = 30
"""Seconds without a sign of life after which a worker counts as gone; it blocks on its queues for half as long."""


class JobWorker(Worker):
    """RQ's forking worker, set to notice within seconds what its server or another worker lost."""

    max_connection_wait_time = 5.0
    log_result_lifespan = False
    asked_to_stop = False
    stop: threading.Event | None = None
    sign: Callable[[], None] = staticmethod(unwatched)

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Remember that it was a signal that ended the work."""
        self.asked_to_stop = True
        super().request_stop(signum, frame)

    def check_for_suspension(self, burst: bool) -> None:
        """End before the first job if a signal came while RQ's own handlers were not in place yet."""
        if self.stop is not None and self.stop.is_set():
            self.asked_to_stop = True
            raise StopRequested
        super().check_for_suspension(burst)

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """Give a sign of life to this host as well as to Redis, which may be away."""
        self.sign()
        super().heartbeat(timeout, pipeline)

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:
        """Let a job whose worker was killed be found within seconds; RQ itself waits for more than a minute."""
        return ABANDONED_AFTER

    def subscribe(self) -> None:
        """Take no commands over Redis: nobody sends any, and a process with a second thread is not safe to fork."""


def make_worker(redis: Redis) -> JobWorker:
    """Make a worker for the three queues; jobs of dead workers are found again every half minute."""
    return JobWorker(
        [queue(redis, name) for name in QUEUES],
        connection=redis,
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL,
        maintenance_interval=30,
        job_monitoring_interval=SIGN_OF_LIFE,
        log_job_description=False,
    )


def main() -> int:
    """Work until a signal asks to stop."""
    settings, redis = ready("worker", longest_answer=WORKER_TTL)
    sign = Sign(settings.var, "worker").give
    # Done once, before any job: the process forked for a job then has the shop's code, tables and letters in memory.
    configure_mappers()
    templates.prepare(settings)
    log.info("worker started", queues=list(QUEUES), job=jobs.handle_event.__name__)
    while True:
        stop = stop_on_signals()
        if not _wait_for(redis, stop, sign):
            break
        try:
            if _work(redis, stop, sign):
                break
        except RedisError as error:
            log.warning("worker lost Redis", error=type(error).__name__)
        stop.wait(1)
    log.info("worker stopped")
    return 0


def _work(redis: Redis, stop: threading.Event, sign: Callable[[], None]) -> bool:
    """Work for as long as Redis answers; True if a signal ended it, whether or not Redis heard of the end."""
    worker = make_worker(redis)
    worker.stop, worker.sign = stop, sign
    try:
        worker.work(logging_level="WARNING")
    except (RedisError, StopRequested):
        if not worker.asked_to_stop:
            raise
    return worker.asked_to_stop


def _wait_for(redis: Redis, stop: threading.Event, sign: Callable[[], None]) -> bool:
    """Wait until Redis answers; False if a signal came first."""
    troubled = False
    while not stop.is_set():
        sign()
        try:
            redis.ping()
        except RedisError as error:
            if not troubled:
                log.warning("worker waits for Redis", error=type(error).__name__)
                troubled = True
            stop.wait(1)
        else:
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
