"""News for those who work in the shop: who wants which, and what is told beside the news of orders."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from domain.notifications.commands import queue_message
from domain.notifications.models import EMAIL, StaffAlert
from domain.users.email import normal_email

KINDS = {
    "staff_new_order": "A new order",
    "staff_payment_trouble": "Trouble with a payment or a refund",
    "staff_low_stock": "Something runs low",
    "staff_failed_jobs": "Background work has failed",
    "staff_daily_summary": "Yesterday in figures, every morning",
}
"""The kinds of news there are for staff, in words."""


def addresses_for(session: Session, template: str) -> tuple[str, ...]:
    """Return the addresses that want one kind of news."""
    found = session.scalars(select(StaffAlert.email).where(StaffAlert.template == template).order_by(StaffAlert.email))
    return tuple(found)


def alert(session: Session, *, template: str, emails: Iterable[str]) -> None:
    """Set who hears of one kind of news, and nobody else; raises BadEmail."""
    addresses = {normal_email(email) for email in emails}
    session.execute(delete(StaffAlert).where(StaffAlert.template == template))
    if addresses:
        session.execute(insert(StaffAlert), [{"template": template, "email": email} for email in sorted(addresses)])


def tell_staff(session: Session, *, template: str, subject_key: str, context: dict[str, Any]) -> int:
    """Write to everybody who wants this kind of news, once for each `subject_key`; return how many are new."""
    written = [
        queue_message(
            session, template=template, channel=EMAIL, recipient=email, subject_key=subject_key, context=context
        )
        for email in addresses_for(session, template)
    ]
    return sum(message_id is not None for message_id in written)
