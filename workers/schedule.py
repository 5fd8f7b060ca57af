"""What comes round again and again: the one table."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from redis import Redis
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer

from domain.analytics import sums
from domain.analytics.periods import day_of
from domain.analytics.visits import close_days
from domain.cart.commands.forget import purge_carts
from domain.catalog.commands import turn_prices
from domain.catalog.commands.listing import rebuild
from domain.catalog.commands.popularity import count_popularity
from domain.catalog.commands.worth import keep_all_worth
from domain.catalog.imports.wanted import ask_for_pictures
from domain.notifications.adapters.ses import read_feedback
from domain.notifications.commands import release_due
from domain.notifications.forget import empty_farewells, empty_orphans
from domain.notifications.reminders import remind_of_carts, remind_of_payments
from domain.notifications.suppression import purge_lifted, take_feedback
from domain.orders.commands.compare import compare_settled
from domain.orders.commands.expire import expire_unpaid
from domain.orders.commands.reconcile import reconcile
from domain.payments.forget import empty_webhooks
from domain.payments.gateways import make_gateways
from domain.promotions.commands import keep_uses
from domain.recommendations.commands import compute_if_old
from domain.shared.db import Sessions, transaction, utcnow
from domain.shared.exports import purge_exports
from domain.shared.idempotency import purge_keys
from domain.shared.outbox import purge_done
from domain.shared.preferences import preferences
from domain.shared.queues import QUEUES
from domain.shared.settings import Settings
from domain.users.commands import purge_accounts, purge_api_keys, retire_signing_keys
from domain.wishlist.commands import purge_wishlists
from workers.measures import Measures
from workers.mirror import mirror
from workers.news import tell_of_failed_jobs, tell_of_yesterday
from workers.queues import queue
from workers.sweep import sweep

KEEP_DONE = timedelta(days=14)
KEEP_CARTS = timedelta(days=90)
KEEP_WISHES = timedelta(days=90)
KEEP_LIFTED = timedelta(days=90)
KEEP_WEBHOOKS = timedelta(days=30)
"""How long what a gateway reported is kept as it came; what it meant is in the payment."""

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


def turn_sale_prices(tools: Tools) -> int:
    """Tell lists and caches of sale windows that have opened or closed."""
    with transaction(tools.sessions) as tx:
        return turn_prices(tx)


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
        return told + tell_of_yesterday(tx, preferences(tx).over(tools.settings), now=utcnow())


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


def purge_idempotency(tools: Tools) -> int:
    """Drop idempotency keys whose answers are no longer given."""
    gone = 0
    while True:
        with transaction(tools.sessions) as tx:
            some = purge_keys(tx, now=utcnow(), limit=1000)
        if not some:
            return gone
        gone += some


def purge_personal(tools: Tools) -> int:
    """Delete what was kept about shoppers and serves nobody any more: see docs/privacy.md."""
    now, gone = utcnow(), 0
    with transaction(tools.sessions) as tx:
        gone += purge_accounts(tx, now=now) + purge_api_keys(tx, now=now) + retire_signing_keys(tx, now=now)
        gone += purge_lifted(tx, before=now - KEEP_LIFTED)
        gone += purge_exports(tx, now=now) + empty_farewells(tx, limit=1000) + empty_orphans(tx, limit=1000)
    for purge, before in (
        (purge_carts, now - KEEP_CARTS),
        (purge_wishlists, now - KEEP_WISHES),
        (empty_webhooks, now - KEEP_WEBHOOKS),
    ):
        some = 1
        while some:
            with transaction(tools.sessions) as tx:
                some = purge(tx, before=before, limit=1000)
            gone += some
    return gone


def close_visits(tools: Tools) -> int:
    """Count the visits of days that are over, and forget who they were."""
    with transaction(tools.sessions) as tx:
        return close_days(tx, today=day_of(utcnow(), preferences(tx).over(tools.settings).timezone))


def keep_sums(tools: Tools) -> int:
    """Sum up for the reports the days of which something changed; keep the stock's worth and promotions' uses."""
    with transaction(tools.sessions) as tx:
        timezone = preferences(tx).over(tools.settings).timezone
        promotions = keep_uses(tx)
    return promotions + sums.keep_sums(tools.sessions, timezone=timezone) + keep_all_worth(tools.sessions)


def measure(tools: Tools) -> int:
    """Take the figures that alarms read, where somebody listens."""
    if tools.settings.telemetry != "off":
        MEASURES.take(tools.sessions, tools.redis)
    return 0


def mirror_events(tools: Tools) -> int:
    """Send events on to EventBridge, where the shop has a bus."""
    return mirror(tools.sessions, tools.settings)


def recommend(tools: Tools) -> int:
    """Work out which products go with which, when that was not done for some hours."""
    with transaction(tools.sessions) as tx:
        return compute_if_old(tx, now=utcnow())


def renew_lists(tools: Tools) -> int:
    """Work the lists out anew where a release has changed their form, and count again what sells."""
    with transaction(tools.sessions) as tx:
        built = rebuild(tx)
    with transaction(tools.sessions) as tx:
        return built + count_popularity(tx, now=utcnow())


def want_pictures(tools: Tools) -> int:
    """Have pictures fetched that are due again, unless that is under way."""
    with transaction(tools.sessions) as tx:
        return ask_for_pictures(tx)


SCHEDULE = (
    Task("enqueue retries", 1, enqueue_retries),
    Task("sweep outbox", 10, sweep_outbox),
    Task("expire unpaid orders", 30, expire_unpaid_orders),
    Task("reconcile payments", 20, reconcile_payments),
    Task("compare payments", 60, compare_payments),
    Task("turn sale prices", 1, turn_sale_prices),
    Task("release messages", 1, release_messages),
    Task("remind shoppers", 300, remind),
    Task("tell staff", 60, tell_staff),
    Task("read mail feedback", 10, read_mail_feedback),
    Task("purge outbox", 3600, purge_outbox),
    Task("purge idempotency keys", 600, purge_idempotency),
    Task("purge personal data", 3600, purge_personal),
    Task("close visits", 3600, close_visits),
    Task("keep sums", 300, keep_sums),
    Task("recommend", 600, recommend),
    Task("renew lists", 600, renew_lists),
    Task("want pictures", 30, want_pictures),
    Task("measure", 30, measure),
    Task("mirror events", 1, mirror_events),
)
