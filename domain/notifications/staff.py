"""News for those who work in the shop: who wants which, and what is told beside the news of orders."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.notifications.commands import queue_message
from domain.notifications.models import EMAIL, AlertChoice, StaffAlert
from domain.shared.db import take_turns, utcnow
from domain.shared.errors import ChangedMeanwhile, RuleBroken
from domain.shared.stamp import stamp
from domain.users.email import normal_email

KINDS = {
    "staff_new_order": "A new order",
    "staff_payment_trouble": "Trouble with a payment or a refund",
    "staff_low_stock": "Something runs low",
    "staff_failed_jobs": "Background work has failed",
    "staff_daily_summary": "Yesterday in figures, every morning",
}
"""The kinds of news there are for staff, in words."""


# Nobody who was shut out hears of the shop, whatever the list says.
_ADDRESSES = text(
    """
    SELECT a.email FROM notifications.staff_alerts a
    WHERE a.template = :template
      AND NOT EXISTS (SELECT FROM users.staff s WHERE s.email = a.email AND s.blocked_at IS NOT NULL)
    UNION
    (SELECT s.email FROM users.staff s
     WHERE s.role = 'owner' AND s.blocked_at IS NULL
       AND NOT EXISTS (SELECT FROM notifications.alert_choices c WHERE c.template = :template)
     ORDER BY s.created_at, s.id LIMIT 1)
    ORDER BY 1
    """
)


def addresses_for(session: Session, template: str) -> tuple[str, ...]:
    """Return the addresses that want one kind of news; as long as nobody was chosen, the first owner's."""
    return tuple(session.scalars(_ADDRESSES, {"template": template}))


def alerts(session: Session) -> dict[str, frozenset[str]]:
    """Return who hears of each kind of news."""
    return {template: frozenset(addresses_for(session, template)) for template in KINDS}


def hold_alerts(session: Session, *, seen: str) -> dict[str, frozenset[str]]:
    """Return who hears of what, and let nobody else choose by a form until this transaction ends.

    Raises ChangedMeanwhile if it is no longer what `seen` is the stamp of.
    """
    take_turns(session, "the alerts of staff")
    present = alerts(session)
    if alerts_stamp(present) != seen:
        raise ChangedMeanwhile("table")
    return present


def alerts_stamp(chosen: Mapping[str, Collection[str]]) -> str:
    """Return the stamp of who hears of what."""
    return stamp([(template, sorted(emails)) for template, emails in sorted(chosen.items())])


def alert(session: Session, *, template: str, emails: Iterable[str]) -> None:
    """Set who hears of one kind of news, and nobody else; raises BadEmail, and RuleBroken for news that is none."""
    if template not in KINDS:
        raise RuleBroken("There is no news of this kind.")
    addresses = {normal_email(email) for email in emails}
    session.execute(insert(AlertChoice).values(template=template, chosen_at=utcnow()).on_conflict_do_nothing())
    session.execute(delete(StaffAlert).where(StaffAlert.template == template))
    if addresses:
        session.execute(insert(StaffAlert), [{"template": template, "email": email} for email in sorted(addresses)])


def tell_staff(
    session: Session, *, template: str, subject_key: str, context: dict[str, Any], wanted_as: str | None = None
) -> int:
    """Write to everybody who wants this kind of news, once for each `subject_key`; return how many are new.

    News that nobody chooses by itself goes to those who want the kind it is `wanted_as`.
    """
    written = [
        queue_message(
            session, template=template, channel=EMAIL, recipient=email, subject_key=subject_key, context=context
        )
        for email in addresses_for(session, wanted_as or template)
    ]
    return sum(message_id is not None for message_id in written)
