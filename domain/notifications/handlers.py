"""What is written to whom when something happened, and the sending of it."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from domain.catalog.events import ProductChanged, StockChanged
from domain.notifications import accounts, commands, routes, waiting
from domain.notifications.adapters import smtp, templates
from domain.notifications.events import MessageQueued
from domain.notifications.models import FAILED, SENT, SUPPRESSED
from domain.shared.db import utcnow
from domain.shared.events import Event
from domain.shared.handlers import Outside
from domain.shared.settings import Settings
from domain.users.events import AccountChanged, LinkAsked, StaffInvited
from domain.users.queries import open_invitations


def notify(session: Session, event: Event) -> None:
    """Write down the message that an event asks for by the table of routes."""
    composed = routes.compose(session, event)
    if composed is not None:
        commands.queue_message(session, **asdict(composed))


def tell_of_stock(session: Session, event: StockChanged) -> None:
    """Write to those who wait for what came back to the shelf."""
    waiting.tell_waiting(session, event.product_ids)


def tell_of_product(session: Session, event: ProductChanged) -> None:
    """Write to those who wait for what is on sale again, or is now sold when out of stock."""
    waiting.tell_waiting(session, [event.product_id])


def write_to_invited(session: Session, event: StaffInvited) -> None:
    """Write to somebody who is invited to the staff, unless the invitation was withdrawn meanwhile."""
    found = [row for row in open_invitations(session, now=utcnow()) if row.id == event.invitation_id]
    for row in found:
        commands.queue_message(
            session,
            template="staff_invited",
            channel=routes.EMAIL,
            recipient=row.email,
            subject_key=str(row.id),
            context={
                "invitation_id": str(row.id),
                "name": row.name,
                "role": row.role,
                "invited_by": row.invited_by,
                "expires_at": row.expires_at.isoformat(),
            },
        )


def write_link(session: Session, event: LinkAsked) -> None:
    """Write the mail that a shopper's question about an account asks for; only here it matters if there is one."""
    accounts.write_link(session, event.link_id)


def tell_of_change(session: Session, event: AccountChanged) -> None:
    """Tell a shopper what was changed in the account, in case it was somebody else."""
    accounts.tell_of_change(session, event)


@dataclass(frozen=True, kw_only=True)
class Sending:
    """A message on its way out."""

    message_id: UUID
    template: str
    recipient: str
    context: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Sent:
    """How the sending of a message ended."""

    message_id: UUID
    state: str
    subject: str
    provider_id: str | None = None
    error: str = ""


def _prepare(session: Session, event: MessageQueued) -> Sending | None:
    message = commands.begin_attempt(session, message_id=event.message_id)
    if message is None:
        return None
    return Sending(
        message_id=message.id, template=message.template, recipient=message.recipient, context=message.context
    )


def _perform(sending: Sending, settings: Settings) -> Sent:
    """Send a mail; a mail server that is closed raises, so that it is tried again later."""
    letter = templates.render(sending.template, sending.context, settings)
    if settings.smtp_host is None:
        error = "No mail server is set (SHOP_SMTP_HOST)."
        return Sent(message_id=sending.message_id, state=SUPPRESSED, subject=letter.subject, error=error)
    try:
        provider_id = smtp.send(letter, to=sending.recipient, message_id=sending.message_id, settings=settings)
    except smtp.RecipientRefusedError as error:
        return Sent(message_id=sending.message_id, state=FAILED, subject=letter.subject, error=str(error))
    return Sent(message_id=sending.message_id, state=SENT, subject=letter.subject, provider_id=provider_id)


def _finish(session: Session, sent: Sent) -> None:
    commands.finish_attempt(session, **asdict(sent))


send_message = Outside("notifications.send_message", _prepare, _perform, _finish)
"""Send a message that was written down; its Message-ID is always the same, so that a repeat can be seen as one."""
