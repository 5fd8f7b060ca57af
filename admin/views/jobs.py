"""Background work: the queues, what failed, and a second chance for it."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from redis import Redis

from admin.access import needs
from admin.queues import NoRedisError, ask
from domain.shared.backlog import backlog
from web import jobs
from web.db import session, transaction
from web.errors import problem

bp = Blueprint("jobs", __name__, url_prefix="/jobs")

AWAY = "Redis does not answer, so background work waits. Nothing is lost: the events are kept in the database."


@bp.get("")
@needs("jobs:read")
def index():
    """Show the queues, the recurring tasks and the failed jobs; without Redis what the database knows."""
    try:
        queues, tasks, failed = ask(lambda redis: (jobs.overview(redis), jobs.schedule(redis), jobs.failed_jobs(redis)))
    except NoRedisError:
        return render_template("admin/jobs/index.html", away=AWAY, queues=(), tasks=(), failed=(), waiting=_waiting())
    return render_template(
        "admin/jobs/index.html", away=None, queues=queues, tasks=tasks, failed=failed, waiting=_waiting()
    )


@bp.post("/<job_id>/retry")
@needs("jobs:retry")
def retry(job_id: str):
    """Run a failed job once more."""
    return _act(lambda redis: jobs.retry(redis, job_id), "The job runs again.")


@bp.post("/<job_id>/removal")
@needs("jobs:retry")
def discard(job_id: str):
    """Give a failed job up for good."""

    def drop(redis: Redis) -> bool:
        with transaction() as tx:
            return jobs.discard(tx, redis, job_id)

    return _act(drop, "The job is dropped and will not come back.")


def _act(action: Callable[[Redis], bool], done: str):
    try:
        found = ask(action)
    except NoRedisError:
        return problem(503, title="Redis does not answer", message=AWAY)
    flash(done if found else "This job is no longer among the failed ones.")
    return redirect(url_for("jobs.index"), 303)


def _waiting():
    return backlog(session())
