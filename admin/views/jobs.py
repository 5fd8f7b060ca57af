"""Background work and health: the queues, what failed and a second chance for it, and who does not answer."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from redis import Redis

from admin.access import needs
from admin.health import health
from admin.queues import NoRedisError, ask
from domain.shared.backlog import backlog
from web import jobs
from web.db import session, transaction
from web.errors import problem

bp = Blueprint("jobs", __name__, url_prefix="/jobs")

AWAY = "Redis does not answer, so background work waits. Nothing is lost: the events are kept in the database."

TASKS = {
    "enqueue retries": "Try again what did not work at first",
    "sweep outbox": "Look for background work that was lost",
    "expire unpaid orders": "Give up orders that nobody paid in time",
    "reconcile payments": "Ask about payments that are still open",
    "compare payments": "Compare payments with the gateway’s books",
    "turn sale prices": "Open and close sales",
    "release messages": "Send messages whose time has come",
    "remind shoppers": "Remind shoppers of carts and payments",
    "tell staff": "Tell staff about trouble and about yesterday",
    "read mail feedback": "Read which mail came back",
    "purge outbox": "Clear away background work long done",
    "purge idempotency keys": "Clear away old answers of the API",
    "purge personal data": "Delete personal data whose time is over",
    "close visits": "Count yesterday’s visits",
    "keep sums": "Sum up the days for the reports, and the stock",
    "recommend": "Work out what goes with what",
    "renew lists": "Count what sells, for the shop’s lists",
    "want pictures": "Fetch pictures of imported products",
    "measure": "Take the figures that alarms read",
    "mirror events": "Send events on to other systems",
}
"""What the recurring tasks do, in the words of a shop."""


@bp.get("")
@needs("jobs:read")
def index():
    """Show health, queues, jobs that run or failed and recurring tasks; without Redis what the database knows."""
    known = {"waiting": backlog(session()), "health": health()}
    try:
        seen = ask(_look)
    except NoRedisError:
        return render_template("admin/jobs/index.html", away=AWAY, queues=(), **known)
    return render_template("admin/jobs/index.html", away=None, words=TASKS, **seen, **known)


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


def _look(redis: Redis) -> dict[str, Any]:
    return {
        "queues": jobs.overview(redis),
        "running": jobs.running_jobs(redis),
        "failed": jobs.failed_jobs(redis),
        "tasks": jobs.schedule(redis),
    }


def _act(action: Callable[[Redis], bool], done: str):
    try:
        found = ask(action)
    except NoRedisError:
        return problem(503, title="Redis does not answer", message=AWAY)
    flash(done if found else "This job is no longer among the failed ones.")
    return redirect(url_for("jobs.index"), 303)
