"""News for staff that no event brings: failed jobs, and yesterday in figures."""

from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from redis import Redis
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy.orm import Session

from domain.analytics.periods import Period
from domain.analytics.queries import summary
from domain.catalog.queries import low_stock
from domain.notifications.handlers import send_message
from domain.notifications.staff import tell_staff
from domain.shared.queues import QUEUES
from domain.shared.settings import Settings
from workers.queues import is_job_of, queue

MORNING = 7
"""The hour from which yesterday is told, by the shop's clock."""


def tell_of_failed_jobs(session: Session, redis: Redis) -> int:
    """Write to staff while jobs lie failed: when the first does, and once more for each hour that brings others.

    Those that were to send a message are left out: the sweep gives them up, and tells of them itself.
    """
    ended = []
    for name in QUEUES:
        for id_ in queue(redis, name).failed_job_registry.get_job_ids(cleanup=False):
            if is_job_of(id_, send_message.name):
                continue
            with suppress(NoSuchJobError):
                job = Job.fetch(id_, connection=redis, serializer=JSONSerializer)
                if job.ended_at is not None:
                    ended.append((job.ended_at, job.description or id_))
    if not ended:
        return 0
    at, latest = max(ended)
    context = {"count": len(ended), "latest": latest}
    return tell_staff(session, template="staff_failed_jobs", subject_key=f"{at:%Y-%m-%dT%H}", context=context)


def tell_of_yesterday(session: Session, settings: Settings, *, now: datetime) -> int:
    """Write to staff how yesterday was, once, from the morning on."""
    here = now.astimezone(ZoneInfo(settings.timezone))
    if here.hour < MORNING:
        return 0
    yesterday = here.date() - timedelta(days=1)
    span = Period(yesterday, yesterday, settings.timezone)
    figures = summary(session, span, currency=settings.currency)
    context = {
        "day": span.since.isoformat(),
        "orders": figures.orders,
        "paid": figures.paid,
        "units": figures.units,
        "revenue": figures.revenue.amount,
        "average": figures.average.amount,
        "low": low_stock(session),
    }
    return tell_staff(session, template="staff_daily_summary", subject_key=yesterday.isoformat(), context=context)
