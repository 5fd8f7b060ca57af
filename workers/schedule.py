"""What comes round again and again: the one table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from redis import Redis
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer

from domain.cart.commands.forget import purge_carts
from domain.notifications.adapters.ses import read_feedback
from domain.notifications.commands import release_due
from domain.notifications.reminders import remind_of_carts, remind_of_payments
from domain.notifications.suppression import take_feedback
from domain.orders.commands.compare import compare_settled
from domain.orders.commands.expire import expire_unpaid
from domain.orders.commands.reconcile import reconcile
from domain.payments.gateways import make_gateways
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.outbox import purge_done
from domain.shared.queues import QUEUES
from domain.shared.settings import Settings
from domain.users.commands import purge_accounts
from workers.measures import Measures
from workers.mirror import mirror
from workers.news import tell_of_failed_jobs, tell_of_yesterday
from workers.queues import queue
from workers.sweep import sweep

KEEP_DONE = timedelta(days=14)
KEEP_CARTS = timedelta(days=90)

MEASURES = Measures()


@dataclass(frozen=True)
class Tools:
    """What a recurring task may use."""

    settings: Settings
    sessions: Sessions
    redis: Redis


@dataclass(frozen=True)
class Task:
    """Something to be done every so many seconds; safe to be done twice. It returns how much there was to do."""

    name: str
    every: float
    run: Callable[[Tools], int]


def enqueue_retries(tools: Tools) -> int:
    """Put jobs whose pause is over back into their queues."""
    moved = 0
    for name in QUEUES:
        found = queue(tools.redis, name)
        waiting = found.scheduled_job_registry
        for id_ in waiting.get_jobs_to_schedule():
            try:
                job = Job.fetch(id_, connection=tools.redis, serializer=JSONSerializer)
            except NoSuchJobError:
                waiting.remove(id_)
                continue
            with tools.redis.pipeline() as pipeline:
                found.enqueue_job(job, pipeline=pipeline)
                waiting.remove(job, pipeline=pipeline)
                pipeline.execute()
            moved += 1
    return moved


def sweep_outbox(tools: Tools) -> int:
    """Find what Redis or a crash lost."""
    return sweep(tools.sessions, tools.redis)


def expire_unpaid_orders(tools: Tools) -> int:
    """Give up orders that nobody paid in time."""
    return expire_unpaid(tools.sessions, make_gateways(tools.settings), now=utcnow())


def reconcile_payments(tools: Tools) -> int:
    """Ask the gateways about payments left open."""
    return reconcile(tools.sessions, make_gateways(tools.settings), now=utcnow())


def compare_payments(tools: Tools) -> int:
    """Compare settled payments with the gateways' own books."""
    return compare_settled(tools.sessions, make_gateways(tools.settings), now=utcnow())


def release_messages(tools: Tools) -> int:
    """Hand on the messages whose time has come."""
    with transaction(tools.sessions) as tx:
        return release_due(tx, now=utcnow(), limit=100)


def remind(tools: Tools) -> int:
    """Write about carts that were left and payments that are still open."""
    with transaction(tools.sessions) as tx:
        return remind_of_carts(tx, now=utcnow()) + remind_of_payments(tx, now=utcnow())


def tell_staff(tools: Tools) -> int:
    """Write to staff about failed jobs and, in the morning, about yesterday."""
    with transaction(tools.sessions) as tx:
        told = tell_of_failed_jobs(tx, tools.redis)
        return told + tell_of_yesterday(tx, tools.settings, now=utcnow())


def read_mail_feedback(tools: Tools) -> int:
    """Read what the mail service reports of addresses that mail came back from."""
    if tools.settings.ses_feedback_queue is None:
        return 0

    def act(report: dict[str, Any]) -> int:
        with transaction(tools.sessions) as tx:
            return take_feedback(tx, report)

    return read_feedback(tools.settings, act)


def purge_outbox(tools: Tools) -> int:
    """Delete events that were dealt with long ago."""
    gone = 0
    while True:
        with transaction(tools.sessions) as tx:
            some = purge_done(tx, older_than=KEEP_DONE, limit=1000)
        if not some:
            return gone
        gone += some


def purge_personal(tools: Tools) -> int:
    """Delete what was kept about shoppers and serves nobody any more: see docs/privacy.md."""
    now, gone = utcnow(), 0
    with transaction(tools.sessions) as tx:
        gone += purge_accounts(tx, now=now)
    while True:
        with transaction(tools.sessions) as tx:
            some = purge_carts(tx, before=now - KEEP_CARTS, limit=1000)
        if not some:
            return gone
        gone += some


def measure(tools: Tools) -> int:
    """Take the figures that alarms read, where somebody listens."""
    if tools.settings.telemetry != "off":
        MEASURES.take(tools.sessions, tools.redis)
    return 0


def mirror_events(tools: Tools) -> int:
    """Send events on to EventBridge, where the shop has a bus."""
    return mirror(tools.sessions, tools.settings)


SCHEDULE = (
    Task("enqueue retries", 1, enqueue_retries),
    Task("sweep outbox", 10, sweep_outbox),
    Task("expire unpaid orders", 30, expire_unpaid_orders),
    Task("reconcile payments", 20, reconcile_payments),
    Task("compare payments", 60, compare_payments),
    Task("release messages", 1, release_messages),
    Task("remind shoppers", 300, remind),
    Task("tell staff", 60, tell_staff),
    Task("read mail feedback", 10, read_mail_feedback),
    Task("purge outbox", 3600, purge_outbox),
    Task("purge personal data", 3600, purge_personal),
    Task("measure", 30, measure),
    Task("mirror events", 1, mirror_events),
)
