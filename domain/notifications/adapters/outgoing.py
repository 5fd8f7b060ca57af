"""The one port of every channel: a message goes in, and out comes what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.notifications.adapters import ses, smtp, sns, templates
from domain.notifications.adapters.mail import RecipientRefusedError
from domain.notifications.models import FAILED, QUEUED, SENT, SMS, SUPPRESSED
from domain.shared.settings import Settings

AT_ANY_HOUR = frozenset({"phone_code"})
"""Text messages that somebody waits for at this moment."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a message: sent, refused for good, not sent because the shop does not, or to wait `until`."""

    state: str
    subject: str
    provider_id: str | None = None
    error: str = ""
    until: datetime | None = None


def send(
    *,
    channel: str,
    template: str,
    context: Mapping[str, Any],
    to: str,
    message_id: UUID,
    settings: Settings,
    now: datetime,
) -> Outcome:
    """Send a message by its channel; raises OSError or a service's own error where later may be better."""
    if channel == SMS:
        return _text(template, context, to, settings, now)
    letter = templates.render(template, context, settings, to=to)
    if settings.mail_by == "smtp" and settings.smtp_host is None:
        return Outcome(state=SUPPRESSED, subject=letter.subject, error="No mail server is set (SHOP_SMTP_HOST).")
    by = ses.send if settings.mail_by == "ses" else smtp.send
    try:
        provider_id = by(letter, to=to, message_id=message_id, settings=settings)
    except RecipientRefusedError as error:
        return Outcome(state=FAILED, subject=letter.subject, error=str(error))
    return Outcome(state=SENT, subject=letter.subject, provider_id=provider_id)


def _text(template: str, context: Mapping[str, Any], to: str, settings: Settings, now: datetime) -> Outcome:
    words = templates.render_sms(template, context, settings)
    if settings.sms_by == "off":
        return Outcome(state=SUPPRESSED, subject=words, error="Text messages are off (SHOP_SMS_BY).")
    morning = None if template in AT_ANY_HOUR else quiet_until(now, settings)
    if morning is not None:
        return Outcome(state=QUEUED, subject=words, until=morning)
    try:
        return Outcome(state=SENT, subject=words, provider_id=sns.send(words, to=to, settings=settings))
    except RecipientRefusedError as error:
        return Outcome(state=FAILED, subject=words, error=str(error))


def quiet_until(now: datetime, settings: Settings) -> datetime | None:
    """Say when the quiet hours end that it is now, by the shop's clock; None outside of them."""
    local = now.astimezone(ZoneInfo(settings.timezone))
    start, end = settings.quiet_from, settings.quiet_until
    quiet = start <= local.hour < end if start <= end else local.hour >= start or local.hour < end
    if not quiet:
        return None
    day = local if local.hour < end else local + timedelta(days=1)
    return day.replace(hour=end, minute=0, second=0, microsecond=0)
