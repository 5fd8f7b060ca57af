"""Background work and health: the queues, what failed and a second chance for it, and who does not answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from redis import Redis

from admin.access import needs
from admin.health import health
from admin.many import Deed, Many, Planned, Seen, offer
from admin.queues import NoRedisError, ask
from domain.shared.backlog import backlog
from domain.shared.lists import Filter, known
from domain.shared.queues import QUEUES
from web import jobs
from web.db import session, transaction
from web.errors import problem

bp = Blueprint("jobs", __name__, url_prefix="/jobs")

T = TypeVar("T")
PER_PAGE = 50
FAILED_SORTS = {"": "Latest first", "oldest": "Oldest first"}
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


@dataclass(frozen=True, kw_only=True)
class FailedFilter(Filter):
    """Which failed jobs are looked for, and in which order."""

    queue: str = ""
    sort: str = ""


@bp.get("")
@needs("jobs:read")
def index():
    """Show health, queues, jobs that run or failed and recurring tasks; without Redis what the database knows."""
    books = {"waiting": backlog(session()), "health": health()}
    wanted = FailedFilter(
        queue=known(request.args.get("queue"), QUEUES), sort=known(request.args.get("sort"), FAILED_SORTS)
    )
    try:
        seen = ask(lambda redis: _look(redis, wanted))
    except NoRedisError:
        return render_template("admin/jobs/index.html", away=AWAY, queues=(), **books)
    listed = {"wanted": wanted, "kept": wanted.as_words(), "sorts": FAILED_SORTS, "many": MANY}
    return render_template("admin/jobs/index.html", away=None, words=TASKS, **seen, **books, **listed)


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


def _look(redis: Redis, wanted: FailedFilter) -> dict[str, Any]:
    after = request.args.get("after", "")[:300]
    return {
        "queues": jobs.overview(redis),
        "running": jobs.running_jobs(redis),
        "failed": jobs.failed_jobs(
            redis, queue=wanted.queue, oldest=wanted.sort == "oldest", after=after, limit=PER_PAGE
        ),
        "tasks": jobs.schedule(redis),
    }


def _asked_of_redis(question: Callable[[Redis], T]) -> T:
    try:
        return ask(question)
    except NoRedisError:
        abort(503, description=AWAY)


def _plan(_action: str, keys: Sequence[str]) -> list[Planned]:
    found = _asked_of_redis(lambda redis: jobs.failed_of(redis, keys))
    return [Planned(one.id, one.seen, one.description, "Failed", words=one.reason) for one in found]


def _each(seen: Seen, do: Callable[[Redis, str], bool]) -> int:
    """Do it to each job that has not been run since; it is Redis that keeps them, so there is nothing to take back."""

    def all_(redis: Redis) -> int:
        same = [one.id for one in jobs.failed_of(redis, list(seen)) if one.seen == seen[one.id]]
        return sum(do(redis, id_) for id_ in same)

    return _asked_of_redis(all_)


def _retry_many(seen: Seen, _answer: str) -> int:
    return _each(seen, jobs.retry)


def _discard_many(seen: Seen, _answer: str) -> int:
    with transaction() as tx:
        return _each(seen, lambda redis, id_: jobs.discard(tx, redis, id_))


MANY = Many(
    list="jobs.index",
    title="Jobs",
    one="job",
    many="jobs",
    permission="jobs:retry",
    look=_plan,
    deeds={
        "retry": Deed("Retry", ("runs again", "run again"), _retry_many),
        "drop": Deed("Drop", ("is dropped and will not come back", "are dropped and will not come back"),
                     _discard_many, danger=True),
    },
    said="Run failed jobs again, or drop them.",
    key=str,
)  # fmt: skip
offer(bp, MANY)


def _act(action: Callable[[Redis], bool], done: str):
    try:
        found = ask(action)
    except NoRedisError:
        return problem(503, title="Redis does not answer", message=AWAY)
    flash(done if found else "This job is no longer among the failed ones.")
    return redirect(url_for("jobs.index"), 303)
